"""Growing Markdown on a terminal, as an emulator shows it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pyte
import pytest

from tests.control_sequences import foreign_to_a_drawing
from tests.e2e.test_steering import PARTS
from tui_chat.cli import diagrams_in_reach
from tui_chat.cli.diagrams_in_reach import DiagramsWithinReach
from tui_chat.cli.rendered import look
from tui_chat.cli.terminal_page import TerminalPage
from tui_chat.records import replace
from tui_chat.rendering.document import Document

TEXT = """\
# A heading with `code`

Some *words*, **strong** ones, and a long line that has to be wrapped: it is longer than any terminal is in here.

1. one
2. two
   - within

| a | b |
| --- | --- |
| wide cells come later | 1 |
| a cell that is by far wider than the others | 2 |

```python
def answer() -> int:
    return 42
```

Setext
======

> quoted, and 日本語 with 👩‍👩‍👧 in it
"""
HOSTILE = (
    "a\x1b[2Jb \x1b]0;title\x07 c\x9b3A `\x1b[31m` \x1b[1;1H\n\n[x](http://e.org/\x1b]8;;)\n\n```\n\x1b[H\x1b[J\n```\n"
    "\n```py\nimport os\n```\n"
)


COLOUR = re.compile(r"\x1b\[([\d;]+;)?[39]\dm")


class _Emulator:
    """A terminal that keeps what leaves its screen, and counts what it is sent."""

    def __init__(self, columns: int = 60, rows: int = 50) -> None:
        self.size = (columns, rows)
        self.screen = pyte.HistoryScreen(columns, rows, history=10_000)
        self._stream = pyte.Stream(self.screen)
        self.raw = ""

    def write(self, text: str) -> None:
        self.raw += text
        self._stream.feed(text)

    def resize(self, columns: int, rows: int) -> None:
        self.size = (columns, rows)
        self.screen.resize(rows, columns)

    @property
    def lines(self) -> list[str]:
        past = ["".join(line[x].data for x in range(self.size[0])).rstrip() for line in self.screen.history.top]
        return past + [line.rstrip() for line in self.screen.display[: self.screen.cursor.y]]


def _page(emulator: _Emulator, *, coloured: bool = True, ascii: bool = False) -> TerminalPage:
    return TerminalPage(emulator.write, look(ascii=ascii), lambda: emulator.size, coloured=coloured)


def _pieces(text: str, seed: int) -> Iterator[str]:
    chance = random.Random(seed)
    while text:
        length = chance.choice((1, 2, 5, 30))
        yield text[:length]
        text = text[length:]


def _expected(text: str, width: int) -> list[str]:
    document = Document(width, look(ascii=False))
    document.append(text)
    document.finish()
    return [document.line(y).text.rstrip() for y in range(document.height)]


def _without_wide_gaps(lines: list[str]) -> list[str]:
    """The emulator has an empty cell after a wide character, and joins less than the renderer does."""
    return [line for line in lines if line.isascii()]


@pytest.mark.parametrize("columns", [20, 60, 120])
@pytest.mark.parametrize("seed", range(5))
def test_however_it_comes_the_whole_of_it_is_shown_once(columns: int, seed: int) -> None:
    emulator = _Emulator(columns, 90)
    page = _page(emulator)
    for piece in _pieces(TEXT, seed):
        page.append(piece)
        page.draw()
    page.finish()
    expected = _expected(TEXT, min(columns - 1, 100))
    assert len(emulator.lines) == len(expected)
    assert _without_wide_gaps(emulator.lines) == _without_wide_gaps(expected)


def test_what_a_later_line_explains_is_drawn_again() -> None:
    text = "See [the lake][lake].\n\nAnd more.\n\nAnd again\n\n[lake]: https://lake.example\n\nthe end"
    emulator = _Emulator()
    page = _page(emulator)
    for piece in _pieces(text, 1):
        page.append(piece)
        page.draw()
    page.finish()
    assert emulator.lines == _expected(text, 59)
    assert "[lake]" not in emulator.lines[0]


def test_whatever_the_text_is_the_screen_shows_the_document() -> None:
    emulator = _Emulator(100, 900)
    page = _page(emulator)
    text = "".join(PARTS[2][::3])
    for piece in _pieces(text, 7):
        page.append(piece)
        page.draw()
    page.finish()
    assert emulator.lines == _expected(text, 99)


def test_what_has_left_the_screen_is_written_once() -> None:
    emulator = _Emulator(60, 10)
    page = _page(emulator)
    text = "".join(f"paragraph {number} with *some* words\n\n" for number in range(200))
    for piece in _pieces(text, 1):
        page.append(piece)
        page.draw()
    page.finish()
    assert emulator.lines == _expected(text, 59)
    assert len(emulator.raw) < 4 * len(text)


@pytest.mark.parametrize("text", ["word " * 20_000, "```\n" + "code = 1\n" * 5_000 + "```\n"], ids=["line", "code"])
def test_the_last_piece_costs_what_the_first_did(text: str) -> None:
    emulator = _Emulator(80, 24)
    written: list[int] = []
    page = TerminalPage(lambda piece: written.append(len(piece)), look(ascii=False), lambda: (80, 24), coloured=True)
    for start in range(0, len(text), 100):
        page.append(text[start : start + 100])
        page.draw()
    assert sum(written) < 8 * len(text)
    assert emulator.raw == ""


@pytest.mark.parametrize("coloured", [True, False])
def test_nothing_of_the_text_acts(coloured: bool) -> None:
    emulator = _Emulator()
    page = _page(emulator, coloured=coloured)
    for piece in _pieces(HOSTILE, 3):
        page.append(piece)
        page.draw()
    page.finish()
    assert foreign_to_a_drawing(emulator.raw.encode()) == []
    assert bool(COLOUR.search(emulator.raw)) is coloured


def test_ascii_draws_nothing_else_around_the_text() -> None:
    emulator = _Emulator()
    page = _page(emulator, ascii=True)
    page.append(TEXT.replace("日本語", "").replace("👩‍👩‍👧", ""))
    page.finish()
    assert emulator.raw.isascii()


def test_a_note_stands_between_and_the_line_is_repeated_if_it_goes_on() -> None:
    emulator = _Emulator()
    page = _page(emulator)
    page.append("Hello wor")
    page.draw()
    page.end_line()
    emulator.write("Retrying\r\n")
    page.draw()
    assert emulator.lines == ["Hello wor", "Retrying"]
    page.append("ld\n\nmore")
    page.finish()
    assert emulator.lines == ["Hello wor", "Retrying", "Hello world", "", "more"]


def test_a_wider_terminal_is_used() -> None:
    emulator = _Emulator(30, 40)
    page = _page(emulator)
    begun, more = "first paragraph that is wrapped here\n\nsecond one is also wrapped while ", "it comes\n\nend"
    page.append(begun)
    page.draw()
    emulator.resize(60, 40)
    page.append(more)
    page.finish()
    assert emulator.lines == _expected(begun + more, 59)


def test_a_narrower_terminal_loses_no_word() -> None:
    emulator = _Emulator(60, 40)
    page = _page(emulator)
    words = [f"word{number}" for number in range(60)]
    page.append(" ".join(words[:20]))
    page.draw()
    emulator.size = (30, 40)
    for word in words[20:]:
        page.append(f" {word}")
        page.draw()
    page.append("\n\nnext paragraph is as wide as the terminal is now, and no wider")
    page.finish()
    assert all(word in emulator.raw for word in words)
    assert "".join(emulator.lines[-4:]).replace(" ", "").endswith("nowider")


@pytest.mark.parametrize(("rows", "aside", "drawn"), [(20, False, True), (8, False, False), (20, True, False)])
def test_a_diagram_is_drawn_only_where_its_source_can_still_be_reached(
    rows: int, aside: bool, drawn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diagrams_in_reach, "draw", lambda source, *, ascii: [(f"a drawing of {source[-2:]}",)])
    emulator = _Emulator(rows=rows)
    within_reach = DiagramsWithinReach(lambda lines: page.reaches(lines), lambda: emulator.size[0])
    drawing = replace(look(ascii=True), diagrams=within_reach)
    page = TerminalPage(emulator.write, drawing, lambda: emulator.size, coloured=True)
    for piece in ("Look:\n\n```mermaid\ngraph LR\n", *(f"  A --> B{number}\n" for number in range(8)), "```\nend"):
        page.append(piece)
        page.draw()
        if aside and "B3" in piece:
            page.end_line()
            emulator.write("An aside\r\n")
    page.finish()
    shown = "\n".join(emulator.lines)
    assert ("a drawing of B7" in shown, "--> B7" in shown) == (drawn, not drawn)
    assert emulator.lines[-1] == "end"
