"""Growing Markdown as lines at one width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from tui_chat.rendering.block import Referring
from tui_chat.rendering.block_factory import BlockMaker
from tui_chat.rendering.block_splitter import Cutter
from tui_chat.rendering.code import StreamingCodeBlock
from tui_chat.rendering.copying import source_between
from tui_chat.rendering.definitions import Definitions
from tui_chat.rendering.leaves import Leaf
from tui_chat.rendering.line import Line
from tui_chat.rendering.look import Look
from tui_chat.rendering.page import Page
from tui_chat.rendering.painting import Painter
from tui_chat.rendering.placed_block import PlacedBlock
from tui_chat.rendering.tail import shown_part, table_rule
from tui_chat.rendering.text_search import Hit, Marks, find, mark_hits, marks_by_line
from tui_chat.text import StreamCleaner


class CodeBlock(NamedTuple):
    """A code block as the reader sees it."""

    language: str
    text: str
    """The code as it stands in the source."""
    first_line: int
    """The line of its label, or of its first row if it has none."""
    last_line: int


class Document:
    """Markdown that grows, as lines at one width.

    What is settled is read, highlighted and wrapped once; with each piece of text only the open end is worked on again.
    The lines depend on the text, the width and the look alone, not on how the text came.
    """

    def __init__(self, width: int, look: Look) -> None:
        self._page = Page(max(width, 1), Painter(look))
        self._marks: dict[int, Marks] = {}
        self._begin()

    def _begin(self) -> None:
        self._cleaner = StreamCleaner(keep_tabs=True)
        self._cutter = Cutter()
        self._definitions = Definitions()
        self._maker = BlockMaker(self._definitions)
        self._texts: list[str] = []
        self._settled = 0
        self._open: PlacedBlock | None = None
        self._open_end = 0
        """Where what is settled of the open block ends in the source."""
        self._shown: list[str] | None = None
        self._finished = False

    def append(self, text: str) -> None:
        """More raw foreign text, as it came; after `finish` too, as for a reply that is continued."""
        if self._finished:
            whole = self.source
            self._begin()
            self._page.put(0, [])
            self._grow(whole)
        self._grow(self._cleaner.feed(text))

    def finish(self) -> None:
        """The text is whole: nothing is provisional any more."""
        if not self._finished:
            self._grow(self._cleaner.flush())
            self._settle(self._cutter.finish(), ended=True)
            self._finished = True

    @property
    def width(self) -> int:
        """The width that the lines are made for."""
        return self._page.width

    @property
    def height(self) -> int:
        """How many lines there are."""
        return self._page.height

    def line(self, y: int) -> Line:
        """One line; hits that are to be highlighted are in its styles."""
        line = self._page.line(y)
        return mark_hits(line, self._marks[y], self._page.painter.look) if y in self._marks else line

    def take_changed(self) -> int:
        """The first line that may differ since this was last asked; the height if none does."""
        return self._page.take_changed()

    def resize(self, width: int) -> None:
        """The same text at another width; highlighted hits are forgotten, as they stand elsewhere now."""
        if max(width, 1) != self._page.width:
            self._marks = {}
            self._page.remake(max(width, 1), self._page.painter)

    def restyle(self, look: Look) -> None:
        """The same text in another look."""
        self._page.remake(self._page.width, Painter(look))

    @property
    def source(self) -> str:
        """The Markdown, cleaned."""
        if len(self._texts) > 1:
            self._texts = ["".join(self._texts)]
        return self._texts[0] if self._texts else ""

    def source_between(self, start: tuple[int, int], end: tuple[int, int]) -> str:
        """The Markdown of what is shown from (line, x) up to (line, x); x counts code points of the line's text."""
        return source_between(self._page, self.source, min(start, end), max(start, end))

    def paragraph_at(self, y: int) -> tuple[int, int]:
        """The first and the last line of the paragraph, table or code block that a line belongs to."""
        entry = self._page.entry_at(y)
        return entry.top + entry.gap, entry.bottom - 1

    def line_of(self, place: int) -> int:
        """The line that shows what stands at a place in the source."""
        y = 0
        for entry in self._page:
            rows = range(entry.gap, entry.gap + entry.height)
            y = entry.top + max((row for row in rows if entry.source_at(row, 0) <= place), default=entry.gap)
            if place <= entry.end:
                break
        return y

    @property
    def code_blocks(self) -> Sequence[CodeBlock]:
        """The code blocks, in order."""
        return [
            CodeBlock(entry.block.language, entry.block.text, entry.top + entry.gap, entry.bottom - 1)
            for entry in self._page
            if isinstance(entry.block, StreamingCodeBlock)
        ]

    def link_at(self, y: int, x: int) -> str | None:
        """The target of the link that stands at a place, if one does."""
        for segment in self._page.line(y).segments:
            if x < len(segment.text):
                return segment.style.link if segment.style else None
            x -= len(segment.text)
        return None

    def find(self, query: str) -> Sequence[Hit]:
        """Every place where the query stands in what is shown, whatever its case."""
        return find(self._page, query)

    def highlight(self, hits: Sequence[Hit], current: int | None = None) -> None:
        """Show these hits in the lines, one of them as the current one; no hits end it."""
        self._marks = marks_by_line(self._page, hits, current)
        self._page.repaint()

    def _grow(self, text: str) -> None:
        if text:
            self._texts.append(text)
            self._settle(self._cutter.feed(text))

    def _settle(self, leaves: Sequence[Leaf], *, ended: bool = False) -> None:
        """Take up what is settled, and what is still open as it looks now."""
        shown = [] if ended else shown_part(self._cutter.partial, in_code=self._cutter.open == "fence")
        if not leaves and not ended and [*self._cutter.lines, *shown] == self._shown:
            return
        self._shown = [*self._cutter.lines, *shown]
        spare = [entry for entry in self._page.entries_from(self._settled) if entry is not self._open]
        entries = [self._open] if self._open else []
        waiting: list[Referring] = []
        for leaf in leaves:
            waiting.extend(self._define(leaf))
            self._take(leaf, entries, spare)
        if ended:
            self._close()
            waiting.extend(self._definitions.end())
        self._page.reread(waiting)
        settled = self._settled + len(entries) - (self._open is not None)
        if not ended:
            self._preview(shown, entries, spare)
        self._page.put(self._settled, entries)
        self._settled = settled

    def _define(self, leaf: Leaf) -> list[Referring]:
        """Note what a leaf defines; the blocks that waited for what now counts."""
        self._definitions.define(leaf.references)
        notes = [container.label for container in leaf.containers if container.kind == "footnote"]
        for label in notes:
            self._definitions.define_footnote(label)
        return self._definitions.take_up(more=bool(notes) or leaf.kind == "definition")

    def _take(self, leaf: Leaf, entries: list[PlacedBlock], spare: list[PlacedBlock]) -> None:
        """Add a settled leaf to the open block, or begin a new one."""
        if leaf.kind == "definition":
            return
        if not leaf.more or self._open is None:
            self._close()
            self._open, self._open_end = self._entry(leaf, spare), 0
            entries.append(self._open)
        self._open.end = self._open_end = max(leaf.end, self._open_end)
        self._maker.extend(self._open.block, leaf)
        if leaf.complete:
            self._open = None

    def _close(self) -> None:
        """Nothing more is added to the open block."""
        if self._open:
            self._open.block.extend(
                replace(self._open.leaf, lines=[], at=[], rows=[], complete=True), provisional=False
            )
            self._open = None

    def _preview(self, shown: list[str], entries: list[PlacedBlock], spare: list[PlacedBlock]) -> None:
        """Show what is not settled as it looks so far."""
        if self._open:
            self._open.end = self._open_end
        leaves = self._cutter.preview(shown)
        if self._shown and self._cutter.open != "table" and (rule := table_rule(self._shown[-1])):
            table = self._cutter.preview([*shown, rule])
            leaves = table if table[-1:] and table[-1].kind == "table" else leaves
        if self._open and not (leaves and leaves[0].more):
            self._open.block.extend(replace(self._open.leaf, lines=[], at=[], rows=[]), provisional=True)
        for leaf in leaves:
            if leaf.more and self._open:
                self._open.end = max(leaf.end, self._open_end)
                self._open.block.extend(leaf, provisional=True)
            elif leaf.kind != "definition":
                entry = self._entry(leaf, spare)
                entry.block.extend(leaf, provisional=True)
                entries.append(entry)

    def _entry(self, leaf: Leaf, spare: list[PlacedBlock]) -> PlacedBlock:
        """A place for a leaf, with the block that showed it before it was settled, if one did."""
        for old in spare:
            if _alike(old.leaf, leaf):
                spare.remove(old)
                return PlacedBlock(old.block, leaf, leaf.end)
        return PlacedBlock(self._maker.make(leaf), leaf, leaf.end)


def _alike(one: Leaf, other: Leaf) -> bool:
    """Whether one block can show either of two leaves."""
    return (one.kind, one.start, one.level, one.info) == (other.kind, other.start, other.level, other.info) and [
        container.kind for container in one.containers
    ] == [container.kind for container in other.containers]
