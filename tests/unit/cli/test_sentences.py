"""A growing text is given out by whole sentences and lines, and nothing of it is lost or said twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.cli.lines.sentences import LONGEST_WAIT, SentenceBuffer


@pytest.mark.parametrize(
    ("pieces", "given_out"),
    [
        (["Hel", "lo. Wor", "ld"], ["", "Hello. ", ""]),
        (["One? Two! Thr", "ee"], ["One? Two! ", ""]),
        (["- a\n- b", "\n"], ["- a\n", "- b\n"]),
        (["3.", "14 is pi"], ["", ""]),
        (["他来了。他", "走"], ["他来了。", ""]),
        (['"Stop." He', " did"], ['"Stop." ', ""]),
    ],
)
def test_whole_sentences_are_given_out(pieces: list[str], given_out: list[str]) -> None:
    buffer = SentenceBuffer()
    assert [buffer.feed(piece) for piece in pieces] == given_out


def test_a_text_without_ends_is_given_out_by_words() -> None:
    buffer = SentenceBuffer()
    given_out = buffer.feed("word " * LONGEST_WAIT + "unfin")
    assert given_out.endswith("word ")
    assert buffer.flush() == "unfin"


@given(st.lists(st.text(max_size=50)))
def test_all_that_is_given_out_is_the_text(pieces: list[str]) -> None:
    buffer = SentenceBuffer()
    assert "".join([*map(buffer.feed, pieces), buffer.flush()]) == "".join(pieces)
