"""Growing Markdown as lines at one width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style

from tui_chat.rendering.line import Line
from tui_chat.rendering.look import Look
from tui_chat.text import StreamCleaner, cell_len, split_cells


class Hit(NamedTuple):
    """A place where the text searched for was found; it may run over a line's end."""

    line: int
    start: int
    end: int
    end_line: int


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A code block as the reader sees it."""

    language: str
    text: str
    first_line: int
    last_line: int


class Document:
    """Markdown that grows, as lines at one width."""

    def __init__(self, width: int, look: Look) -> None:
        self._width = max(width, 1)
        self._look = look
        self._cleaner = StreamCleaner(keep_tabs=True)
        self._source = ""
        self._lines: list[Line] = []
        self._offsets: list[int] = []
        self._codes: list[CodeBlock] = []
        self._changed = 0
        self._hits: dict[int, list[tuple[int, int, bool]]] = {}

    def append(self, text: str) -> None:
        """More raw foreign text, as it came."""
        self._grow(self._cleaner.feed(text))

    def finish(self) -> None:
        """The text is whole: nothing is provisional any more."""
        self._grow(self._cleaner.flush())

    @property
    def width(self) -> int:
        """The width that the lines are made for."""
        return self._width

    @property
    def height(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    def line(self, y: int) -> Line:
        """One line; hits that are to be highlighted are in its styles."""
        line = self._lines[y]
        return self._marked(line, self._hits[y]) if y in self._hits else line

    def take_changed(self) -> int:
        """The first line that may differ since this was last asked; the height if none does."""
        changed, self._changed = min(self._changed, self.height), self.height
        return changed

    def resize(self, width: int) -> None:
        """The same text at another width."""
        if max(width, 1) != self._width:
            self._width = max(width, 1)
            self._render()

    def restyle(self, look: Look) -> None:
        """The same lines in another look."""
        self._look = look
        self._render()

    @property
    def source(self) -> str:
        """The Markdown, cleaned."""
        return self._source

    def source_between(self, start: tuple[int, int], end: tuple[int, int]) -> str:
        """The Markdown of what is shown from (line, x) to (line, x); x counts code points of the line's text."""
        first, last = self._offset(*start), self._offset(*end)
        return self._source[first:last]

    @property
    def code_blocks(self) -> Sequence[CodeBlock]:
        """The code blocks, in order."""
        return self._codes

    def link_at(self, y: int, x: int) -> str | None:
        """The target of the link at a place, if there is one."""
        return None

    def find(self, query: str) -> Sequence[Hit]:
        """Every place where the text is shown, whatever its case."""
        wanted = query.casefold()
        hits: list[Hit] = []
        for y, line in enumerate(self._lines):
            x = line.text.casefold().find(wanted) if wanted else -1
            while x >= 0:
                hits.append(Hit(y, x, x + len(wanted), y))
                x = line.text.casefold().find(wanted, x + len(wanted))
        return hits

    def highlight(self, hits: Sequence[Hit], current: int | None = None) -> None:
        """Show these hits in the lines, one of them as the current one; none to end it."""
        self._hits = {}
        for index, hit in enumerate(hits):
            self._hits.setdefault(hit.line, []).append((hit.start, hit.end, index == current))
        self._changed = 0

    def _grow(self, text: str) -> None:
        if text:
            self._source += text
            before = self._lines
            self._render()
            same = 0
            while same < min(len(before), len(self._lines)) and before[same] == self._lines[same]:
                same += 1
            self._changed = min(self._changed, same)

    def _offset(self, y: int, x: int) -> int:
        return self._offsets[y] + x if y < len(self._offsets) else len(self._source)

    def _render(self) -> None:
        self._lines, self._offsets, self._codes, self._changed = [], [], [], 0
        fence = ""
        opened, body = 0, 0
        position = 0
        for text in self._source.split("\n"):
            if text.startswith("```"):
                if not fence:
                    fence, opened, body = text[3:].strip() or "text", len(self._lines), position + len(text) + 1
                    self._put(f" {fence}", self._look.code_label, position, filled=True)
                else:
                    code = self._source[body:position]
                    self._codes.append(CodeBlock(fence, code, opened, len(self._lines) - 1))
                    fence = ""
            else:
                style = self._look.code_block if fence else self._look.text
                self._put(text.expandtabs(4), style, position, filled=bool(fence))
            position += len(text) + 1

    def _put(self, text: str, style: Style, position: int, *, filled: bool) -> None:
        while True:
            head, text = split_cells(text, self._width)
            if not head and text:
                head, text = "", ""
            cells = cell_len(head)
            shown = head + " " * (self._width - cells) if filled else head
            self._lines.append(Line([Segment(shown, style)], self._width if filled else cells, shown))
            self._offsets.append(position)
            position += len(head)
            if not text:
                return

    def _marked(self, line: Line, spans: list[tuple[int, int, bool]]) -> Line:
        segments: list[Segment] = []
        position = 0
        base = line.segments[0].style or Style()
        for start, end, current in spans:
            segments.append(Segment(line.text[position:start], base))
            segments.append(
                Segment(line.text[start:end], base + (self._look.current_hit if current else self._look.hit))
            )
            position = end
        segments.append(Segment(line.text[position:], base))
        return Line([segment for segment in segments if segment.text], line.cells, line.text)
