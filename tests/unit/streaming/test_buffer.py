"""The buffer between a reply's thread and the screen: whenever the screen looks, it has everything once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_chat.chat.events import BlockStart, BlockStop, MessageStart, StreamEvent, TextDelta
from tui_chat.chat.parts import TextPart, text_of
from tui_chat.streaming.buffer import TokenBuffer

BLOCKS = 3
BEFORE = (TextPart("Before. "),)


@st.composite
def interleaved(draw: st.DrawFn) -> list[StreamEvent]:
    """Return the blocks of a reply, each in its own order, mixed in any way that begins them in order."""
    left: list[list[StreamEvent]] = [
        [BlockStart(i, "text"), *(TextDelta(i, f"{i}{n} ") for n in range(3)), BlockStop(i)] for i in range(BLOCKS)
    ]
    events: list[StreamEvent] = [MessageStart("m", "model"), left[0].pop(0)]
    while any(left):
        begun = [i for i, events in enumerate(left) if events and (i == 0 or len(left[i - 1]) < 5)]
        events.append(left[draw(st.sampled_from(begun))].pop(0))
    return events


def text_in(events: list[StreamEvent]) -> str:
    """Return the text that events bring, as they come."""
    return "".join(event.text for event in events if isinstance(event, TextDelta))


@given(interleaved(), st.lists(st.sampled_from(["drain", "catch up", "wait"]), min_size=40, max_size=40))
def test_whoever_drains_and_catches_up_in_any_order_has_the_whole_text_once(
    events: list[StreamEvent], looks: list[str]
) -> None:
    buffer, shown = TokenBuffer(BEFORE), text_of(BEFORE)
    for event, look in zip(events, looks, strict=False):
        buffer.put(event)
        if look == "drain":
            shown += text_in(buffer.drain())
        elif look == "catch up":
            shown = text_of(buffer.catch_up())
            assert buffer.unshown == 0
    buffer.end()
    assert shown + text_in(buffer.drain()) == text_of(buffer.parts) == text_of(buffer.reply.parts)


def test_the_screen_is_told_when_there_is_something_to_show_and_then_no_more_until_it_has_drained() -> None:
    buffer = TokenBuffer()
    assert buffer.put(TextDelta(0, "a"))
    assert not buffer.put(TextDelta(0, "b"))
    assert buffer.drain() == [TextDelta(0, "ab")]
    assert buffer.put(TextDelta(0, "c"))


def test_what_waits_for_its_turn_tells_nobody_and_is_in_no_parts_until_it_is_let_through() -> None:
    buffer = TokenBuffer()
    buffer.put(BlockStart(0, "text"))
    buffer.drain()
    assert not buffer.put(TextDelta(1, "later"))
    assert buffer.out_of_order
    assert buffer.parts == (TextPart(""),)
    assert buffer.end()
    assert text_of(buffer.parts) == "later"
