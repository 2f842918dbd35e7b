"""Two replies beside each other, with what differs marked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tui_chat.text import clean, clean_line
from tui_chat.text.amounts import counted
from tui_chat.ui.compare.comparison import Comparison
from tui_chat.ui.compare.differences import Stretch, differences
from tui_chat.ui.shared.background import begin
from tui_chat.ui.shared.key_bar import KeyBar
from tui_chat.ui.shared.title_bar import TitleBar
from tui_chat.ui.textual_internals.layout import FreshLayout

DIFFERENT = "$text-warning underline"
SAME = "$foreground 80%"


class DifferencesScreen(FreshLayout, Screen[None]):
    """The reply that is looked at beside another one, and that beside the next."""

    CSS_PATH = "differences_screen.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close"),
        Binding("left", "turn(-1)", "Other reply"),
        Binding("right", "turn(1)", "Next", show=False),
        Binding("up,k", "scroll_both(-1)", "Scroll"),
        Binding("down,j", "scroll_both(1)", show=False),
        Binding("pageup", "scroll_pages(-1)", show=False),
        Binding("pagedown,space", "scroll_pages(1)", show=False),
    ]

    def __init__(self, comparison: Comparison) -> None:
        super().__init__()
        self._replies = [branch.reply for branch in comparison.branches]
        self._names = [*comparison.names]
        self._at = comparison.at
        self._other = self._next(1, comparison.at)

    def compose(self) -> ComposeResult:
        """Yield a side for each reply."""
        yield TitleBar()
        with Horizontal(id="sides"):
            for side in ("left", "right"):
                with VerticalScroll(id=side, can_focus=False):
                    yield Static(id=f"{side}-text")
        yield KeyBar()

    def on_mount(self) -> None:
        """Compare the first two."""
        self._show()

    def _next(self, step: int, at: int) -> int:
        """Return the place of the next reply that is not the one on the left."""
        count = len(self._replies)
        places = [(at + step * far) % count for far in range(1, count + 1)]
        return next(place for place in places if place != self._at)

    def _show(self) -> None:
        self.query_one(TitleBar).title = self._pair
        for side, at in (("#left", self._at), ("#right", self._other)):
            self.query_one(side).border_title = Content(clean_line(self._names[at]))
        begin(self, partial(self._compare, self._at, self._other), "differences", exclusive=True)

    @property
    def _pair(self) -> str:
        """The names of the replies."""
        return clean_line(f"{self._names[self._at]} and {self._names[self._other]}")

    async def _compare(self, at: int, other: int) -> None:
        texts = (clean(self._replies[at].text), clean(self._replies[other].text))
        found = await asyncio.to_thread(differences, *texts)
        for side, stretches in zip(("left", "right"), found, strict=True):
            self.query_one(f"#{side}-text", Static).update(_marked(stretches))
        most = max(sum(stretch.differs for stretch in stretches) for stretches in found)
        said = f"{counted(most, 'difference')} marked" if most else "no differences"
        self.query_one(TitleBar).title = f"{self._pair}: {said}"

    def action_turn(self, step: int) -> None:
        """Put the next reply at the right."""
        self._other = self._next(step, self._other)
        self._show()

    def action_scroll_both(self, lines: int) -> None:
        """Scroll both sides."""
        for side in self.query(VerticalScroll):
            side.scroll_relative(y=lines, animate=False)

    def action_scroll_pages(self, pages: int) -> None:
        """Scroll both sides by pages."""
        self.action_scroll_both(pages * self.query_one("#left").size.height)

    def action_close(self) -> None:
        """Go back to the columns."""
        self.dismiss()


def _marked(stretches: Sequence[Stretch]) -> Content:
    """Return a text with what differs marked, by more than a colour."""
    return Content.assemble(*((one.text, DIFFERENT if one.differs else SAME) for one in stretches))
