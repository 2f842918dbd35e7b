"""Any allowed change of any settings file changes that value and nothing else."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tui_chat.settings import GROUPS, SCHEMA, Kind, Value
from tui_chat.settings.edit import CannotEdit, same, set_value, unset_value
from tui_chat.settings.literals import block, literal
from tui_chat.settings.toml_places import Path, TomlEntry, locate

PROSE = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=12)
COMMENTS = st.sampled_from(["# plain", "#mode = 1", "# [ui]", '# """ not a text', "#", "# ünï\u200dcode ▌", "#}],'"])
WORDS = st.sampled_from(["mode", "name", "theme", "cursor", "x", "a-b", "3", '"a b"', "'c.d'", '"mode"', '"\\u0041"'])
SPACES = st.sampled_from(["", " ", "\t", "  "])
LOOK_ALIKES = [
    '"""\nmode = "stream"\n[ui]\n# no comment\n"""',
    "'''\ntheme = 1 # '' \n'''",
    '""""quoted"" \\""""',
    "''''x''''",
]
BARE = ["1", "-0.0", "nan", "inf", "0xff", "1_000", "true", "1979-05-27", "1979-05-27T07:32:00Z", "07:32:00", "1e6"]


@st.composite
def values(draw: st.DrawFn, depth: int = 2) -> str:
    """Return a value as somebody may have written it."""
    kind = draw(st.integers(0, 5 if depth else 3))
    if kind < 2:
        return draw(st.sampled_from(BARE))
    if kind == 2:
        return draw(st.sampled_from(LOOK_ALIKES))
    if kind == 3:
        return draw(st.one_of(PROSE.map(literal), PROSE.map(block)))
    inner = draw(st.lists(values(depth=depth - 1), max_size=3))
    if kind == 4:
        gap = draw(st.sampled_from([" ", "\n  ", " # ], in an array\n"]))
        return f"[{gap}{''.join(f'{value},{gap}' for value in inner)}]"
    pairs = [f"{draw(SPACES)}k{number}.z ={draw(SPACES)}{value}" for number, value in enumerate(inner)]
    return "{" + ",".join(pairs) + draw(SPACES) + "}"


@st.composite
def files(draw: st.DrawFn) -> str:
    """Return a file that tomllib accepts: lines put together at random, those that it does not accept left out."""
    text = ""
    for _ in range(draw(st.integers(0, 12))):
        line = draw(st.one_of(COMMENTS, st.just(""), headers(), entries(), entries()))
        longer = f"{text}{line}\n"
        try:
            tomllib.loads(longer)
        except tomllib.TOMLDecodeError:
            continue
        text = longer
    if draw(st.booleans()):
        text = text.removesuffix("\n")
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


@st.composite
def headers(draw: st.DrawFn) -> str:
    """Return a table's header."""
    group = draw(st.sampled_from([*GROUPS, "other", '"my table"', "streaming.more", "a.b"]))
    comment = draw(st.sampled_from(["", " # why", "  #[x]"]))
    if draw(st.integers(0, 9)) == 0:
        return f"[[list]]{comment}"
    return f"{draw(SPACES)}[{draw(SPACES)}{group}{draw(SPACES)}]{comment}"


@st.composite
def entries(draw: st.DrawFn) -> str:
    """Return a key and its value."""
    comment = draw(st.sampled_from(["", " # because", "#x"]))
    if draw(st.booleans()):
        setting = draw(st.sampled_from(sorted(SCHEMA)))
        key = draw(st.sampled_from([setting.partition(".")[2], setting]))
        return f"{draw(SPACES)}{key}{draw(SPACES)}= {draw(values())}{comment}"
    if draw(st.integers(0, 4)) == 0:
        return f"{draw(st.sampled_from(GROUPS))} = {{ mode = 1, theme = {draw(values())} }}{comment}"
    return f"{draw(WORDS)} = {draw(values())}{comment}"


