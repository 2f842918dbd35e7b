"""Thinking: how long and how much, and the text itself for those who want it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style

from tui_chat.rendering import Look
from tui_chat.text.amounts import stretch
from tui_chat.ui.messages.folding_section import FoldingSection
from tui_chat.ui.messages.sections import MessageStyles, new_document

if TYPE_CHECKING:
    from tui_chat.rendering.document import Document

_EXACT_BELOW_S = 10


class ThinkingSection(FoldingSection):
    """One line that says how long and how much, and below it the text while it is unfolded."""

    def __init__(
        self,
        width: int,
        look: Look,
        palette: MessageStyles,
        clock: Callable[[], float] = time.monotonic,
        *,
        counting: bool = True,
    ) -> None:
        super().__init__(width, palette)
        self.counting = counting
        """True if its heading says how long and how much while it is under way, too."""
        self.document = new_document(self.inner_width, look)
        self.took_ms: float | None = None
        """Its duration, as far as that is known."""
        self._clock = clock
        self._since: float | None = None
        """The time when it began, while it goes on."""
        self._words = 0
        self._within_word = False

    def append(self, text: str) -> None:
        """Add more thinking."""
        self.document.append(text)
        self._words += len(text.split()) - (self._within_word and text.strip() != "" and not text[0].isspace())
        self._within_word = not text[-1:].isspace() if text else self._within_word
        if self.counting and not self.unfolded:
            self.invalidate()  # else the next tick shows it: the reader looks at the lines below

    def go_on(self, since: float | None = None) -> None:
        """Go on, since this moment if that is known; what it took before counts."""
        if self._since is None:
            self._since = self._clock() - (self.took_ms or 0) / 1000 if since is None else since
            self.invalidate()

    def tick(self) -> None:
        """Say anew how long it has been under way."""
        if self.counting and self._since is not None:
            self.invalidate()

    def end(self) -> None:
        """Stop the clock: no more will come."""
        if self._since is not None:
            self.took_ms, self._since = (self._clock() - self._since) * 1000, None
        self.document.finish()
        self.invalidate()

    @property
    def below(self) -> Document:
        """The text."""
        return self.document

    @property
    def side(self) -> Style:
        """The style of the line at its side."""
        return self.palette.thinking

    def make(self) -> list[list[Segment]]:
        """Return the heading."""
        under_way = self._since is not None and not self.counting
        said = "Thinking" if under_way else f"{self._said} · {self._words:,} word{'' if self._words == 1 else 's'}"
        label = f"{'▾' if self.unfolded else '▸'} {said}"
        heading = [Segment(label, self.palette.thinking + Style.from_meta({"@click": "toggle_fold"}))]
        return [list(Segment.adjust_line_length(heading, self.width, pad=False))]

    @property
    def _said(self) -> str:
        """The words for the thinking, under way or done, and its duration."""
        if self._since is not None:
            return f"Thinking · {stretch(self._clock() - self._since)}"
        if self.took_ms is None:
            return "Thought"
        seconds = self.took_ms / 1000
        return f"Thought for {f'{seconds:.1f} s' if seconds < _EXACT_BELOW_S else stretch(seconds)}"
