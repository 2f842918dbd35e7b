"""Cuts growing Markdown into leaves: what can no longer change is cut once, only the open end is read again.

What is settled depends on whole lines alone, and they are read with exactly the context that they had in the text, so
the leaves are the same wherever the text was cut on its way here.
"""

from __future__ import annotations

import re

from tui_chat.records import replace
from tui_chat.rendering.leaves import Kind, Leaf, lead
from tui_chat.rendering.scanning import GUARD, Context, FoundLeaf, scan
from tui_chat.text import graphemes

MAX_LINE = 1_600
"""A longer line is read in parts; what stands in two parts is not recognised."""
MAX_PARAGRAPH = 1_500
"""A longer paragraph is read in parts, cut at the end of a line."""
_LINE_WEIGHT = 40
"""Characters that each line adds to that length, beside its own."""
_LOOK_AHEAD = 100
_BATCH = 100
_OPENING_LINES = {"fence": 1, "code": 1, "html": 1, "table": 2}
_CUT = re.compile(r" (?=\S)|(?<=[。！？；，、])")


class Cutter:
    """Takes text as it comes and gives it back as leaves."""

    def __init__(self) -> None:
        self._context = Context()
        self._lines: list[str] = []
        self._at: list[int] = []
        self._partial = ""
        self._partial_at = 0
        self._unread = 0
        self._blanks: list[int] = []

    @property
    def partial(self) -> str:
        """The last line, as far as it has come."""
        return self._partial

    @property
    def lines(self) -> list[str]:
        """The whole lines that are not settled yet."""
        return self._lines

    @property
    def open(self) -> Kind | None:
        """The kind of block that the next line may belong to, as far as is known."""
        return self._context.open

    def feed(self, text: str) -> list[Leaf]:
        """Take in text; return the leaves, or parts of them, that it settles."""
        leaves: list[Leaf] = []
        *whole, self._partial = (self._partial + text).split("\n")
        for line in whole:
            rest, at = self._halve(line, self._partial_at, leaves)
            self._lines.append(rest)
            self._at.append(at)
            self._partial_at = at + len(rest) + 1
            self._unread += 1
            if self._unread >= _BATCH:
                self._settle(leaves)
        self._partial, self._partial_at = self._halve(self._partial, self._partial_at, leaves)
        if whole:
            self._settle(leaves)
        return leaves

    def preview(self, lines: list[str]) -> list[Leaf]:
        """Return the leaves still open, as they would be if the text ended with these lines."""
        leaves = [found.leaf for found in self._scan([*self._lines, *lines])]
        for leaf in leaves:
            leaf.complete = leaf is not leaves[-1]
        return leaves

    def finish(self) -> list[Leaf]:
        """Return the remaining leaves: nothing follows."""
        leaves = self.feed("\n") if self._partial else []
        for found in self._scan(self._lines):
            leaves.extend(_pieces(replace(found.leaf, complete=True)))
        return leaves

    def _halve(self, line: str, at: int, leaves: list[Leaf]) -> tuple[str, int]:
        """Settle the first parts of a line that is too long; return the rest and its place in the source."""
        while len(line) > MAX_LINE + _LOOK_AHEAD:
            cut = _cut(line)
            self._lines.append(line[:cut])
            self._at.append(at)
            self._settle(leaves)
            self._break_off(leaves, at + cut)
            prefix = self._guard()
            line, at = prefix + line[cut:], at + cut - len(prefix)
        return line, at

    def _scan(self, lines: list[str]) -> list[FoundLeaf]:
        at = self._at + [self._partial_at] * (len(lines) - len(self._at))
        found = scan(self._context, lines, at)
        if self._blanks and found and found[0].leaf.kind == "code" and found[0].leaf.more and found[0].leaf.lines:
            found[0].leaf.lines[1:1] = [""] * len(self._blanks)
            found[0].leaf.at[1:1] = self._blanks
        return found

    def _settle(self, leaves: list[Leaf]) -> None:
        """Cut off what no later line can change."""
        self._unread = 0
        found = self._scan(self._lines)
        if not found:
            return self._drop_blanks()
        for closed in found[:-1]:
            leaves.extend(_pieces(replace(closed.leaf, complete=True)))
        last = found[-1]
        if last.leaf.complete:
            leaves.extend(_pieces(last.leaf))
            self._context = Context(last.leaf.containers, len(last.leaf.containers))
            self._consume(last.last)
        elif last.leaf.kind in _OPENING_LINES:
            self._settle_code(last, leaves)
        elif last.leaf.kind == "paragraph":
            self._settle_paragraph(last, leaves)
        else:
            self._keep(last)
        self._drop_blanks()
        return None

    def _settle_code(self, last: FoundLeaf, leaves: list[Leaf]) -> None:
        """Settle what has come of code, HTML or a table; only the lines that opened it are kept, as context."""
        leaves.append(last.leaf)
        if last.leaf.more:
            self._context = replace(self._context, guarded=self._context.guarded and not last.last)
        else:
            count = _OPENING_LINES[last.leaf.kind]
            lines, at = self._lines[last.first : last.first + count], self._at[last.first : last.first + count]
            self._context = Context(last.leaf.containers, last.outer, last.leaf.kind, True, lines, at)
        self._consume(last.last)

    def _settle_paragraph(self, last: FoundLeaf, leaves: list[Leaf]) -> None:
        *settled, rest = _pieces(last.leaf)
        if not settled:
            return self._keep(last)
        leaves.extend(settled)
        self._consume(last.last - len(rest.lines))
        path = rest.containers
        self._context = Context(path, len(path), "paragraph", True, [lead(path) + GUARD], self._at[:1])
        return None

    def _keep(self, last: FoundLeaf) -> None:
        """Settle nothing of the last leaf: continue from its first line."""
        leaf = last.leaf
        if leaf.more:
            return
        if self._context.guarded and not last.first:
            self._context = replace(self._context, open=leaf.kind, path=leaf.containers, gap=leaf.gap)
        else:
            self._context = Context(leaf.containers, last.outer, leaf.kind, firsts=leaf.firsts, gap=leaf.gap)
            self._consume(last.first)

    def _break_off(self, leaves: list[Leaf], begins: int) -> None:
        """Settle what has come of the unfinished last line; the rest begins at `begins`."""
        found = self._scan(self._lines)
        if self._context.open == "paragraph" and found:
            leaves.extend(_pieces(found[-1].leaf))
            path = found[-1].leaf.containers
            self._context = Context(path, len(path), "paragraph", True, guarded=True, joined=True, begins=begins)
        elif self._context.opening:
            self._context = replace(self._context, guarded=True, joined=True)
        else:
            leaves.extend(replace(one.leaf, complete=True) for one in found)
            path = self._context.path
            self._context = Context(path, len(path), guarded=True, joined=True, begins=begins)
        self._consume(len(self._lines))

    def _guard(self) -> str:
        """Return the prefix with which the rest of a cut line is read as its continuation."""
        indent = "    " if self._context.open == "code" else ""
        return lead(self._context.path) + indent + GUARD

    def _consume(self, count: int) -> None:
        del self._lines[:count], self._at[:count]
        if count > 0:
            self._blanks = []

    def _drop_blanks(self) -> None:
        """Keep one of several blank lines; how many more there were matters only inside code."""
        kept = len(self._blanks)
        while len(self._lines) > 1 and self._lines[-1] == self._lines[-2] and not self._lines[-1].strip(" \t>"):
            self._blanks.insert(kept, self._at.pop() + len(self._lines.pop()))


