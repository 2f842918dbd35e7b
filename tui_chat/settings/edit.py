"""Change one value of a TOML text and leave the rest as it is: comments, order, line ends, unknown keys.

Every edit is checked by parsing its result: it must hold what was asked for, and nothing else may have changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tui_chat.settings.literals import block
from tui_chat.settings.read import NotToml, parsed
from tui_chat.settings.rules import Value
from tui_chat.settings.toml_places import Path, TomlEntry, TomlTable, locate


class CannotEdit(ValueError):
    """The text is built in a way in which the change cannot be made by itself."""

    def __init__(self, wanted: dict[str, Any]) -> None:
        super().__init__()
        self.wanted = wanted


def edited(text: str, edits: Iterable[Callable[[str], str]]) -> tuple[str, bool]:
    """Return the text after some edits, and whether it had to be written anew (then without its comments)."""
    rewritten = False
    for edit in edits:
        try:
            text = edit(text)
        except CannotEdit as error:
            import tomli_w

            text, rewritten = tomli_w.dumps(error.wanted), True
    return text, rewritten


def set_value(text: str, path: Path, value: Value) -> str:
    """Return the text with one value set."""
    wanted = parsed(text)
    _put(wanted, path, list(value) if isinstance(value, tuple) else value)
    return _first_right(_Setting(text, path, value).ways(), wanted)


def unset_value(text: str, path: Path) -> str:
    """Return the text without one value."""
    wanted = parsed(text)
    if not _drop(wanted, path):
        return text
    # A table that only a dotted key spoke of goes with that key.
    bare = {name: table for name, table in wanted.items() if name != path[0] or table}
    return _first_right(_ways_to_unset(text, path), wanted, bare)


def _first_right(candidates: Iterator[str], wanted: dict[str, Any], or_else: dict[str, Any] | None = None) -> str:
    for candidate in candidates:
        try:
            result = parsed(candidate)
            if same(result, wanted) or same(result, or_else):
                return candidate
        except NotToml:
            continue
    raise CannotEdit(wanted)


def same(one: object, other: object) -> bool:
    """True if two TOML values are the same: 1 is not 1.0 and not true, nan is nan."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other or (one != one and other != other)


def _put(data: dict[str, Any], path: Path, value: object) -> None:
    for word in path[:-1]:
        if not isinstance(data.get(word), dict):
            data[word] = {}
        data = data[word]
    data[path[-1]] = value


def _drop(data: dict[str, Any], path: Path) -> bool:
    """Take the value out; whether there was one."""
    inner: object = data
    for word in path[:-1]:
        inner = inner.get(word) if isinstance(inner, dict) else None
    if not isinstance(inner, dict) or path[-1] not in inner:
        return False
    del inner[path[-1]]
    return True


class _Setting:
    """The ways to set one value in one text."""

    def __init__(self, text: str, path: Path, value: Value) -> None:
        self._text, self._path, self._group = text, path, path[:-1]
        self._line_end = "\r\n" if "\r\n" in text else "\n"
        self._value = block(value).replace("\n", self._line_end)
        self._pair = f"{path[-1]} = {self._value}"
        places = list(locate(text))
        self._entries = [place for place in places if isinstance(place, TomlEntry)]
        self._tables = [place for place in places if isinstance(place, TomlTable)]

    def ways(self) -> Iterator[str]:
        """Yield the texts that there could be, the most natural first."""
        yield from self._in_its_place()
        yield from self._in_an_inline_table()
        yield from self._in_its_table()
        yield from self._beside_a_dotted_key()
        yield self._in_a_new_table()

    def _in_its_place(self) -> Iterator[str]:
        for entry in self._entries:
            if entry.path == self._path:
                yield self._text[: entry.value] + self._value + self._text[entry.end :]

    def _in_an_inline_table(self) -> Iterator[str]:
        for table in self._entries:
            if table.path == self._group and self._text[table.value] == "{":
                begin = table.value + 1
                inside = self._text[begin : table.end - 1].rstrip()
                joined = f"{inside}, {self._pair}" if inside.strip() else f" {self._pair} "
                yield self._text[:begin] + joined + self._text[begin + len(inside) :]

    def _in_its_table(self) -> Iterator[str]:
        """Yield the texts with it below the comment that shows the default, or as the table's last line."""
        default = re.compile(rf"^#[ \t]*{re.escape(self._path[-1])}[ \t]*=", re.MULTILINE)
        ends = [*(table.start for table in self._tables[1:]), len(self._text)]
        for table, end in zip(self._tables, ends, strict=False):
            if table.path == self._group:
                if comment := default.search(self._text, table.end, end):
                    yield self._below(comment.end(), self._pair)
                last = max((entry.end for entry in self._entries if entry.table is table), default=table.end)
                yield self._below(last, self._pair)

    def _beside_a_dotted_key(self) -> Iterator[str]:
        for entry in reversed(self._entries):
            if entry.path[:-1] == self._group and not entry.inline:
                yield self._below(entry.end, f"{'.'.join(self._group)}.{self._pair}")

    def _in_a_new_table(self) -> str:
        end = self._line_end
        gap = "" if not self._text else end if self._text.endswith("\n") else end * 2
        return f"{self._text}{gap}[{'.'.join(self._group)}]{end}{self._pair}{end}"

    def _below(self, place: int, line: str) -> str:
        """Return the text with a line put below the one in which `place` stands."""
        at = self._text.find("\n", place) + 1
        if not at:
            return f"{self._text}{self._line_end}{line}{self._line_end}"
        return f"{self._text[:at]}{line}{self._line_end}{self._text[at:]}"


def _ways_to_unset(text: str, path: Path) -> Iterator[str]:
    for entry in locate(text):
        if isinstance(entry, TomlEntry) and entry.path == path:
            yield from _without_pair(text, entry) if entry.inline else [_without_line(text, entry)]


def _without_pair(text: str, entry: TomlEntry) -> Iterator[str]:
    """Yield an inline table without one pair and the comma after it, or (for the last pair) that before it."""
    before, after = text[: entry.start], text[entry.end :]
    if after.lstrip().startswith(","):
        yield before + after.lstrip()[1:].lstrip()
    if before.rstrip().endswith(","):
        yield before.rstrip()[:-1] + after
    yield before + after


def _without_line(text: str, entry: TomlEntry) -> str:
    """Return the text without the entry's lines; a comment behind the value stays, on a line of its own."""
    begin = text.rfind("\n", 0, entry.start) + 1
    end = text.find("\n", entry.end) + 1 or len(text)
    comment = text[entry.end : end].lstrip(" \t")
    return text[:begin] + (comment if comment.startswith("#") else "") + text[end:]
