"""Reads a passage of Markdown into leaves; its `Context` tells how it continues the passage before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

from tui_chat.records import dataclass
from tui_chat.rendering.grammar import html_ends, parse_blocks
from tui_chat.rendering.leaves import HARD_BREAK, Cell, Container, Kind, Leaf, opening

GUARD = "."
"""Placeholder for the part of a paragraph or a line that was cut off before, so that the rest is read as its rest."""

_TASK = re.compile(r"\[([ xX])\](?:\s+|\Z)")


@dataclass(frozen=True, slots=True)
class Context:
    """The part of the text before a passage that still decides how the passage is read."""

    path: tuple[Container, ...] = ()
    """The containers of the last leaf."""
    stubs: int = 0
    """The number of them that were opened before the passage; the others are in its first line."""
    open: Kind | None = None
    """The kind of block that the passage begins with, or in the middle of."""
    begun: bool = False
    """True if a part of that was cut before."""
    opening: Sequence[str] = ()
    """The lines that opened it, if they are not in the passage."""
    opening_at: Sequence[int] = ()
    firsts: int = 0
    gap: bool = False
    """Of what is open and not begun, as they were when it was first read."""
    guarded: bool = False
    """True if the passage begins with the guard."""
    joined: bool = False
    """True if it begins in the middle of a line."""
    begins: int = 0
    """The place of that in the source, without the guard."""


@dataclass(slots=True)
class FoundLeaf:
    """A leaf and its place in the passage: lines from `first` up to `last`; before 0 is the context."""

    leaf: Leaf
    first: int
    last: int
    outer: int
    """The number of its containers that were opened on an earlier line."""


@dataclass(slots=True)
class _Frame:
    """A container that is being read, or a list."""

    token: Token
    container: Container | None = None
    used: bool = False
    list_id: object = None
    number: int = 0


def scan(context: Context, lines: Sequence[str], at: Sequence[int]) -> list[FoundLeaf]:
    """Return the leaves of a passage, in order; `at` tells where each line begins in the source."""
    return _Scanner(context, lines, at).found


class _Scanner:
    def __init__(self, context: Context, lines: Sequence[str], at: Sequence[int]) -> None:
        self._context = context
        stubs = [opening(context.path[: index + 1]) for index in range(context.stubs)]
        self._head = len(stubs) + len(context.opening)
        self._lines = [*stubs, *context.opening, *lines]
        self._at = [*([-1] * len(stubs)), *context.opening_at, *at]
        self._frames: list[_Frame] = []
        self._end = self._head
        self.found: list[FoundLeaf] = []
        self._tokens = parse_blocks("\n".join(self._lines) + "\n")
        index = 0
        while index < len(self._tokens):
            index = self._read(index)

    def _read(self, index: int) -> int:
        """Read the token at `index`; return the index of the next one to read."""
        token = self._tokens[index]
        kind = token.type
        if kind in ("blockquote_open", "list_item_open", "footnote_reference_open"):
            self._frames.append(_Frame(token))
        elif kind in ("bullet_list_open", "ordered_list_open"):
            self._frames.append(_Frame(token, number=int(token.attrs.get("start", 1)), list_id=object()))
        elif kind.endswith("_close"):
            self._close()
        else:
            return self._leaf(index)
        return index + 1

    def _close(self) -> None:
        frame = self._frames[-1]
        if frame.list_id is None and not frame.used:
            assert frame.token.map is not None
            self._add(Leaf("empty", ()), frame.token.map[0], frame.token.map[0] + 1)
        self._frames.pop()

    def _leaf(self, index: int) -> int:
        token = self._tokens[index]
        assert token.map is not None
        first, last = token.map
        if first < self._context.stubs:
            self._note_stub(first)
            return index + 3
        if token.type == "paragraph_open":
            self._add(self._prose(Leaf("paragraph", ()), self._tokens[index + 1].content, first), first, last)
            return index + 3
        if token.type == "heading_open":
            leaf = Leaf("heading", (), level=int(token.tag[1]), complete=True)
            self._add(self._prose(leaf, self._tokens[index + 1].content, first), first, last)
            return index + 3
        if token.type == "table_open":
            return self._table(index, first, last)
        self._add(self._single(token, first, last), first, last)
        return index + 1

    def _single(self, token: Token, first: int, last: int) -> Leaf:
        """Return the leaf that a single token makes."""
        if token.type == "fence":
            closed = last - first == token.content.count("\n") + 2
            leaf = Leaf("fence", (), info=token.info, complete=closed)
            return self._code(leaf, token.content, max(first + 1, self._head))
        if token.type == "code_block":
            return self._code(Leaf("code", ()), self._unopened(token.content), max(first, self._head))
        if token.type == "html_block":
            ended = html_ends(token.content.split("\n"))
            return self._code(Leaf("html", (), complete=ended), self._unopened(token.content), max(first, self._head))
        if token.type == "math_block":
            return self._prose(Leaf("math", (), complete=bool(token.meta["closed"])), token.content, first)
        if token.type == "definition":
            return Leaf("definition", (), references=token.meta["references"])
        return Leaf("rule", (), complete=True)

    def _unopened(self, content: str) -> str:
        """Return code without the line that opened it, where an earlier passage had that."""
        return content.partition("\n")[2] if self._context.opening and not self.found else content

    def _prose(self, leaf: Leaf, content: str, first: int) -> Leaf:
        for index, text in enumerate(content.split("\n"), first):
            if index >= self._head:
                bare = text.strip(" \t")
                leaf.lines.append(bare + HARD_BREAK if text.endswith(HARD_BREAK) else bare)
                leaf.at.append(self._at[index] + max(self._lines[index].rfind(bare), 0))
        return self._unguarded(leaf, first)

    def _code(self, leaf: Leaf, content: str, first: int) -> Leaf:
        for index, text in enumerate(content.split("\n")[:-1]):
            line = self._lines[first + index]
            leaf.lines.append(text if text.strip() else "")
            leaf.at.append(self._at[first + index] + max(len(line) - len(text), 0))
        return self._unguarded(leaf, first)

    def _unguarded(self, leaf: Leaf, first: int) -> Leaf:
        if self._context.guarded and first == self._head and leaf.lines:
            leaf.joined = self._context.joined
            if leaf.lines[0].startswith(GUARD):
                text = leaf.lines[0][len(GUARD) :]
                text = text if leaf.joined else text.lstrip(" ")
                leaf.at[0] += len(leaf.lines[0]) - len(text)
                leaf.lines[0] = text
        return leaf

    def _table(self, index: int, first: int, last: int) -> int:
        leaf = Leaf("table", ())
        aligns: list[str] = []
        line = column = 0
        while (token := self._tokens[index]).type != "table_close":
            if token.type == "tr_open" and token.map is not None:
                line, column = token.map[0], 0
                if line >= self._head:
                    leaf.rows.append([])
            elif token.type == "inline" and line >= self._head:
                found = max(self._lines[line].find(token.content, column), column)
                column = found + len(token.content)
                leaf.rows[-1].append(Cell(token.content, self._at[line] + found))
            elif token.type == "tr_close" and line >= self._head:
                self._finish_row(leaf.rows[-1], line, column)
            elif token.type == "th_open":
                aligns.append(str(token.attrs.get("style", "left")).rpartition(":")[2])
            index += 1
        leaf.info = " ".join(aligns)
        self._add(leaf, first, last)
        return index + 1

    def _finish_row(self, cells: list[Cell], line: int, column: int) -> None:
        """Give the last cell what stands beyond it, for which the table has no column; take the guard off the first."""
        beyond = self._lines[line][column:].strip().removeprefix("|").removesuffix("|").strip()
        if beyond:
            cells[-1].text += " | " + beyond.replace("\\|", "|")
        if self._context.guarded and line == self._head:
            cells[0].text = cells[0].text.removeprefix(GUARD)

    def _note_stub(self, line: int) -> None:
        """Match a line of the context: the innermost container is one that is known."""
        self._bind(self._frames[-1], self._context.path[line])
        for frame in self._frames:
            frame.used = True

    def _bind(self, frame: _Frame, container: Container) -> None:
        frame.container = container
        if container.kind == "item":
            items = self._frames[self._frames.index(frame) - 1]
            items.list_id, items.number = container.list_id, (container.number or 0) + 1

    def _add(self, leaf: Leaf, first: int, last: int) -> None:
        frames = [frame for frame in self._frames if frame.list_id is None]
        goes_on = self._context.open is not None and not self.found
        known = self._context.path if goes_on else ()
        for depth, frame in enumerate(frames):
            if frame.container is None and depth < len(known):
                self._bind(frame, known[depth])
            elif frame.container is None:
                self._bind_new(frame)
        leaf.containers = tuple(frame.container for frame in frames if frame.container is not None)
        leaf.firsts = sum(not frame.used for frame in frames)
        leaf.gap = next((self._opened(frame) for frame in frames if not frame.used), first) > self._end
        if goes_on and not self._context.begun:
            leaf.firsts = self._context.firsts + max(len(frames) - len(known), 0)
            leaf.gap = self._context.gap
        self._task(leaf)
        leaf.start = self._context.begins if self._context.guarded and first == self._head else self._at[first]
        leaf.end = self._at[last - 1] + len(self._lines[last - 1])
        leaf.more = self._context.begun and not self.found and self._goes_on(leaf)
        outer = sum(self._opened(frame) < first for frame in frames)
        for frame in frames:
            frame.used = True
        self._end = last
        self.found.append(FoundLeaf(leaf, first - self._head, last - self._head, outer))

    def _goes_on(self, leaf: Leaf) -> bool:
        """True if the leaf continues what the context left open; an underlined paragraph begins as any paragraph."""
        return self._context.open in (leaf.kind, "paragraph" if leaf.kind == "heading" else leaf.kind)

    def _opened(self, frame: _Frame) -> int:
        assert frame.token.map is not None
        return frame.token.map[0]

    def _bind_new(self, frame: _Frame) -> None:
        token = frame.token
        if token.type == "blockquote_open":
            frame.container = Container("quote")
        elif token.type == "footnote_reference_open":
            label = str(token.meta["label"])
            column = self._content_column() + 4
            frame.container = Container("footnote", f"[^{label}]:", None, column - 4, column, label=label)
        else:
            self._bind_item(frame)

    def _bind_item(self, frame: _Frame) -> None:
        token = frame.token
        items = self._frames[self._frames.index(frame) - 1]
        ordered = items.token.type == "ordered_list_open"
        frame.container = Container(
            "item",
            token.info + token.markup,
            number=items.number if ordered else None,
            marker_column=token.meta["marker_column"],
            content_column=token.meta["content_column"],
            list_id=items.list_id,
            depth=sum(other.list_id is not None for other in self._frames[: self._frames.index(frame)]),
        )
        items.number += 1

    def _content_column(self) -> int:
        """Return the column where the content of the innermost container that has one begins."""
        for frame in reversed(self._frames):
            if frame.container is not None:
                return 0 if frame.container.kind == "quote" else frame.container.content_column
        return 0

    def _task(self, leaf: Leaf) -> None:
        if not leaf.firsts or leaf.kind != "paragraph" or leaf.containers[-1].kind != "item":
            return
        match = _TASK.match(leaf.lines[0])
        if match:
            leaf.containers[-1].task = match[1] != " "
            leaf.lines[0] = leaf.lines[0][match.end() :]
            leaf.at[0] += match.end()
