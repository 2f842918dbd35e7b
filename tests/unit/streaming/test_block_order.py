"""Blocks are shown one after the other, in the order of their numbers, and nothing of them is lost."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.chat.events import (
    BlockStart,
    BlockStop,
    MessageDelta,
    MessageStart,
    MessageStop,
    ReplyRestarted,
    StreamEvent,
    TextDelta,
)
from tui_chat.chat.usage import Usage
from tui_chat.streaming.block_order import BlockOrder

START, DELTA, END = MessageStart("msg", "model", Usage()), MessageDelta("end_turn", Usage()), MessageStop()


def block(index: int, *texts: str) -> list[StreamEvent]:
    return [BlockStart(index, "text"), *(TextDelta(index, text) for text in texts), BlockStop(index)]


def shown(events: list[StreamEvent]) -> list[StreamEvent]:
    order = BlockOrder()
    return [passed for event in events for passed in order.put(event)]


def text(events: list[StreamEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


@pytest.mark.parametrize(
    "events",
    [
        [START, *block(0, "a", "b"), *block(1, "c"), DELTA, END],
        [START, TextDelta(0, "a"), TextDelta(0, "b"), DELTA, END],
        [START, *block(1, "a"), *block(2, "b"), DELTA, END],
        [START, *block(0, "a"), *block(5, "b"), *block(6, "c"), DELTA, END],
    ],
    ids=["ordinary", "without starts and stops", "numbered from 1", "with a gap"],
)
def test_what_comes_in_order_passes_at_once(events: list[StreamEvent]) -> None:
    order = BlockOrder()
    assert [list(order.put(event)) for event in events] == [[event] for event in events]


def test_blocks_without_starts_follow_each_other_in_order() -> None:
    events: list[StreamEvent] = [START, TextDelta(0, "a"), BlockStop(0), TextDelta(1, "b"), TextDelta(2, "d")]
    events += [TextDelta(1, "c"), BlockStop(1), BlockStop(2), TextDelta(3, "e"), TextDelta(4, "g"), TextDelta(3, "f")]
    events += [BlockStop(3), TextDelta(4, "h")]
    assert shown(events) == [
        *events[:4],
        *(TextDelta(1, "c"), BlockStop(1), TextDelta(2, "d"), BlockStop(2)),
        *(TextDelta(3, "e"), TextDelta(3, "f"), BlockStop(3), TextDelta(4, "g"), TextDelta(4, "h")),
    ]


def test_a_block_follows_at_once_those_that_have_come_whole_before_their_turn() -> None:
    order = BlockOrder()
    for event in (START, TextDelta(0, "a"), *block(1, "b"), BlockStop(0)):
        order.put(event)
    assert list(order.put(TextDelta(2, "c"))) == [TextDelta(2, "c")]
    assert list(order.put(TextDelta(3, "d"))) == []
    assert list(order.put(BlockStop(2))) == [BlockStop(2), TextDelta(3, "d")]


def test_what_comes_late_of_a_block_that_has_ended_passes_at_once() -> None:
    order = BlockOrder()
    for event in (START, *block(0, "a"), BlockStart(1, "text")):
        order.put(event)
    assert list(order.put(TextDelta(0, "late"))) == [TextDelta(0, "late")]


def test_a_later_block_waits_for_the_earlier_one() -> None:
    events: list[StreamEvent] = [START, TextDelta(1, "c"), BlockStart(1, "text"), TextDelta(0, "a")]
    events += [BlockStart(0, "text"), TextDelta(1, "d"), TextDelta(0, "b"), BlockStop(1), BlockStop(0), DELTA, END]
    assert text(shown(events)) == "abcd"
    assert shown(events)[-2:] == [DELTA, END]


def test_what_waits_for_a_block_that_never_stops_is_shown_at_the_end() -> None:
    events = [START, TextDelta(0, "a"), *block(1, "b"), DELTA, END]
    assert text(shown(events)) == "ab"
    order = BlockOrder()
    for event in events[:-2]:
        order.put(event)
    assert text(order.flush()) == "b"
    assert order.flush() == []


def test_a_reply_that_begins_anew_waits_for_nothing() -> None:
    events = [START, TextDelta(1, "lost"), ReplyRestarted(), START, *block(0, "a")]
    assert text(shown(events)) == "a"


@given(st.lists(st.lists(st.text(min_size=1), max_size=4), max_size=5), st.randoms())
def test_blocks_that_are_interleaved_in_any_way_are_shown_in_order(texts: list[list[str]], random: Random) -> None:
    queues = [block(index, *pieces) for index, pieces in enumerate(texts)]
    mixed: list[StreamEvent] = [TextDelta(index, "") for index in reversed(range(len(queues)))]
    while any(queues):
        queue = random.choice([queue for queue in queues if queue])
        mixed.append(queue.pop(0))
    came = shown([START, *mixed, DELTA, END])
    assert text(came) == "".join("".join(pieces) for pieces in texts)
    assert len(came) == len(mixed) + 3
