"""The paths that an @ in the composer may mean, above it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui_chat.attachments.listing import FileListing, Offer
from tui_chat.text import clean_line, fit

MOST_ROWS = 8
LONGEST_WORD = 400
_WORD = re.compile(r"(?:^|(?<=\s))@((?:\\.|[^\\\s@])*)$")
_ESCAPED = re.compile(r"\\(.)")
_NEEDS_ESCAPE = re.compile(r"([\s\\@])")


@dataclass(frozen=True, slots=True)
class TypedPath:
    """An @ and what is typed behind it, up to the cursor."""

    column: int
    """The place of the @ in its line."""
    path: str

    @classmethod
    def at_end(cls, line: str) -> TypedPath | None:
        """Return the path that a line ends with which is written as far as this, if there is one."""
        match = _WORD.search(line[-LONGEST_WORD:])
        if match is None:
            return None
        return cls(len(line) - len(match[0]), _ESCAPED.sub(r"\1", match[1]))


def typed(path: str) -> str:
    """Return a path as it is typed behind an @: with what would end it escaped."""
    return "@" + _NEEDS_ESCAPE.sub(r"\\\1", path)


class FileOffers(Widget):
    """A row for each path, the chosen one marked; it takes no room while there is nothing to offer."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"file-offers--chosen"}

    offers: reactive[Sequence[Offer]] = reactive((), layout=True)
    """The paths, the likeliest first."""
    at: reactive[int] = reactive(0)
    """The chosen one."""

    @dataclass
    class Picked(Message):
        """A path was clicked."""

        file_offers: FileOffers
        offer: Offer

        @property
        def control(self) -> FileOffers:
            """The list that it was in."""
            return self.file_offers

    def __init__(self) -> None:
        super().__init__()
        self._listing = FileListing()
        self._wanted: TypedPath | None = None
        self._dismissed: int | None = None
        """The column of an @ whose offers were closed: it stays text."""

    def on_mount(self) -> None:
        """Take no room at first."""
        self.display = False

    @property
    def is_open(self) -> bool:
        """True if there is something to choose from."""
        return bool(self.offers)

    @property
    def chosen(self) -> Offer:
        """The path that is marked."""
        return self.offers[self.at]

    def want(self, path: TypedPath | None) -> None:
        """Offer what a path that is being typed may mean; nothing if it is None."""
        if path is None or path.column != self._dismissed:
            self._dismissed = None
        if path == self._wanted:
            return
        self._wanted = path
        if path is None or self._dismissed is not None:
            self._show(())
        else:
            self.run_worker(self._look_for(path), group="offers", exclusive=True)

    async def _look_for(self, path: TypedPath) -> None:
        offers = await asyncio.to_thread(self._listing.offers, path.path)
        if self.is_attached and path == self._wanted:
            self._show(offers)

    def move(self, step: int) -> None:
        """Mark another path; from the last to the first, and back."""
        self.at = (self.at + step) % len(self.offers)

    def dismiss(self) -> None:
        """Offer nothing more for this @."""
        self._dismissed = self._wanted.column if self._wanted else None
        self._show(())

    def _show(self, offers: Sequence[Offer]) -> None:
        self.offers, self.at = offers, 0

    def watch_offers(self, offers: Sequence[Offer]) -> None:
        """Take room only while there is something to choose from."""
        self.display = bool(offers)

    def render(self) -> Content:
        """Return the rows around the marked one."""
        width, chosen = max(self.content_size.width - 2, 8), self.get_visual_style("file-offers--chosen")
        rows = []
        for at in range(self._first, min(self._first + MOST_ROWS, len(self.offers))):
            text = fit(clean_line(self.offers[at].text), width)
            rows.append(Content.styled(f"› {text}", chosen) if at == self.at else Content(f"  {text}"))
        return Content("\n").join(rows)

    def on_click(self, event: events.Click) -> None:
        """Choose the path that is clicked."""
        at = self._first + event.y - self.gutter.top
        if 0 <= at < len(self.offers):
            self.post_message(self.Picked(self, self.offers[at]))

    @property
    def _first(self) -> int:
        """The first row that is shown: the marked one is always in sight."""
        return max(0, self.at - MOST_ROWS + 1)
