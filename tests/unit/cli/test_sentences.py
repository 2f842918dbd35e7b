"""A growing text is given out by whole lines, long ones by sentences; nothing of it is lost or written twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.cli.lines.sentences import LONGEST_WAIT, SHORTEST, SentenceBuffer

LONG = "This sentence is as long as a line may well be"


@pytest.mark.parametrize(
    ("pieces", "given_out"),
    [
        (["Hel", "lo. Wor", "ld\n"], ["", "", "Hello. World\n"]),
        ([f"{LONG}. Wor", "ld"], [f"{LONG}.\n", ""]),
        ([f"One? Two! {LONG}! Thr", "ee"], [f"One? Two! {LONG}!\n", ""]),
        (["- a\n- b", "\n"], ["- a\n", "- b\n"]),
        (["3.", "14 is pi"], ["", ""]),
        ([f"1. {LONG}: yes. N"], [f"1. {LONG}: yes.\n"]),
        (["他" * SHORTEST + "。他", "走"], ["他" * SHORTEST + "。\n", ""]),
        ([f'"{LONG}." He', " did"], [f'"{LONG}."\n', ""]),
        ([f"```\n# {LONG}. No", " end\n"], ["```\n", f"# {LONG}. No end\n"]),
        ([f"| {LONG}. | b", " |\n"], ["", f"| {LONG}. | b |\n"]),
    ],
)
def test_whole_lines_and_sentences_are_given_out(pieces: list[str], given_out: list[str]) -> None:
    buffer = SentenceBuffer()
    assert [buffer.feed(piece) for piece in pieces] == given_out


def test_a_text_without_ends_is_given_out_by_words() -> None:
    buffer = SentenceBuffer()
    given_out = buffer.feed("word " * LONGEST_WAIT + "unfin")
    assert given_out.endswith("word\n")
    assert buffer.flush() == "unfin"


@given(st.lists(st.text(alphabet=st.one_of(st.characters(), st.sampled_from(".! \n`|")), max_size=80)))
def test_all_that_is_given_out_is_the_text(pieces: list[str]) -> None:
    buffer = SentenceBuffer()
    given_out = [*map(buffer.feed, pieces), buffer.flush()]
    assert "".join("".join(given_out).split()) == "".join("".join(pieces).split())
    assert all(not text or text.endswith("\n") for text in given_out[:-1])