@dataclass(frozen=True)
class Change:
    """One setting and an allowed value for it."""

    path: Path
    value: Value


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """Return any setting of the schema, with any value that it may have."""
    setting = SCHEMA[draw(st.sampled_from(sorted(SCHEMA)))]
    kinds: dict[Kind, st.SearchStrategy[Value]] = {
        Kind.SWITCH: st.booleans(),
        Kind.WHOLE: st.integers(0, 10**6),
        Kind.NUMBER: st.floats(0, 1e6),
        Kind.WORDS: st.lists(PROSE, max_size=3).map(tuple),
    }
    value = draw(kinds.get(setting.kind, PROSE))
    return Change(setting.path, value)


@given(files())
def test_every_key_is_found_with_its_value(text: str) -> None:
    data = tomllib.loads(text)
    found = {place.path: place for place in locate(text) if isinstance(place, TomlEntry) and place.path[0] != "list"}
    for path, entry in found.items():
        assert same(tomllib.loads(f"v = {text[entry.value : entry.end]}")["v"], _value_at(data, path))
    assert {path for path in _leaves(data) if path[0] != "list"} <= set(found)


@given(files(), changes())
def test_setting_a_value_changes_it_and_nothing_else(text: str, change: Change) -> None:
    wanted = tomllib.loads(text)
    if not _can_be_set(wanted, change.path):
        return
    result = set_value(text, change.path, change.value)
    _put(wanted, change)
    assert same(tomllib.loads(result), wanted)
    assert _lost_lines(text, result) <= _lines_of(text, change.path)


@given(files(), changes())
def test_unsetting_a_value_removes_it_and_nothing_else(text: str, change: Change) -> None:
    wanted = tomllib.loads(text)
    table = wanted.get(change.path[0], {})
    result = unset_value(text, change.path)
    if isinstance(table, dict):
        table.pop(change.path[1], None)
    assert same(_without_empty(tomllib.loads(result)), _without_empty(wanted))
    assert _lost_lines(text, result) <= _lines_of(text, change.path)


@given(files(), changes())
def test_the_same_change_twice_is_the_change_once(text: str, change: Change) -> None:
    try:
        once = set_value(text, change.path, change.value)
    except CannotEdit:
        return
    assert set_value(once, change.path, change.value) == once


@given(PROSE, st.sampled_from(["\n", "\r\n"]))
def test_any_text_survives_its_way_through_the_file(prose: str, end: str) -> None:
    for text in (prose, f"{prose}\n{prose}", f'{prose}"""\\'):
        file = set_value(f"# hello{end}", ("provider", "system"), text)
        assert tomllib.loads(file) == {"provider": {"system": text}}


def _leaves(data: dict[str, Any], path: Path = ()) -> Iterator[Path]:
    for word, value in data.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*path, word))
        else:
            yield (*path, word)


def _value_at(data: Any, path: Path) -> object:
    for word in path:
        data = data[word]
    return data


def _can_be_set(data: dict[str, Any], path: Path) -> bool:
    """True if it can be; if a group's name stands for something else than a table, only writing anew helps."""
    return isinstance(data.get(path[0], {}), dict)


def _put(data: dict[str, Any], change: Change) -> None:
    value = list(change.value) if isinstance(change.value, tuple) else change.value
    data.setdefault(change.path[0], {})[change.path[1]] = value


def _without_empty(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value != {}}


def _lines_of(text: str, path: Path) -> set[str]:
    """Return the lines on which a setting (or the inline table that holds it) stands."""
    lines: set[str] = set()
    for place in locate(text):
        if isinstance(place, TomlEntry) and place.path in (path, path[:-1]):
            begin = text.rfind("\n", 0, place.start) + 1
            end = text.find("\n", place.end)
            lines |= set(text[begin : end if end >= 0 else len(text)].split("\n"))
    return lines | {line.removesuffix("\r") for line in lines}


def _lost_lines(before: str, after: str) -> set[str]:
    """Return the lines that an edit took away; line ends do not count."""
    difference = difflib.ndiff(before.replace("\r\n", "\n").split("\n"), after.replace("\r\n", "\n").split("\n"))
    return {line[2:] for line in difference if line.startswith("- ") and line[2:]}
