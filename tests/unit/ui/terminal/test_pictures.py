"""Pictures that the terminal draws: which terminal can, what it is sent, and that all is taken back."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.renderables.background_screen import BackgroundScreen

from tests.kitty_terminal import ANSWER, QUESTION, KittyTerminal, all_cells
from tui_chat.attachments.thumbnail import MOST_COLUMNS, MOST_ROWS, SmallPicture
from tui_chat.text import STAND_IN
from tui_chat.ui.look.printable_filter import PrintableOnly
from tui_chat.ui.messages.highlights import marked
from tui_chat.ui.terminal.picture_cells import MOST_CELLS, PLACE, nth_id, picture_cells
from tui_chat.ui.terminal.pictures import MOST_PICTURES, TerminalPictures, may_draw_pictures, name_in

BLACK = Color.parse("black")
LARGE = SmallPicture(3, 2, bytes(range(256)) * 40)
SMALL = SmallPicture(1, 1, b"png")


@pytest.mark.parametrize(
    ("name", "draws"),
    [
        ("kitty(0.41.1)", True),
        ("kitty(0.28.0)", True),
        ("kitty(1.0.0)", True),
        ("ghostty 1.1.3", True),
        ("kitty(0.27.1)", False),
        ("kitty", False),
        ("WezTerm 20240203-110809", False),
        ("tmux 3.5a", False),
        ("Konsole 24.12", False),
        ("", False),
    ],
)
def test_a_terminal_is_known_by_its_name(name: str, draws: bool) -> None:
    named = name_in(f"\x1bP>|{name}\x1b\\")
    assert named is not None
    assert named.draws_pictures is draws


def test_other_answers_say_nothing_of_it() -> None:
    assert [name_in(answer) for answer in ("\x1b]11;rgb:0/0/0\x1b\\", "\x1bP1+r\x1b\\", "\x1b[>1;10;0c")] == [None] * 3


@pytest.mark.parametrize(
    ("environ", "asked"),
    [
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, True),
        ({"TERM": "xterm-ghostty"}, True),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "ghostty"}, True),
        ({"TERM": "xterm-256color"}, False),
        ({}, False),
        ({"TERM": "tmux-256color", "KITTY_WINDOW_ID": "1", "TMUX": "/tmp/tmux,1,0"}, False),
        ({"TERM": "screen", "KITTY_WINDOW_ID": "1", "STY": "1.pts"}, False),
        ({"TERM": "xterm-kitty", "ZELLIJ": "0"}, False),
    ],
)
def test_only_a_terminal_that_may_draw_them_is_asked(environ: dict[str, str], asked: bool) -> None:
    written: list[str] = []
    TerminalPictures(written.append, may_draw=may_draw_pictures(environ)).enter()
    assert written == ([QUESTION] if asked else [])


def entered() -> tuple[TerminalPictures, KittyTerminal]:
    """A terminal that draws pictures."""
    terminal = KittyTerminal()
    pictures = TerminalPictures(lambda text: _expect_nothing_else(terminal.feed(text)), may_draw=True)
    pictures.drawn = name_in(ANSWER) is not None
    pictures.enter()
    return pictures, terminal


def _expect_nothing_else(text: str) -> None:
    assert text == ""


def test_the_terminal_has_the_pictures_as_long_as_they_are_shown_and_it_is_ours() -> None:
    pictures, terminal = entered()
    first, second = pictures.send(LARGE), pictures.send(SMALL)
    assert first is not None
    assert second is not None
    sent = {first: LARGE, second: SMALL}
    assert terminal.pictures == sent
    pictures.leave()
    assert terminal.pictures == {}
    assert pictures.send(SMALL) is None
    pictures.enter()
    assert terminal.pictures == sent
    pictures.delete(first)
    assert terminal.pictures == {second: SMALL}
    pictures.leave()
    pictures.leave()
    pictures.delete(second)
    pictures.enter()
    assert terminal.pictures == {}


def test_a_terminal_that_has_not_told_its_name_gets_none() -> None:
    written: list[str] = []
    pictures = TerminalPictures(written.append, may_draw=True)
    pictures.enter()
    assert pictures.send(SMALL) is None
    assert written == [QUESTION]


def test_it_gets_so_many_and_each_has_a_number_of_its_own() -> None:
    pictures, terminal = entered()
    numbers = [pictures.send(SMALL) for _ in range(MOST_PICTURES + 1)]
    assert numbers[-1] is None
    assert len(set(numbers)) == len(numbers)
    pictures.delete(next(iter(terminal.pictures)))
    assert pictures.send(SMALL) is not None


@pytest.mark.parametrize("picture_id", [nth_id(0), nth_id(-1)])
def test_its_cells_are_text_of_a_cell_each_and_show_all_of_it(picture_id: int) -> None:
    terminal = KittyTerminal()
    cells = picture_cells(picture_id, MOST_COLUMNS, MOST_ROWS)
    assert {cell_len(cell) for row in cells for cell in row} == {1}
    for row in cells:
        passed = PrintableOnly().apply([Segment(cell) for cell in row], BLACK)
        written = "".join(style.render(text) for text, style, _ in passed if style)
        assert PLACE not in terminal.feed(written)
    assert terminal.shown == {picture_id: all_cells(MOST_COLUMNS, MOST_ROWS)}
    assert max(MOST_COLUMNS, MOST_ROWS) <= MOST_CELLS


def test_the_same_characters_from_elsewhere_show_nothing() -> None:
    cell = picture_cells(nth_id(7), 1, 1)[0][0]
    foreign = Segment("".join(cell), cell.style)
    assert type(foreign.text) is str
    assert foreign.text == cell
    (shown,) = PrintableOnly().apply([foreign], BLACK)
    assert shown.text == cell.replace(PLACE, STAND_IN)


def test_a_cell_keeps_its_picture_below_a_dialog_and_in_a_selection() -> None:
    row = [Segment(cell) for cell in picture_cells(nth_id(7), 3, 1)[0]]
    gate = PrintableOnly()
    first = gate.apply(row, BLACK)
    dimmed = list(BackgroundScreen.process_segments(first, Color.parse("red").with_alpha(0.6)))
    assert dimmed != first
    assert [segment.style and segment.style.color for segment in gate.apply(dimmed, BLACK)] == [
        segment.style and segment.style.color for segment in first
    ]
    for span in [(0, -1), (0, 4), (4, 8), (5, 6), (2, 3)]:
        assert [segment.text for segment in gate.apply(marked(row, span, Style(color="red")), BLACK)] == [
            segment.text for segment in row
        ], span
