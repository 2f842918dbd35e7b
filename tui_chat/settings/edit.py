"""Change one value of a TOML text and leave the rest as it is: comments, order, line ends, unknown keys.

Every edit is checked by parsing its result: it must hold what was asked for, and nothing else may have changed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tui_chat.settings.literals import block
from tui_chat.settings.locate import Entry, Path, Table, locate
from tui_chat.settings.rules import Value


class CannotEdit(ValueError):
    """The text is built in a way in which the change cannot be made by itself."""

    def __init__(self, wanted: dict[str, Any]) -> None:
        super().__init__()
        self.wanted = wanted


def edited(text: str, edits: Iterable[Callable[[str], str]]) -> tuple[str, bool]:
    """The text after some edits, and whether it had to be written anew (then without its comments)."""
    rewritten = False
    for edit in edits:
        try:
            text = edit(text)
        except CannotEdit as error:
            import tomli_w

            text, rewritten = tomli_w.dumps(error.wanted), True
    return text, rewritten


def set_value(text: str, path: Path, value: Value) -> str:
    """The text with one value set."""
    wanted = tomllib.loads(text)
    _put(wanted, path, list(value) if isinstance(value, tuple) else value)
    return _first_right(_ways_to_set(text, path, value), wanted)


def unset_value(text: str, path: Path) -> str:
    """The text without one value."""
    wanted = tomllib.loads(text)
    if not _drop(wanted, path):
        return text
    # A table that only a dotted key spoke of goes with that key.
    bare = {name: table for name, table in wanted.items() if name != path[0] or table}
    return _first_right(_ways_to_unset(text, path), wanted, bare)


def _first_right(candidates: Iterator[str], wanted: dict[str, Any], or_else: dict[str, Any] | None = None) -> str:
    for candidate in candidates:
        try:
            result = tomllib.loads(candidate)
            if same(result, wanted) or same(result, or_else):
                return candidate
        except tomllib.TOMLDecodeError:
            continue
    raise CannotEdit(wanted)


def same(one: object, other: object) -> bool:
    """Whether two values of TOML are the same: 1 is not 1.0 and not true, nan is nan."""
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


def _ways_to_set(text: str, path: Path, value: Value) -> Iterator[str]:
    """The ways to set a value, the most natural first."""
    places = list(locate(text))
    entries = [place for place in places if isinstance(place, Entry)]
    tables = [place for place in places if isinstance(place, Table)]
    end = "\r\n" if "\r\n" in text else "\n"
    written = block(value).replace("\n", end)
    for entry in entries:
        if entry.path == path:
            yield text[: entry.value] + written + text[entry.end :]
    for entry in entries:
        if entry.path == path[:-1] and text[entry.value] == "{":
            yield _into_inline(text, entry, f"{path[-1]} = {written}")
    for table, section_end in zip(tables, [*(table.start for table in tables[1:]), len(text)], strict=False):
        if table.path == path[:-1]:
            last = max((entry.end for entry in entries if entry.table is table), default=table.end)
            if comment := _default_shown(path[-1]).search(text, table.end, section_end):
                yield _below(text, comment.end(), f"{path[-1]} = {written}", end)
            yield _below(text, last, f"{path[-1]} = {written}", end)
    for entry in reversed(entries):
        if entry.path[:-1] == path[:-1] and not entry.inline:
            yield _below(text, entry.end, f"{'.'.join(path)} = {written}", end)
    gap = "" if not text else end if text.endswith("\n") else end * 2
    yield f"{text}{gap}[{'.'.join(path[:-1])}]{end}{path[-1]} = {written}{end}"


def _default_shown(name: str) -> re.Pattern[str]:
    """The comment by which a new file shows a setting's default."""
    return re.compile(rf"^#[ \t]*{re.escape(name)}[ \t]*=", re.MULTILINE)


def _below(text: str, place: int, line: str, end: str) -> str:
    """The text with a line put below the one in which `place` stands."""
    at = text.find("\n", place) + 1
    return f"{text[:at]}{line}{end}{text[at:]}" if at else f"{text}{end}{line}{end}"


def _into_inline(text: str, table: Entry, pair: str) -> str:
    inside = text[table.value + 1 : table.end - 1].rstrip()
    joined = f"{inside}, {pair}" if inside.strip() else f" {pair} "
    return text[: table.value + 1] + joined + text[table.value + 1 + len(inside) :]


def _ways_to_unset(text: str, path: Path) -> Iterator[str]:
    for entry in locate(text):
        if isinstance(entry, Entry) and entry.path == path:
            yield from _without_pair(text, entry) if entry.inline else [_without_line(text, entry)]


def _without_pair(text: str, entry: Entry) -> Iterator[str]:
    """An inline table without one pair and the comma after it, or (for the last pair) the comma before it."""
    before, after = text[: entry.start], text[entry.end :]
    if after.lstrip().startswith(","):
        yield before + after.lstrip()[1:].lstrip()
    if before.rstrip().endswith(","):
        yield before.rstrip()[:-1] + after
    yield before + after


def _without_line(text: str, entry: Entry) -> str:
    """Without the entry's lines; a comment that stands behind the value stays, on a line of its own."""
    begin = text.rfind("\n", 0, entry.start) + 1
    end = text.find("\n", entry.end) + 1 or len(text)
    comment = text[entry.end : end].lstrip(" \t")
    return text[:begin] + (comment if comment.startswith("#") else "") + text[end:]
