"""The places of tables and values in a TOML text. tomllib returns the content of a text, but no places.

The text must be one that tomllib accepts: then finding the ends of keys and values takes no full parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from tui_chat.patterns import pattern
from tui_chat.records import dataclass
from tui_chat.settings.read import parsed

Path: TypeAlias = tuple[str, ...]

_SPACE = pattern(r"[ \t]*")
_BLANK = pattern(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_KEY = pattern(r"""[ \t]*(?:"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|([A-Za-z0-9_-]+))[ \t]*""")
_TEXT = pattern(
    r"""
      "{3} (?: [^"\\]++ | \\. | "(?!"") )*+ "{3,5}   # quotes may stand right before the three that end it
    | '{3} .*? '{3,5}
    | " (?: [^"\\]++ | \\. )*+ "
    | ' [^']*+ '
    """,
    re.DOTALL | re.VERBOSE,
)
_BARE = pattern(r"""[^\[\]{},="'#\r\n]+""")


@dataclass(frozen=True, slots=True)
class TomlTable:
    """A `[table]` header."""

    path: Path
    start: int
    end: int
    """The offset at which it ends."""


@dataclass(frozen=True, slots=True)
class TomlEntry:
    """A key with its value."""

    path: Path
    """The whole path, the table's included."""
    table: TomlTable | None
    """The header that it stands under."""
    start: int
    """The offset at which its key begins."""
    value: int
    """The offset at which its value begins."""
    end: int
    """The offset at which its value ends."""
    inline: bool
    """True if it stands inside an inline table."""


def locate(text: str) -> Iterator[TomlTable | TomlEntry]:
    """Yield every header and every key of the text, in their order; an inline table comes before what it holds."""
    table: TomlTable | None = None
    at = _skip(_BLANK, text, 0)
    while at < len(text):
        if text[at] == "[":
            table = _header(text, at)
            yield table
            at = table.end
        else:
            for entry in _entry(text, at, table.path if table else (), table, inline=False):
                yield entry
                at = max(at, entry.end)
        at = _skip(_BLANK, text, at)


def _skip(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _header(text: str, at: int) -> TomlTable:
    brackets = 2 if text.startswith("[[", at) else 1
    path, end = _path(text, at + brackets)
    return TomlTable(path, at, end + brackets)


def _path(text: str, at: int) -> tuple[Path, int]:
    """Return a dotted key, and where it ends."""
    words: list[str] = []
    while match := _KEY.match(text, at):
        basic, plain, bare = match.groups()
        words.append(_unescaped(basic) if basic is not None else plain if plain is not None else bare)
        at = match.end()
        if not text.startswith(".", at):
            break
        at += 1
    return tuple(words), at


def _unescaped(basic: str) -> str:
    return str(parsed(f'word = "{basic}"')["word"]) if "\\" in basic else basic


def _entry(text: str, at: int, parent: Path, table: TomlTable | None, *, inline: bool) -> Iterator[TomlEntry]:
    path, equals = _path(text, at)
    value = _skip(_SPACE, text, equals + 1)
    end = _value_end(text, value)
    yield TomlEntry(parent + path, table, at, value, end, inline)
    if text[value] == "{":
        inner = _skip(_BLANK, text, value + 1)
        while text[inner] != "}":
            for entry in _entry(text, inner, parent + path, table, inline=True):
                yield entry
                inner = max(inner, entry.end)
            inner = _skip(_BLANK, text, inner)
            if text[inner] == ",":
                inner = _skip(_BLANK, text, inner + 1)


def _value_end(text: str, at: int) -> int:
    """Return the end of the value that begins at `at`; brackets are counted, texts and comments skipped."""
    depth = 0
    while True:
        if text[at] in "[{":
            depth, at = depth + 1, at + 1
        elif text[at] in "]}":
            depth, at = depth - 1, at + 1
        elif text[at] in ",=":
            at += 1
        elif match := _TEXT.match(text, at):
            at = match.end()
        else:
            at += len(_BARE.match(text, at)[0].rstrip())  # type: ignore[index]  # a valid text has one of these here
        if depth == 0:
            return at
        at = _skip(_BLANK, text, at)
