"""Long lines and paragraphs are read in parts, the same parts however they come."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.rendering import Look
from tui_chat.rendering.block_splitter import MAX_LINE, MAX_PARAGRAPH, Cutter
from tui_chat.rendering.document import Document

LOOK = Look.default(dark=True)


LONG = st.lists(
    st.sampled_from(["word " * 400, "x" * 2_000, "漢字" * 900 + "。", "a *b* `c` " * 200, "| c " * 500, "line\n" * 60])
    | st.sampled_from(["\n", "\n\n", "short\n", "- ", "> ", "# ", "```\n", "| a | b |\n|---|---|\n", "===\n", "    "])
    | st.sampled_from(["**bold\n", "[a]: http://b.c\n", "[a]"]),
    min_size=1,
    max_size=7,
).map("".join)


@given(LONG, st.integers(7, 3_000))
def test_very_long_lines_and_paragraphs_are_the_same_however_they_come(text: str, step: int) -> None:
    whole, parts = Document(50, LOOK), Document(50, LOOK)
    whole.append(text)
    for at in range(0, len(text), step):
        parts.append(text[at : at + step])
    whole.finish()
    parts.finish()
    assert [whole.line(y) for y in range(whole.height)] == [parts.line(y) for y in range(parts.height)]


def test_a_long_paragraph_is_settled_in_parts() -> None:
    cutter = Cutter()
    leaves = cutter.feed(("a line of some length\n" * (MAX_PARAGRAPH // 20)) * 3)
    assert len(leaves) > 2
    assert all(leaf.kind == "paragraph" for leaf in leaves)
    assert [leaf.more for leaf in leaves] == [False, *[True] * (len(leaves) - 1)]


def test_a_long_line_is_cut_between_words_and_not_within_emphasis() -> None:
    cutter = Cutter()
    line = "word " * (MAX_LINE // 5 - 10) + "**" + "bold " * 30 + "** and on " * 10
    first = cutter.feed(line)[0].lines[0]
    assert len(first) < MAX_LINE
    assert first.count("**") % 2 == 0
    assert not first.endswith(" ")


@pytest.mark.parametrize("opening", ["", "- ", "> ", "1. > - ", "[^1]: "])
def test_no_word_is_lost(opening: str) -> None:
    words = [f"w{number}" for number in range(400)]
    text = opening + "".join(
        word + separator
        for word, separator in zip(words, itertools.cycle([" ", "\n", "\n\n", "\n  - ", "\n> ", " | "]), strict=False)
    )
    document = Document(300, LOOK)
    document.append(text)
    document.finish()
    shown = " ".join(document.line(y).text for y in range(document.height)).split()
    assert set(words) <= set(shown)


def test_parts_of_a_paragraph_that_is_only_wrapped_are_joined_by_a_space() -> None:
    document = Document(10_000, LOOK)
    line = "a line that is long enough to have been wrapped, and goes on with the next one,\n"
    document.append(line * 60)
    document.finish()
    assert document.height == 1
    assert document.line(0).text == (line * 60).replace("\n", " ").strip()
