"""Keys on the screen: how they are written, and those that the user has given to actions."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.binding import Binding

from tui_chat.records import dataclass
from tui_chat.settings import KEYS, Keys
from tui_chat.ui.look.text_styles import ASCII

LEAVE = "leave"
"""The binding of Esc that is left when stopping a reply is given another key."""

_FIXED = {
    LEAVE: "escape",
    "cursor_up": "up",
    "cursor_down": "down",
    "offer_before": "up",
    "offer_after": "down",
    "take_offer": "enter",
    "complete_offer": "tab",
}
"""Bindings that share a key with an action's, and keep it when the action gets another."""


def bound(name: str, action: str, label: str = "", *, show: bool = True, priority: bool = False) -> Binding:
    """Return the binding of an action's usual keys; what is done may differ from screen to screen."""
    return Binding(KEYS[name].keys, action, label, show=show, priority=priority, id=name)


def key_name(app: App[Any], key: str) -> str:
    """Return a key as the footer writes it."""
    return app.get_key_display(Binding(key, ""))


@dataclass(frozen=True)
class KeyNames:
    """The keys that actions have now, as the screen writes them."""

    app: App[Any]
    keys: Keys
    plain: bool
    """True if the app writes them in plain glyphs."""

    @classmethod
    def of(cls, app: App[Any], keys: Keys) -> KeyNames:
        """Return the names as they are now; others, once the keys or the glyphs have changed."""
        return cls(app, keys, app.has_class(ASCII))

    def __call__(self, action: str) -> str:
        """Return the first key of an action."""
        return key_name(self.app, self.keys[action].partition(",")[0])

    def all(self, action: str) -> str:
        """Return all keys of an action."""
        return "  ".join(key_name(self.app, key) for key in self.keys[action].split(","))


def keymap(keys: Keys) -> dict[str, str]:
    """Return the keymap that gives the user's keys to the actions.

    Where it changes one binding Textual drops all others of the same key, so it names them all or none.
    """
    if not keys.changed:
        return {}
    return {action: keys[action] for action in KEYS} | _FIXED
