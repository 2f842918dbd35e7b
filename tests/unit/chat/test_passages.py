"""A message with calls of tools as it is read, copied and exported."""

from __future__ import annotations

from tui_chat.chat.parts import OpaquePart, TextPart, ToolCallPart, ToolResultPart
from tui_chat.chat.passages import ToldCall, passages, text_with_sources

PARTS = (
    TextPart("Let me "),
    TextPart("see."),
    ToolCallPart("1", "sky__wind", '{"city":"Tromsø"}'),
    ToolCallPart("2", "now", '{"zone"'),
    ToolResultPart("1", "calm", duration_ms=4),
    ToolResultPart("2", "", failed=True, refused=True),
    TextPart("\n\nIt is calm."),
)


def test_text_is_parted_by_calls_and_each_call_has_its_result() -> None:
    found, sources = passages(PARTS)
    wind = ToldCall("sky:wind", '{\n  "city": "Tromsø"\n}', result=ToolResultPart("1", "calm"))
    now = ToldCall("now", '{"zone"', result=ToolResultPart("2", "", failed=True, refused=True))
    assert list(found) == ["Let me see.", wind, now, "\n\nIt is calm."]
    assert [call.heading for call in (wind, now)] == ["sky:wind · ok", "now · not allowed"]
    assert not sources


def test_a_call_without_a_result_says_so_and_a_result_without_a_call_stands_alone() -> None:
    found, _ = passages((ToolCallPart("1", "a", "{}"), ToolCallPart("2", "search", "{}", server=True)))
    assert [call.heading for call in found if isinstance(call, ToldCall)] == ["a · no result", "search"]
    found, _ = passages((ToolResultPart("9", "x", failed=True),))
    assert [call.heading for call in found if isinstance(call, ToldCall)] == ["tool · failed"]


def test_what_the_provider_ran_has_its_output() -> None:
    content = {"type": "code_execution_result", "stdout": "4\n", "return_code": 0}
    result = OpaquePart("code_execution_tool_result", {"tool_use_id": "1", "content": content})
    (call,), _ = passages((ToolCallPart("1", "code_execution", "{}", server=True), result))
    assert isinstance(call, ToldCall)
    assert call.result == ToolResultPart("1", "4")


def test_texts_around_a_call_are_copied_apart_and_without_it() -> None:
    assert text_with_sources(PARTS) == "Let me see.\n\nIt is calm."
    assert text_with_sources((TextPart("a\n"), TextPart("b "))) == "a\nb "
    assert text_with_sources(()) == ""
