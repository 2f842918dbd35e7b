"""Text is broken into lines that fit, between words where it can be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.rendering.wrapping import chop, wrap
from tui_chat.text import cell_len

WORDS = st.lists(
    st.sampled_from(
        ["a", "bb", "ccccc", " ", "  ", "\n", "dddddddddddd", "漢字。", "「", "」", "👩‍👩‍👧", "é", "e\u0301"]
    ),
    max_size=20,
).map("".join)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("one  two", 4, ["one", "two"]),
        ("abcdefghij kl", 4, ["abcd", "efgh", "ij", "kl"]),
        ("a\n\nb\n", 4, ["a", "", "b", ""]),
        ("", 4, [""]),
        ("漢字です。ね", 9, ["漢字で", "す。ね"]),
        ("あ「い」う", 6, ["あ", "「い」", "う"]),
        ("👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", 4, ["👩‍👩‍👧👩‍👩‍👧", "👩‍👩‍👧"]),
        ("🇩🇪🇫🇷🇮🇹", 5, ["🇩🇪🇫🇷", "🇮🇹"]),
        ("שלום עולם", 5, ["שלום", "עולם"]),
    ],
)
def test_text_is_wrapped_between_words(text: str, width: int, lines: list[str]) -> None:
    assert [text[start:end] for start, end in wrap(text, width)] == lines


@given(WORDS, st.integers(2, 12))
def test_wrapping_keeps_every_character_and_the_width(text: str, width: int) -> None:
    lines = [text[start:end] for start, end in wrap(text, width)]
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace("\n", "").replace(" ", "")


@given(WORDS, WORDS, st.integers(2, 12))
def test_wrapping_can_go_on_from_the_last_line(text: str, more: str, width: int) -> None:
    whole = wrap(text + more, width)
    start = whole[-1][0]
    assert wrap(text + more, width, start) == whole[-1:]


@given(WORDS.filter(bool), st.integers(2, 12))
def test_chopping_keeps_every_character_and_the_width(text: str, width: int) -> None:
    text = text.replace("\n", "") or "x"
    parts = [text[start:end] for start, end in chop(text, width)]
    assert "".join(parts) == text
    assert all(cell_len(part) <= width for part in parts)
