"""Keys on the screen: how they are written, and those that the user has given to actions."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.binding import Binding

from tui_chat.settings import KEYS, Keys

LEAVE = "leave"
"""The binding of Esc that is left when stopping a reply is given another key."""


def key_name(app: App[Any], key: str) -> str:
    """A key as the footer writes it."""
    return app.get_key_display(Binding(key, ""))


def key_names(app: App[Any], keys: str) -> str:
    """Keys with commas between them, as the screen writes them."""
    return "  ".join(key_name(app, key) for key in keys.split(","))


def keymap(keys: Keys) -> dict[str, str]:
    """The keymap that gives the user's keys to the actions.

    Where it changes one binding Textual drops all others of the same key, so it names them all or none.
    """
    if not keys.changed:
        return {}
    return {action: _as_sent(keys[action]) for action in KEYS} | {LEAVE: "escape"}


def _as_sent(keys: str) -> str:
    """The keys, and what Textual calls some of them where the terminal has a protocol of its own for them."""
    odd = [key.replace("enter", "\r") for key in keys.split(",") if key in ("shift+enter", "ctrl+enter")]
    return ",".join([*keys.split(","), *odd])
