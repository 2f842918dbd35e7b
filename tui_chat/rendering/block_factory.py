"""Makes the block that shows a leaf."""

from __future__ import annotations

import re

from tui_chat.rendering.block import Block
from tui_chat.rendering.code import StreamingCodeBlock
from tui_chat.rendering.definitions import Definitions
from tui_chat.rendering.diagram import LANGUAGE, DiagramBlock
from tui_chat.rendering.flow import Flow
from tui_chat.rendering.highlighting import Patience
from tui_chat.rendering.inline import Mark, Prose, Span, read_prose
from tui_chat.rendering.latex import readable_lines, without_half_command
from tui_chat.rendering.leaves import Cell, Leaf
from tui_chat.rendering.painting import HEADING_TONES
from tui_chat.rendering.placed_block import PlacedBlock
from tui_chat.rendering.rules import Blank, Rule
from tui_chat.rendering.table import Table

_ALERT = re.compile(r"\[!(note|tip|important|warning|caution)\]\s*", re.IGNORECASE)
_HALF_ALERT = re.compile(r"\[(?:!\w{0,9})?")
_HALF_BOX = ("[", "[ ", "[x", "[X", "[ ]", "[x]", "[X]")


class BlockMaker:
    """Makes blocks whose Markdown is read with the text's definitions."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._patience = Patience()

    def make(self, leaf: Leaf) -> Block:
        """Return a block for a leaf, still without its text."""
        if leaf.kind == "fence" and leaf.info.split()[:1] == [LANGUAGE]:
            return DiagramBlock(leaf, self._patience)
        if leaf.kind in ("fence", "code"):
            return StreamingCodeBlock(leaf, self._patience)
        if leaf.kind == "table":
            return Table(leaf, self._read_cell)
        if leaf.kind == "rule":
            return Rule()
        if leaf.kind == "empty":
            return Blank()
        if leaf.kind == "html":
            return Flow("text", lambda html, _: _read_html(html))
        if leaf.kind == "math":
            return Flow("text", _read_math)
        if leaf.kind == "heading":
            return Flow(HEADING_TONES[leaf.level - 1], self._read, underlined=leaf.level == 1)
        quoted = any(container.kind == "quote" for container in leaf.containers)
        return Flow("quote" if quoted else "text", self._read)

    def extend(self, entry: PlacedBlock, leaf: Leaf) -> None:
        """Add a leaf to a block for good, and have it read again when what it names is defined."""
        entry.block.extend(leaf, provisional=False)
        if isinstance(entry.block, Flow):
            self._definitions.wait(entry, leaf.lines)
        elif isinstance(entry.block, Table):
            self._definitions.wait(entry, [cell.text for row in leaf.rows for cell in row])

    def _read(self, leaf: Leaf, provisional: bool) -> Prose:
        unfinished = provisional and not leaf.complete
        in_item = leaf.firsts and leaf.containers[-1].kind == "item"
        if unfinished and in_item and leaf.lines and leaf.lines[0] in _HALF_BOX:
            return Prose()
        opens_quote = leaf.kind == "paragraph" and leaf.firsts and leaf.containers[-1].kind == "quote"
        if opens_quote and leaf.lines and unfinished and _HALF_ALERT.fullmatch(leaf.lines[0]):
            return Prose()
        alert = _ALERT.fullmatch(leaf.lines[0]) if opens_quote and leaf.lines else None
        if alert is None:
            return read_prose(leaf.lines, leaf.at, self._definitions.env, unfinished=unfinished)
        below = read_prose(leaf.lines[1:], leaf.at[1:], self._definitions.env, unfinished=unfinished)
        return _labelled(alert[1].capitalize(), leaf.at[0], below)

    def _read_cell(self, cell: Cell, unfinished: bool) -> Prose:
        return read_prose([cell.text], [cell.at], self._definitions.env, unfinished=unfinished)


def _labelled(label: str, at: int, below: Prose) -> Prose:
    """Return the text under the label of its alert."""
    above = f"{label}\n" if below.text else label
    for span in below.spans:
        span.start += len(above)
        span.end += len(above)
    return Prose(above + below.text, [Span(0, len(above), Mark.STRONG, None, at, False), *below.spans])


def _read_html(leaf: Leaf) -> Prose:
    prose = Prose()
    for line, at in zip(leaf.lines, leaf.at, strict=True):
        shown = line.expandtabs(4)
        # Wrapping drops the spaces at the start of a line, but not no-break spaces.
        shown = "\u00a0" * (len(shown) - len(shown.lstrip(" "))) + shown.lstrip(" ")
        start = len(prose.text) + 1 if prose.spans else 0
        prose.text += ("\n" if prose.spans else "") + shown
        prose.spans.append(Span(start, start + len(shown), Mark.HTML, None, at, "\t" not in line))
    return prose


def _read_math(leaf: Leaf, provisional: bool) -> Prose:
    formula = "\n".join(leaf.lines)
    half = provisional and not leaf.complete
    text = "\n".join(readable_lines(without_half_command(formula) if half else formula))
    return Prose(text, [Span(0, len(text), Mark.MATH, None, leaf.at[0], False)] if text else [])
