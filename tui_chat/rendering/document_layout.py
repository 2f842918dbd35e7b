"""A growing text as blocks at one width, worked on in steps."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from tui_chat.records import replace
from tui_chat.rendering.block import Referring
from tui_chat.rendering.block_factory import BlockMaker
from tui_chat.rendering.block_splitter import Cutter
from tui_chat.rendering.code import StreamingCodeBlock
from tui_chat.rendering.definitions import Definitions
from tui_chat.rendering.diagram import DiagramBlock
from tui_chat.rendering.leaves import Leaf
from tui_chat.rendering.line import Line
from tui_chat.rendering.page import Page
from tui_chat.rendering.painting import Painter
from tui_chat.rendering.placed_block import PlacedBlock
from tui_chat.rendering.tail import shown_part, table_rule


class DocumentLayout:
    """Makes a page of a text. What is settled is read, highlighted and wrapped once; only the open end is done again.

    No call does more than a little: taking a short piece of text, and each step of what that leaves to do.
    """

    def __init__(self, width: int, painter: Painter) -> None:
        self.page = Page(width, painter)
        self.taken = 0
        """The number of pieces of text taken in."""
        self.ended = False
        self.is_slow = False
        """True if a block takes longer to lay out again than a step may."""
        self._cutter = Cutter()
        self._definitions = Definitions()
        self._maker = BlockMaker(self._definitions)
        self._settled = 0
        self._open: PlacedBlock | None = None
        self._open_end = 0
        """The place in the source where the settled part of the open block ends."""
        self._shown: list[str] | None = None
        """The lines that the open end was shown with."""
        self._to_read: dict[PlacedBlock, None] = {}
        """Blocks to be read again, as they name something that was defined below them."""
        self._to_colour: dict[PlacedBlock, None] = {}
        """Code blocks with lines still to be highlighted."""
        self._to_draw: dict[PlacedBlock, None] = {}
        """Diagrams that may be waiting for their drawings."""

    def grow(self, text: str) -> None:
        """Take in a short piece of clean text."""
        self.taken += 1
        self._take_up(self._cutter.feed(text))

    def end(self) -> None:
        """Note that the text is complete: nothing is provisional any more."""
        self.ended = True
        self._take_up(self._cutter.finish())

    def step(self) -> bool:
        """Do some of what is left to do; False if nothing is."""
        if self.page.remade_more():
            pass
        elif self._to_read:
            entry = next(iter(self._to_read))
            del self._to_read[entry]
            self._read_again(entry)
        elif self._to_colour:
            self._colour(next(iter(self._to_colour)))
        else:
            return self._draw()
        return True

    @property
    def waits_for_drawings(self) -> bool:
        """True if a diagram is being drawn."""
        return bool(self._to_draw)

    def expect_drawings(self) -> None:
        """Look at all diagrams again: another look may draw them, or not."""
        self._to_draw = {entry: None for entry in self.page if isinstance(entry.block, DiagramBlock)}

    def _draw(self) -> bool:
        """Show a drawing that is there by now; False if none is."""
        for entry in list(self._to_draw):
            block = entry.block
            assert isinstance(block, DiagramBlock)
            if entry.stretch and block.take_drawing(self.page.painter):
                self.page.replace(entry)
                return True
            if not (entry.stretch and block.waits):
                del self._to_draw[entry]
        return False

    def line(self, y: int, time_s: float) -> Line:
        """Return one line; code is highlighted for it at once for so long at most, the rest in steps."""
        entry = self.page.entry_at(y)
        if isinstance(entry.block, StreamingCodeBlock):
            self._colour_at(entry, entry.block, y - entry.top - entry.gap, time_s)
        return self.page.line_of(entry, y)

    def _colour_at(self, entry: PlacedBlock, code: StreamingCodeBlock, row: int, time_s: float) -> None:
        ends = time.perf_counter() + time_s
        while code.want(row) and entry not in self._to_colour:
            changed = code.colour()
            if changed is None:
                return
            self.page.repaint_from(entry, changed)
            if time.perf_counter() > ends:
                self._to_colour[entry] = None

    @property
    def behind(self) -> bool:
        """True if code that was asked for is still to be highlighted."""
        return bool(self._to_colour)

    def _take_up(self, leaves: Sequence[Leaf]) -> None:
        """Take up what is settled, and what is still open as it looks now."""
        part = [] if self.ended else shown_part(self._cutter.partial, in_code=self._cutter.open == "fence")
        shown = [*self._cutter.lines, *part]
        if not leaves and not self.ended and shown == self._shown:
            return
        self._shown = shown
        spare = [entry for entry in self.page.entries_from(self._settled) if entry is not self._open]
        entries = [self._open] if self._open else []
        for leaf in leaves:
            self._to_read |= dict.fromkeys(self._define(leaf))
            self._settle(leaf, entries, spare)
        if self.ended:
            self._close()
            self._to_read |= dict.fromkeys(self._definitions.end())
        settled = self._settled + len(entries) - (self._open is not None)
        if not self.ended:
            self._preview(self._open_leaves(part), entries, spare)
        self.page.put(self._settled, entries)
        self._settled = settled
        self._to_colour |= dict.fromkeys(entry for entry in entries if isinstance(entry.block, StreamingCodeBlock))
        self._to_draw |= dict.fromkeys(entry for entry in entries if isinstance(entry.block, DiagramBlock))

    def _define(self, leaf: Leaf) -> Iterable[PlacedBlock]:
        """Note what a leaf defines; return the blocks that waited for the definitions that now count."""
        self._definitions.define(leaf.references)
        notes = [container.label for container in leaf.containers if container.kind == "footnote"]
        for label in notes:
            self._definitions.define_footnote(label)
        return self._definitions.take_up(more=bool(notes) or leaf.kind == "definition")

    def _settle(self, leaf: Leaf, entries: list[PlacedBlock], spare: list[PlacedBlock]) -> None:
        """Add a settled leaf to the open block, or begin a new one."""
        if leaf.kind == "definition":
            return
        if not leaf.more or self._open is None:
            self._close()
            self._open, self._open_end = self._entry(leaf, spare), 0
            entries.append(self._open)
        self._open.end = self._open_end = max(leaf.end, self._open_end)
        self._maker.extend(self._open, leaf)
        self.is_slow = self.is_slow or self._open.block.is_slow
        if leaf.complete:
            self._open = None

    def _close(self) -> None:
        """Close the open block: nothing more is added to it."""
        if self._open:
            self._open.block.extend(
                replace(self._open.leaf, lines=[], at=[], rows=[], complete=True), provisional=False
            )
            self._open = None

    def _open_leaves(self, part: list[str]) -> list[Leaf]:
        """Return the leaves that are not settled; a line that looks like a table's head is taken for one."""
        leaves = self._cutter.preview(part)
        if self._shown and self._cutter.open != "table" and (rule := table_rule(self._shown[-1])):
            table = self._cutter.preview([*part, rule])
            leaves = table if table[-1:] and table[-1].kind == "table" else leaves
        return leaves

    def _preview(self, leaves: Sequence[Leaf], entries: list[PlacedBlock], spare: list[PlacedBlock]) -> None:
        """Show what is not settled as it looks so far."""
        if self._open:
            self._open.end = self._open_end
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
        """Return an entry for a leaf, with the block that showed it before it was settled, if one did."""
        for old in spare:
            if _alike(old.leaf, leaf):
                spare.remove(old)
                return PlacedBlock(old.block, leaf, leaf.end)
        return PlacedBlock(self._maker.make(leaf), leaf, leaf.end)

    def _read_again(self, entry: PlacedBlock) -> None:
        if isinstance(entry.block, Referring) and not entry.block.is_long:
            entry.block.read_again()
            entry.block.changed = entry.block.height
            self.page.replace(entry)
            if entry is self._open:
                self._shown = None  # what was shown at its end is gone
                self._take_up([])

    def _colour(self, entry: PlacedBlock) -> None:
        """Highlight more of a code block."""
        assert isinstance(entry.block, StreamingCodeBlock)
        row = entry.block.colour() if entry.stretch else None
        if row is None:
            del self._to_colour[entry]
        else:
            self.page.repaint_from(entry, row)


def _alike(one: Leaf, other: Leaf) -> bool:
    """True if one block can show either of two leaves."""
    return (one.kind, one.start, one.level, one.info) == (other.kind, other.start, other.level, other.info) and [
        container.kind for container in one.containers
    ] == [container.kind for container in other.containers]
