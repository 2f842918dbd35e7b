"""Less is written to a terminal than it is to show; what it shows is the same."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.terminal_pair import BothTerminals
from tui_chat.ui.terminal.terminal_diff import TRUSTED_S, TerminalDiff, WrittenPiece

COLUMNS, ROWS = 60, 10
TOP, BOTTOM = 2, 8
"""The rows of a list that is scrolled."""
STYLES = ("\x1b[1;38;2;218;216;210;48;2;21;23;28m", "\x1b[32m")
LINES = [
    "",
    "the same",
    "the same",
    "a line of some length, so that to move it is worth it",
    "漢字 in a line",
    "another line of some length, which is worth it, too",
]


def frame(pieces: Sequence[WrittenPiece]) -> str:
    """Return pieces as Textual writes them."""
    return "\n".join(map(str, pieces)) + f"\x1b[{ROWS};3H"


def styled(text: str, width: int, style: str = STYLES[0]) -> str:
    """Return a text in a colour, filled up to a width."""
    cells = sum(2 if character > "\u2000" else 1 for character in text)
    return f"{style}{text}{' ' * (width - cells)}\x1b[0m"


def list_at(offset: int) -> str:
    """Return the list, scrolled so far, with its scroll bar."""
    pieces = []
    for row in range(TOP, BOTTOM + 1):
        pieces.append(WrittenPiece(row, 1, styled(LINES[(row + offset) % len(LINES)], COLUMNS - 1)))
        pieces.append(WrittenPiece(row, COLUMNS, styled("▂" if row == TOP + offset % 4 else " ", 1, STYLES[1])))
    return frame(pieces)


def somewhere(row: int, column: int, text: str) -> str:
    """Return a text at any place."""
    return frame([WrittenPiece(row, column, styled(text, len(text) + 4, STYLES[1]))])


LISTS = st.integers(0, 40).map(list_at)
PLACES = st.builds(
    somewhere, st.integers(1, ROWS), st.integers(1, COLUMNS - 10), st.sampled_from(["", "x", "漢字", "ab"])
)
MARKS = ("", "1", "2", "3;38;2;1;2;3", "4;31", "7;48;5;9", "1;9;95;44", "1;2;107", "34;49", "1;39;42")


def in_looks(row: int, column: int, words: Sequence[tuple[str, str]]) -> str:
    """Return words, each in looks of its own, at any place."""
    return frame([WrittenPiece(row, column, "".join(f"\x1b[{mark}m{word}\x1b[0m" for mark, word in words))])


LOOKS = st.builds(
    in_looks,
    st.integers(1, ROWS),
    st.integers(1, COLUMNS - 30),
    st.lists(
        st.tuples(st.sampled_from(MARKS), st.sampled_from([" ", "a b", "漢", "🫠c", "e\u0301d", "   "])), max_size=6
    ),
)
OTHERS = st.sampled_from(
    ["\x1b[?25l", "\x1b[?2026h", "\x1b[2J", "\x1b]0;a title\x1b\\", "\x1b[3;1Hsome\x1b[2Kthing", ""]
)


@example([in_looks(1, 1, [("1", "a b"), ("", "a b")])], 0)
@example([in_looks(1, 1, [("3;31;44", "a b"), ("44", " a b "), ("1;44", "c")])], 0)
@given(st.lists(LISTS | PLACES | LOOKS | OTHERS, max_size=20), st.sampled_from([0, TRUSTED_S / 12, TRUSTED_S / 3]))
def test_a_terminal_shows_the_same_for_less(texts: list[str], pause_s: float) -> None:
    both = BothTerminals(COLUMNS, ROWS)
    for text in texts:
        both.write(text)
        both.now += pause_s


def test_what_was_drawn_for_a_larger_terminal_is_not_taken_for_shown() -> None:
    rows = frame([WrittenPiece(row, 1, styled(f"row {row}", COLUMNS)) for row in range(1, ROWS + 1)])
    for beyond in (
        WrittenPiece(ROWS + 2, 1, styled("too low", COLUMNS)),
        WrittenPiece(3, 1, styled("too wide", COLUMNS + 20)),
    ):
        both = BothTerminals(COLUMNS, ROWS)
        both.write(rows)
        both.write(frame([beyond]))
        both.write(rows)


def test_what_is_shown_already_is_not_written_again() -> None:
    both = BothTerminals(COLUMNS, ROWS)
    both.write(list_at(0))
    both.write(list_at(0))
    assert both.written == len(f"\x1b[{ROWS};3H")


def test_rows_that_moved_are_moved_whichever_way() -> None:
    both = BothTerminals(COLUMNS, ROWS)
    both.write(list_at(3))
    whole = both.written
    both.write(list_at(4))
    assert both.written < whole / 2
    both.write(list_at(2))
    assert both.written < whole / 2


def test_all_is_written_again_where_something_else_may_have_been_at_the_screen() -> None:
    both = BothTerminals(COLUMNS, ROWS)
    both.write(list_at(0))
    whole = both.written
    both.rows.forget()
    both.write(list_at(0))
    assert both.written == whole
    both.now += TRUSTED_S
    both.write(list_at(0))
    assert both.written == whole
    both.write("\x1b[2J")
    both.write(list_at(0))
    assert both.written == whole


@pytest.mark.parametrize("step", [0, 1, -1])
def test_what_is_written_over_is_mended_before_long_and_never_all_at_once(step: int) -> None:
    both, frames = BothTerminals(COLUMNS, ROWS), 20
    both.write(list_at(30))
    whole = both.written
    both.scribble("\x1b[4;7H\x1b[31mfrom elsewhere\x1b[5;1H\x1b[32mand more\x1b[0m")
    for number in range(1, frames + 1):
        both.now += TRUSTED_S / frames
        both.send(list_at(30 + step * number))
        assert both.written < whole / 2
    both.compare()


def test_of_a_row_only_what_has_changed_is_written() -> None:
    both = BothTerminals(COLUMNS, ROWS)
    row = "\x1b[1;38;2;1;2;3;48;2;4;5;6m{}\x1b[0m\x1b[48;2;4;5;6m" + " " * 20 + "\x1b[0m"
    both.write(frame([WrittenPiece(3, 1, row.format("12 tokens so far"))]))
    both.write(frame([WrittenPiece(3, 1, row.format("13 tokens so far"))]))
    assert both.last == f"\x1b[3;2H\x1b[1;38;2;1;2;3;48;2;4;5;6m3\x1b[0m\x1b[{ROWS};3H"


def test_looks_are_told_by_what_differs() -> None:
    both = BothTerminals(COLUMNS, ROWS)
    red = "\x1b[31;48;2;4;5;6mone \x1b[0m\x1b[1;31;48;2;4;5;6mtwo \x1b[0m\x1b[32;48;2;4;5;6mthree\x1b[0m"
    both.write(frame([WrittenPiece(3, 1, red)]))
    assert both.last == f"\x1b[3;1H\x1b[31;48;2;4;5;6mone \x1b[1mtwo \x1b[22;32mthree\x1b[0m\x1b[{ROWS};3H"


FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
_WRITTEN = re.compile(r"\x1b\[(\d+);(\d+)H|(\x1b\[[?0-9;:]*[hlm])|([^\x1b]+)")


def drawn(written: str, width: int) -> list[str]:
    """Return the cells of the one row that is written, in a terminal that draws a family in so many of them."""
    cells = [" "] * COLUMNS
    column = 0
    for _, to, _, text in _WRITTEN.findall(written):
        column = int(to) - 1 if to else column
        for cluster in re.findall(f"{FAMILY}|.", text):
            taken = width if cluster == FAMILY else 1
            cells[column : column + taken] = [cluster, *[""] * (taken - 1)]
            del cells[COLUMNS:]
            column += taken
    return cells


@pytest.mark.parametrize("width", [1, 2, 8])
def test_nothing_moves_behind_an_emoji_that_a_terminal_draws_in_its_own_width(width: int) -> None:
    rows, size = TerminalDiff(), (COLUMNS, ROWS)
    border = WrittenPiece(3, COLUMNS, "\x1b[32m|\x1b[0m")
    text = f"\x1b[1ma{FAMILY}b\x1b[0m{' ' * (COLUMNS - 7)}{FAMILY}"
    written = rows.minimal_update(frame([WrittenPiece(3, 1, "x" * (COLUMNS - 1)), border]), size)
    written += rows.minimal_update(frame([WrittenPiece(3, 1, text), border]), size)
    cells = drawn(written, width)
    assert [cells[0], cells[1], cells[3], cells[-1]] == ["a", FAMILY, "b", "|"]
    assert "x" not in cells
