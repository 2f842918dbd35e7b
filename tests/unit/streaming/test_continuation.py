"""The events of a rest are told as if the reply had never broken off."""

from __future__ import annotations

import pytest

from tui_chat.chat.events import (
    BlockStart,
    BlockStop,
    CitationsDelta,
    MessageStart,
    MessageStop,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
)
from tui_chat.streaming.continuation import Continuation, OwnWords

BEFORE = "The cat"
REST = " sat down in the sun, and slept there until noon."


def mapped(*events: StreamEvent, prefilled: bool = False) -> list[StreamEvent]:
    """Return the events of a rest as they go on from a reply whose last block is the third."""
    rest = Continuation(BEFORE, 2, prefilled=prefilled)
    return [told for event in events for told in rest.map(event)]


def test_the_first_text_goes_on_with_the_last_block_and_the_other_blocks_come_after_it() -> None:
    source = {"url": "https://example.org"}
    assert mapped(
        MessageStart("m", "model"),
        BlockStart(0, "thinking"),
        ThinkingDelta(0, "hm"),
        BlockStop(0),
        BlockStart(1, "text"),
        CitationsDelta(1, source),
        TextDelta(1, REST),
        BlockStop(1),
        BlockStart(2, "text"),
        TextDelta(2, "More."),
        BlockStop(2),
        MessageStop(),
    ) == [
        BlockStart(3, "thinking"),
        ThinkingDelta(3, "hm"),
        BlockStop(3),
        CitationsDelta(2, source),
        TextDelta(2, REST),
        BlockStop(2),
        BlockStart(5, "text"),
        TextDelta(5, "More."),
        BlockStop(5),
        MessageStop(),
    ]


@pytest.mark.parametrize("prefilled", [True, False])
@pytest.mark.parametrize("end", [BlockStop(0), MessageStop()])
def test_what_is_held_comes_when_its_block_or_the_message_ends(prefilled: bool, end: StreamEvent) -> None:
    assert mapped(TextDelta(0, "A <tail"), end, prefilled=prefilled)[0] == TextDelta(2, "A <tail")


def in_pieces(before: str, *pieces: str) -> list[str]:
    words = OwnWords(before)
    return [*map(words.feed, pieces), words.flush()]


def test_the_sentence_of_the_question_is_taken_out_in_whatever_pieces_it_comes() -> None:
    assert in_pieces("a", "Your prev", "ious response was cut off", " here", ". So", " on") == [
        "", "", "", "So", " on", "",
    ]  # fmt: skip


def test_the_same_sentence_further_on_is_the_replys_own() -> None:
    pieces = ("It said: ", "Your previous response was cut off. ", "Well.")
    assert in_pieces("a", *pieces) == [*pieces, ""]


def test_nothing_is_held_that_begins_no_tag_and_a_tag_of_the_text_itself_stays() -> None:
    assert in_pieces("a", "b <i", "> <ta", "il>c") == ["b <i", "> ", "c", ""]
    assert in_pieces("a <tail> b", "c <tail> d") == ["c <tail> d", ""]
