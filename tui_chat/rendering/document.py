"""Growing Markdown as lines at one width."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tui_chat.rendering.code import StreamingCodeBlock
from tui_chat.rendering.copying import source_between
from tui_chat.rendering.document_layout import DocumentLayout
from tui_chat.rendering.line import Line
from tui_chat.rendering.look import Look
from tui_chat.rendering.page import Page
from tui_chat.rendering.painting import Painter
from tui_chat.rendering.slicing import in_pieces, take_slice
from tui_chat.rendering.text_search import Hit, Marks, find, mark_hits, marks_by_line
from tui_chat.text import StreamCleaner


class CodeBlock(NamedTuple):
    """A code block as the reader sees it."""

    language: str
    text: str
    """The code as it stands in the source."""
    first_line: int
    """The line of its label, or of its first row if it has none."""
    labelled: bool = True


READ_AT_ONCE_S = 0.008
"""Seconds for which code is highlighted when a line is asked for, where work comes in steps."""


def _without_end() -> bool:
    return True


class Document:
    """Markdown that grows, as lines at one width.

    The lines depend on the text, the width and the look alone, not on how the text came. All work is done in small
    steps: at once, or where it is `paced` in `advance`, as many of them as there is time for.
    """

    def __init__(self, width: int, look: Look, *, paced: bool = False) -> None:
        self._paced = paced
        self._layout = DocumentLayout(max(width, 1), Painter(look))
        self._next: DocumentLayout | None = None
        """The same text laid out anew, as more of it comes; it takes the place of the layout once it is whole."""
        self._marks: dict[int, Marks] = {}
        self._cleaner = StreamCleaner(keep_tabs=True)
        self._raw: deque[str] = deque()
        """Text that has come and is not yet cleaned."""
        self._texts: list[str] = []
        """The text, in short pieces."""
        self._ended = self._flushed = False

    def append(self, text: str) -> None:
        """Add raw foreign text, as it came; after `finish` too, as for a reply that is continued."""
        if self._ended:
            self._ended = False
            if self._flushed:
                self._cleaner, self._flushed = StreamCleaner(keep_tabs=True), False
                self._begin_again(self._target.page.width, self._target.page.painter)
        self._raw.extend(in_pieces(text))
        self._begin()

    def finish(self) -> None:
        """Note that the text is complete."""
        self._ended = True
        self._begin()

    def resize(self, width: int) -> None:
        """Show the text at another width; highlighted hits are forgotten, as their places change."""
        if max(width, 1) == self._target.page.width:
            return
        if self._target.is_slow:
            self._begin_again(max(width, 1), self._target.page.painter)
            self._begin()
        else:
            self._marks = {}
            self._remake(self._target.page.painter, max(width, 1))

    def restyle(self, look: Look) -> None:
        """Show the text in another look."""
        self._remake(Painter(look))

    def advance(self, may_go_on: Callable[[], bool] = _without_end) -> bool:
        """Work on what has come for as long as it may, a step at least; True once nothing is left to do."""
        while self._step():
            if not may_go_on():
                return False
        return True

    def is_beginning_of(self, text: str, width: int, look: Look) -> bool:
        """True if this is whole, and the beginning of another text in the same width and look."""
        page, layout = self._page, self._layout
        same = self._next is None and layout.ended and (page.width, page.painter.look) == (width, look)
        return same and text.startswith(self.source)

    @property
    def width(self) -> int | None:
        """The width that the lines are made for; None while some are still made for another."""
        return None if self._page.remaking or self._target.page.width != self._page.width else self._page.width

    @property
    def behind(self) -> bool:
        """True if lines that were asked for will look different after more work."""
        return self._layout.behind

    @property
    def waits_for_drawings(self) -> bool:
        """True if a diagram is being drawn; `advance` shows it once that is done."""
        return self._target.waits_for_drawings

    @property
    def height(self) -> int:
        """The number of lines."""
        return self._page.height

    def line(self, y: int) -> Line:
        """Return one line, with highlighted hits in their styles."""
        line = self._layout.line(y, READ_AT_ONCE_S if self._paced else math.inf)
        return mark_hits(line, self._marks[y], self._page.painter.look) if y in self._marks else line

    def take_changed(self) -> int:
        """Return the first line that may differ since the last call; the height if none does."""
        return self._page.take_changed()

    @property
    def source(self) -> str:
        """The Markdown, cleaned."""
        return "".join(self._texts)

    @property
    def raw(self) -> str:
        """All that has come, cleaned as far as that has been done."""
        return "".join([*self._texts, *self._raw])

    def source_between(self, start: tuple[int, int], end: tuple[int, int]) -> str:
        """Return the Markdown of what is shown from (line, x) up to (line, x); x counts the line's code points."""
        return source_between(self._page, self.source, min(start, end), max(start, end))

    def paragraph_at(self, y: int) -> tuple[int, int]:
        """Return the first and the last line of the paragraph, table or code block that a line belongs to."""
        entry = self._page.entry_at(y)
        return entry.top + entry.gap, entry.bottom - 1

    def source_at(self, y: int, x: int) -> int:
        """Return the place in the source of a character of a line; x counts the line's code points."""
        entry = self._page.entry_at(y)
        return entry.source_at(y - entry.top, x)

    def sideways_margin(self, y: int) -> int | None:
        """Return the cells before the code in a line of it that is not wrapped; None for any other line."""
        entry = self._page.entry_at(y)
        row = y - entry.top - entry.gap
        code = entry.block
        if not isinstance(code, StreamingCodeBlock) or not code.sideways or row < code.labelled:
            return None
        return entry.margin.cells + code.indent

    def place_of(self, y: int) -> int:
        """Return the place in the source at which what a line shows begins."""
        if not self.height:
            return 0
        entry = self._page.entry_at(y)
        return entry.place_of(y - entry.top)

    def line_of(self, place: int) -> int:
        """Return the line that shows a place in the source."""
        if not self.height:
            return 0
        entry = self._page.entry_of(place)
        return entry.top + entry.line_of(place)

    @property
    def code_blocks(self) -> Sequence[CodeBlock]:
        """The code blocks, in order."""
        return [
            CodeBlock(entry.block.language, entry.block.text, entry.top + entry.gap, entry.block.labelled)
            for entry in self._page
            if isinstance(entry.block, StreamingCodeBlock)
        ]

    def find(self, query: str) -> Sequence[Hit]:
        """Return every place where the query is shown, whatever its case."""
        return find(self._page, query)

    def highlight(self, hits: Sequence[Hit], current: int | None = None) -> None:
        """Show these hits in the lines, one of them as the current one; no hits end it."""
        self._marks = marks_by_line(self._page, hits, current)
        self._page.repaint()

    @property
    def _target(self) -> DocumentLayout:
        """The layout that will be shown."""
        return self._next or self._layout

    @property
    def _page(self) -> Page:
        return self._layout.page

    def _begin(self) -> None:
        """Do all pending work now, unless it is paced."""
        if not self._paced:
            self.advance()

    def _remake(self, painter: Painter, width: int | None = None) -> None:
        """Have all that is laid out wrapped and drawn anew; nothing is read again."""
        for layout in filter(None, (self._layout, self._next)):
            layout.page.remake(width or layout.page.width, painter)
            layout.expect_drawings()
        self._begin()

    def _begin_again(self, width: int, painter: Painter) -> None:
        """Lay the text out anew; what is shown goes on until that is done, and who reads it keeps the place."""
        layout = DocumentLayout(width, painter)
        if self.height:
            self._next = layout
        else:
            self._layout, self._next = layout, None

    def _step(self) -> bool:
        """Do a bounded piece of work; False if there is none."""
        took = self._take_in()
        return self._work_on(self._layout) or took or self._step_next()

    def _take_in(self) -> bool:
        """Clean a little of what has come; False if nothing has."""
        if self._raw:
            text = self._cleaner.feed(take_slice(self._raw))
        elif self._ended and not self._flushed:
            self._flushed = True
            text = self._cleaner.flush()
        else:
            return False
        if text:
            self._texts.append(text)
        return True

    def _work_on(self, layout: DocumentLayout) -> bool:
        """Do a bounded piece of work on a layout; False if there is none."""
        if layout.ended or (layout.taken == len(self._texts) and not self._flushed):
            return layout.step()
        if layout.taken < len(self._texts):
            layout.grow(self._texts[layout.taken])
        else:
            layout.end()
        return True

    def _step_next(self) -> bool:
        """Work on the next layout, which is shown once it is complete; False if there is none."""
        if self._next is None:
            return False
        if not self._work_on(self._next):
            self._layout, self._next, self._marks = self._next, None, {}
        return True