def _pieces(leaf: Leaf) -> list[Leaf]:
    """Return a long paragraph in parts: a part ends with the line that makes it long enough, if another one follows."""
    if leaf.kind not in ("paragraph", "heading"):
        return [leaf]
    pieces: list[Leaf] = []
    begin = size = 0
    for index, line in enumerate(leaf.lines[:-1], 1):
        size += len(line) + _LINE_WEIGHT
        if size >= MAX_PARAGRAPH:
            pieces.append(_piece(leaf, begin, index))
            begin, size = index, 0
    if leaf.kind == "paragraph":
        last = _piece(leaf, begin, len(leaf.lines)) if begin else leaf
        return [*pieces, replace(last, complete=leaf.complete)]
    if not pieces:
        return [replace(leaf, more=False, start=leaf.at[0] if leaf.more else leaf.start)]
    rest = _piece(leaf, begin, len(leaf.lines))
    return [*pieces, replace(leaf, lines=rest.lines, at=rest.at, start=rest.at[0], firsts=0, gap=False, more=False)]


def _piece(leaf: Leaf, begin: int, end: int) -> Leaf:
    return replace(
        leaf,
        kind="paragraph",
        level=0,
        lines=leaf.lines[begin:end],
        at=leaf.at[begin:end],
        more=leaf.more or begin > 0,
        joined=leaf.joined and begin == 0,
        complete=False,
    )


def _cut(line: str) -> int:
    """Return where to cut a line that is too long: between words, and outside emphasis, code and links if possible."""
    window = line[:MAX_LINE]
    places = [match.start() for match in _CUT.finditer(window, MAX_LINE // 2)]
    for place in reversed(places[-60:]):
        if _is_balanced(window[:place]):
            return place
    if places:
        return places[-1]
    begin = graphemes(window[-64:])[-1][0]
    return MAX_LINE - 64 + begin if begin else MAX_LINE


def _is_balanced(text: str) -> bool:
    return not any(text.count(mark) % 2 for mark in ("`", "*", "**", "_", "$", "~~")) and all(
        text.count(left) == text.count(right) for left, right in ("[]", "()")
    )
