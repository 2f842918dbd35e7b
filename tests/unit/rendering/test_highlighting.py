"""Code that grows is coloured line by line, as it would be at once."""

from __future__ import annotations

import pytest

from tests.waiting import PATIENCE_S
from tui_chat.rendering.highlighting import AHEAD, STEP, Highlighter, Patience
from tui_chat.rendering.lexing import ROOT, find_lexer, read_lines

SOURCES = {
    "python": 'def f(x):\n    """Say\n\n    so."""\n    return [x, 1.5]  # done\n\n' * 25,
    "javascript": "/**\n * Say\n */\nfunction f(a) { return `x ${a}\n y`; } // done\n" * 25,
    "c": "#include <stdio.h>\n/* a\n b */\nint f(void) {\n  size_t x = 1;\n}\n" * 25,
    "html": "<p class='a'>\n<script>var x = 1;</script>\n<style>a { b: c }</style></p>\n" * 40,
    "json": '{"a": [1,\n "b"]}\n' * 60,
    "yaml": "a:\n  - b: |\n      text\n" * 40,
}


@pytest.fixture(autouse=True)
def all_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may take longer for a window than a frame has, and this is about its colours."""
    monkeypatch.setattr("tui_chat.rendering.lexing.MAX_READ_S", PATIENCE_S)


def read_all(highlighter: Highlighter, lines: list[str], whole: int, *, complete: bool = False) -> None:
    """Read every window that there is."""
    highlighter.want(len(lines))
    while highlighter.read(lines, whole, complete) is not None:
        pass


@pytest.mark.parametrize("language", SOURCES)
def test_code_that_grows_has_the_colours_of_code_that_is_read_at_once(language: str) -> None:
    lines = SOURCES[language].split("\n")[:-1]
    lexer = find_lexer(language)
    assert lexer is not None
    growing, fresh = Highlighter(language, Patience()), Highlighter(language, Patience())
    for count in range(1, len(lines), 3):
        read_all(growing, [*lines[: count - 1], lines[count - 1][:5]], count - 1)
    for highlighter in (growing, fresh):
        read_all(highlighter, lines, len(lines), complete=True)
    spans = [fresh.spans(index) for index in range(len(lines))]
    assert [growing.spans(index) for index in range(len(lines))] == spans
    if language != "yaml":
        assert spans == read_lines(lexer, lines, ROOT)[0]
    assert len(lines) > 2 * (STEP + AHEAD)


def test_an_unknown_language_is_left_plain() -> None:
    highlighter = Highlighter("no-such-language", Patience())
    assert highlighter.read(["x"], 1, True) is None
    assert highlighter.spans(0) == []
