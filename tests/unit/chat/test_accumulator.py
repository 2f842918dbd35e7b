"""Events add up to a message's parts, usage and end, in whatever order and pieces they come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.chat.accumulator import ReplyAccumulator
from tui_chat.chat.events import (
    BlockStart,
    BlockStop,
    CitationsDelta,
    InputJsonDelta,
    MessageDelta,
    MessageStart,
    MessageStop,
    ReplyRestarted,
    SignatureDelta,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
    ToolAnswered,
    coalesced,
    event_from_json,
    event_to_json,
)
from tui_chat.chat.parts import (
    OpaquePart,
    Part,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolResultPart,
    parts_from_json,
    parts_to_json,
)
from tui_chat.chat.usage import Usage

CITATION = {"type": "web_search_result_location", "url": "https://example.com"}

CASES: dict[str, tuple[list[StreamEvent], tuple[Part, ...]]] = {
    "text in pieces": ([TextDelta(0, "Hel"), TextDelta(0, "lo")], (TextPart("Hello"),)),
    "several blocks, in index order": (
        [BlockStart(1, "text"), TextDelta(1, "b"), BlockStart(0, "text"), TextDelta(0, "a")],
        (TextPart("a"), TextPart("b")),
    ),
    "a delta before its start": ([TextDelta(0, "a"), BlockStart(0, "text"), TextDelta(0, "b")], (TextPart("ab"),)),
    "two starts of one block": (
        [BlockStart(0, "text"), TextDelta(0, "a"), BlockStart(0, "text"), TextDelta(0, "b")],
        (TextPart("ab"),),
    ),
    "thinking with its signature": (
        [BlockStart(0, "thinking"), ThinkingDelta(0, "hm"), SignatureDelta(0, "sig"), BlockStop(0)],
        (ThinkingPart("hm", "sig"),),
    ),
    "a tool call": (
        [
            BlockStart(0, "tool_use", {"type": "tool_use", "id": "t1", "name": "look"}),
            InputJsonDelta(0, '{"a":'),
            InputJsonDelta(0, "1}"),
        ],
        (ToolCallPart("t1", "look", '{"a":1}'),),
    ),
    "a server tool and its result": (
        [
            BlockStart(0, "server_tool_use", {"id": "s1", "name": "web_search"}),
            BlockStart(1, "web_search_tool_result", {"tool_use_id": "s1"}),
        ],
        (
            ToolCallPart("s1", "web_search", "", server=True),
            OpaquePart("web_search_tool_result", {"tool_use_id": "s1"}),
        ),
    ),
    "a call of a tool that another server runs": (
        [BlockStart(0, "mcp_tool_use", {"type": "mcp_tool_use", "id": "m1", "name": "look", "server_name": "s"})],
        (ToolCallPart("m1", "look", "", server=True, more={"type": "mcp_tool_use", "server_name": "s"}),),
    ),
    "the other fields of a call": (
        [BlockStart(0, "tool_use", {"type": "tool_use", "id": "t1", "name": "look", "input": {}, "caller": "c"})],
        (ToolCallPart("t1", "look", "", more={"caller": "c"}),),
    ),
    "deltas whose starts never came": (
        [
            ThinkingDelta(0, "hm"),
            SignatureDelta(1, "sig"),
            InputJsonDelta(2, "{}"),
            CitationsDelta(3, CITATION),
            TextDelta(4, "a"),
        ],
        (
            ThinkingPart("hm"),
            ThinkingPart("", "sig"),
            ToolCallPart("", "", "{}"),
            TextPart("", (CITATION,)),
            TextPart("a"),
        ),
    ),
    "citations stay with their text": (
        [TextDelta(0, "a"), CitationsDelta(0, CITATION)],
        (TextPart("a", (CITATION,)),),
    ),
    "events after the end do not count": ([TextDelta(0, "a"), MessageStop(), TextDelta(0, "b")], (TextPart("a"),)),
    "what came before it began anew does not count": (
        [MessageStart(), TextDelta(0, "a"), ReplyRestarted(), MessageStart(), TextDelta(0, "b")],
        (TextPart("b"),),
    ),
    "nothing": ([MessageStart(), MessageStop()], ()),
}


@pytest.mark.parametrize("name", CASES)
def test_events_add_up_to_parts(name: str) -> None:
    events, parts = CASES[name]
    assert ReplyAccumulator().extend(events).parts == parts


def test_usage_is_cumulative_and_null_keeps_what_was_known() -> None:
    reply = ReplyAccumulator().extend(
        [
            MessageStart("m", "model", Usage(input_tokens=10, output_tokens=1, cache_read_input_tokens=5)),
            MessageDelta(None, Usage(output_tokens=7)),
            MessageDelta("end_turn", Usage(input_tokens=12, output_tokens=9)),
        ]
    )
    assert reply.usage == Usage(12, 9, 5, None)
    assert (reply.id, reply.model, reply.stop_reason, reply.complete) == ("m", "model", "end_turn", False)


def test_a_request_of_no_tokens_is_one_that_was_not_counted() -> None:
    reply = ReplyAccumulator().extend([MessageStart("m", "model", Usage(input_tokens=0, output_tokens=0))])
    assert reply.usage == Usage()
    cached = Usage(input_tokens=0, output_tokens=0, cache_read_input_tokens=7)
    assert ReplyAccumulator().extend([MessageStart("m", "model", cached)]).usage.prompt_tokens == 7


def test_what_is_said_of_why_it_stopped_is_kept() -> None:
    details = {"type": "refusal", "category": "bio", "explanation": "No."}
    reply = ReplyAccumulator().extend([MessageDelta("refusal", stop_details=details), MessageDelta()])
    assert (reply.stop_reason, reply.stop_details) == ("refusal", details)


def test_thinking_is_timed_from_its_first_event_to_its_last() -> None:
    times = iter([10.0, 10.5, 12.0, 20.0])
    reply = ReplyAccumulator(clock=lambda: next(times))
    reply.extend([BlockStart(0, "thinking"), ThinkingDelta(0, "h"), BlockStop(0), TextDelta(1, "So"), BlockStop(1)])
    reply.add(ThinkingDelta(2, "m"))
    kept = parts_from_json(parts_to_json(reply.parts))
    assert [part.duration_ms for part in kept if isinstance(part, ThinkingPart)] == [2000.0, 0.0]


@pytest.mark.parametrize("kept", [None, "12", -1, True, float("nan"), float("inf")])
def test_a_time_that_is_none_is_not_known(kept: object) -> None:
    (part,) = parts_from_json([{"type": "thinking", "text": "hm", "signature": "", "duration_ms": kept}])
    assert isinstance(part, ThinkingPart)
    assert part.duration_ms is None


def test_a_reply_that_goes_on_joins_the_text_it_ends_in() -> None:
    reply = ReplyAccumulator((ThinkingPart("t", "s"), TextPart("Once ")))
    reply.extend([TextDelta(0, "upon"), TextDelta(0, " a time")])
    assert reply.parts == (ThinkingPart("t", "s"), TextPart("Once upon a time"))
    assert reply.text_length == len("Once upon a time")


def test_a_reply_that_goes_on_keeps_what_stands_around_the_join() -> None:
    reply = ReplyAccumulator((TextPart("Not this."), ThinkingPart("t", "s"), TextPart("Once ", (CITATION,))))
    reply.extend([TextDelta(0, "upon"), CitationsDelta(0, CITATION), ThinkingDelta(1, "hm"), TextDelta(2, "a time")])
    assert reply.parts == (
        TextPart("Not this."),
        ThinkingPart("t", "s"),
        TextPart("Once ", (CITATION,)),
        TextPart("upon", (CITATION,)),
        ThinkingPart("hm"),
        TextPart("a time"),
    )


def test_what_follows_the_joined_text_is_kept() -> None:
    reply = ReplyAccumulator((TextPart("Once "),))
    reply.extend([TextDelta(0, "upon"), ThinkingDelta(1, "hm"), TextDelta(2, "a time")])
    assert reply.parts == (TextPart("Once upon"), ThinkingPart("hm"), TextPart("a time"))


def test_a_reply_goes_on_after_the_results_of_its_calls() -> None:
    reply = ReplyAccumulator()
    reply.extend([MessageStart("a", "m"), BlockStart(0, "tool_use", {"id": "t", "name": "now"})])
    reply.extend([ToolAnswered("t", "noon"), MessageStart("b", "m"), TextDelta(0, "It is noon.")])
    assert reply.parts == (ToolCallPart("t", "now", ""), ToolResultPart("t", "noon"), TextPart("It is noon."))


def test_the_blocks_are_numbered_as_they_came() -> None:
    reply = ReplyAccumulator()
    assert (reply.last_index, reply.text_length) == (-1, 0)
    reply.extend([TextDelta(3, "a"), TextDelta(1, "b")])
    assert (reply.last_index, reply.text_length) == (3, 2)


def test_thinking_is_timed_to_a_tenth_of_a_millisecond() -> None:
    times = iter([0.0, 0.12344])
    reply = ReplyAccumulator(clock=lambda: next(times)).extend([ThinkingDelta(0, "h"), ThinkingDelta(0, "m")])
    assert [part.duration_ms for part in reply.parts if isinstance(part, ThinkingPart)] == [123.4]


def test_successive_replies_share_nothing() -> None:
    ReplyAccumulator().add(TextDelta(0, "first"))
    assert ReplyAccumulator().extend([TextDelta(0, "second")]).parts == (TextPart("second"),)


deltas = st.one_of(
    st.builds(TextDelta, st.integers(0, 2), st.text(max_size=4)),
    st.builds(ThinkingDelta, st.integers(3, 4), st.text(max_size=4)),
    st.builds(InputJsonDelta, st.integers(5, 6), st.text(max_size=4)),
    st.builds(MessageDelta, st.none(), st.builds(Usage, st.none() | st.integers(0, 9), st.none() | st.integers(0, 9))),
    st.builds(BlockStop, st.integers(0, 6)),
)


@given(st.lists(deltas, max_size=30))
def test_joined_events_have_the_same_effect_and_survive_json(events: list[StreamEvent]) -> None:
    plain = ReplyAccumulator().extend(events)
    joined = [event_from_json(event_to_json(event)) for event in coalesced(events)]
    assert len(joined) <= len(events)
    again = ReplyAccumulator().extend(joined)
    assert (again.parts, again.usage, again.text_length) == (plain.parts, plain.usage, plain.text_length)
