"""The row of keys at the bottom of a screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import ActiveBinding, Binding
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from tui_chat.text import cell_len
from tui_chat.ui.shared.row_layout import RowPiece, folded, piece

SEPARATOR = "  "
ALWAYS = ("stop", "help", "palette")
"""The actions whose keys are shown if any are; of the others those that are nearest to what has the focus."""
MORE = "more_keys"
"""The action of a screen that turns to the keys for which there is no room; its key is shown if there are any."""


class KeyBar(Widget):
    """The keys that apply now, as many as there is room for; a click does what the key does."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-bar--key", "key-bar--label", "key-bar--hover"}

    bindings: reactive[tuple[Binding, ...]] = reactive(())
    """The bindings that have a key now, the nearest to the focus first."""
    hovered: reactive[str] = reactive("")
    """The key that the mouse is at."""
    page: reactive[int] = reactive(0)
    """The number of times that one has turned to the keys for which there was no room."""

    def on_mount(self) -> None:
        """Keep up with what applies."""
        self.screen.bindings_updated_signal.subscribe(self, self._take)

    def _take(self, screen: Screen[object]) -> None:
        shown = [active for active in screen.active_bindings.values() if active.binding.show and active.enabled]
        nodes = list(dict.fromkeys(active.node for active in shown))
        shown.sort(key=lambda active: (active.binding.id != "stop", nodes.index(active.node), _place(active)))
        self.bindings = tuple({active.binding.action: active.binding for active in reversed(shown)}.values())[::-1]
        self.refresh()  # the same keys may be written in another way

    def render(self) -> Content:
        """Return the keys that have room, each with what it does."""
        row = Content()
        for key, text in self._shown():
            name, _, label = text.partition(" ")
            kind = "hover" if key == self.hovered else "label"
            styles = self.get_visual_style("key-bar--key"), self.get_visual_style(f"key-bar--{kind}")
            row += Content.assemble(SEPARATOR if row else "", (name, styles[0]), " ", (label, styles[1]))
        return row

    def on_click(self, event: events.Click) -> None:
        """Do what the key does."""
        if key := self._key_at(event):
            self.app.simulate_key(key)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show what a click would do."""
        self.hovered = self._key_at(event)

    def on_leave(self) -> None:
        """Show that a click would do nothing any more."""
        self.hovered = ""

    def _shown(self) -> list[tuple[str, str]]:
        """Return the keys that have room on this page, and what is said of them."""
        keys = [binding for binding in self.bindings if not _turns(binding)]
        shown = self._fitting(keys)
        if len(keys) not in (len(shown), len(self.bindings)):
            pages = self._pages([binding for binding in keys if binding.key != "escape"])
            shown = pages[self.page % len(pages)] if pages else shown
        return list(shown.items())

    def _pages(self, keys: Sequence[Binding]) -> list[dict[str, str]]:
        """Return these keys on as many pages as they need, each with the way out and the key that turns them."""
        lasting = [binding for binding in self.bindings if _turns(binding) or binding.key == "escape"]
        pages: list[dict[str, str]] = []
        while keys:
            page = self._fitting([*keys, *lasting])
            left = [binding for binding in keys if binding.key not in page]
            if len(left) == len(keys):
                break  # there is no room for any
            pages.append(page)
            keys = left
        return pages

    def _fitting(self, bindings: Sequence[Binding]) -> dict[str, str]:
        """Return those of these keys that have room, and what is said of them."""
        room = self.content_size.width + len(SEPARATOR)  # the first has none before it
        pieces: dict[RowPiece, str] = {}
        for place, binding in enumerate(bindings):
            rank = -ALWAYS.index(binding.id) if binding.id in ALWAYS else -len(ALWAYS) - place
            if binding.key == "enter":
                rank = 1  # the way to keep what was entered
            if binding.key == "escape" or _turns(binding):
                rank = 2  # the ways out and on
            pieces[piece((f"{self.app.get_key_display(binding)} {binding.description}", rank))] = binding.key
        return {pieces[said]: text for said, text in folded(list(pieces), room, SEPARATOR)}

    def _key_at(self, event: events.MouseEvent) -> str:
        x = event.x - self.gutter.left
        for key, text in self._shown():
            width = cell_len(text)
            if 0 <= x < width:
                return key
            x -= width + len(SEPARATOR)
        return ""


def _turns(binding: Binding) -> bool:
    return binding.action.endswith(MORE)


def _place(active: ActiveBinding) -> int:
    """Return the binding's place among those of its class."""
    actions = [binding.action for binding in active.node.BINDINGS if isinstance(binding, Binding)]
    return actions.index(active.binding.action) if active.binding.action in actions else len(actions)
