"""Front matter: lines of `key: value` between two lines of `---` at the beginning of a file."""

from __future__ import annotations

import re

from tui_chat.patterns import pattern
from tui_chat.records import dataclass

FENCE = "---"
_ENTRY = pattern(r"(?P<key>[^\s:#][^:]*?)\s*:(?:\s+(?P<value>.*))?")
_QUOTED = pattern(r"(?P<quote>[\"'])(?P<value>.*)(?P=quote)\s*(?:#.*)?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of front matter."""

    line: int
    """The line of the file, counted from 1."""
    key: str
    """Its key; "" if it is no `key: value`."""
    value: str


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """A file, taken apart."""

    entries: tuple[Entry, ...]
    body: str
    """The text below."""


def split_front_matter(text: str) -> FrontMatter:
    """Return the front matter of a text and what is below it; what is never closed is text, and one bad entry."""
    first, *lines = text.split("\n")
    if first.rstrip() != FENCE:
        return FrontMatter((), text)
    end = next((at for at, line in enumerate(lines) if line.rstrip() == FENCE), None)
    if end is None:
        return FrontMatter((Entry(1, "", first),), text)
    entries = (_entry(at, line.strip()) for at, line in enumerate(lines[:end], start=2) if _says_something(line))
    return FrontMatter(tuple(entries), "\n".join(lines[end + 1 :]))


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _entry(number: int, line: str) -> Entry:
    match = _ENTRY.fullmatch(line)
    return Entry(number, match["key"], _value(match["value"] or "")) if match else Entry(number, "", line)


def _value(raw: str) -> str:
    """Return a value without its quotes, or without the comment behind it."""
    if quoted := _QUOTED.fullmatch(raw.strip()):
        return quoted["value"]
    return re.sub(r"(^|\s+)#.*", "", raw).strip()
