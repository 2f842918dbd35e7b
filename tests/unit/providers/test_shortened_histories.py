"""A conversation with deleted messages: what is sent of the rest is what the wire accepts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tui_chat.chat.message import Message, Role
from tui_chat.chat.parts import FilePart, Part, TextPart, ThinkingPart, ToolCallPart, ToolResultPart
from tui_chat.chat.request import ReplyRequest, turns_from
from tui_chat.providers import anthropic_request, openai_request

THOUGHT, TEXT = ThinkingPart("hm", "sig"), TextPart("text")
REPLIES: Sequence[tuple[Part, ...]] = (
    (TEXT,),
    (THOUGHT, TEXT),
    (THOUGHT,),
    (),
    (THOUGHT, TEXT, ToolCallPart("t1", "look", "{}")),
)
PROMPTS: Sequence[tuple[Part, ...]] = (
    (TEXT,),
    (FilePart("a.txt", "text/plain", "content"), TEXT),
    (ToolResultPart("t1", "found"),),
    (ToolResultPart("t1", "found"), TEXT),
)


@st.composite
def shortened(draw: st.DrawFn) -> list[Message]:
    """Draw what is left of a conversation after some of its messages were deleted, and a prompt at its end."""
    messages = []
    for _ in range(draw(st.integers(1, 5))):
        messages.append(Message(Role.USER, draw(st.sampled_from(PROMPTS))))
        messages.append(Message(Role.ASSISTANT, draw(st.sampled_from(REPLIES))))
    left = [message for message in messages if draw(st.booleans())]
    return [*left, Message(Role.USER, (TextPart("and now?"),))]


@given(shortened())
def test_anthropic_takes_it(messages: list[Message]) -> None:
    request = ReplyRequest("claude-sonnet-4-5", turns_from(messages), thinking="on")
    sent: list[dict[str, Any]] = anthropic_request.message_params(request)["messages"]
    assert [turn["role"] for turn in sent] == [("user", "assistant")[at % 2] for at in range(len(sent))]
    for before, turn in zip([None, *sent], sent, strict=False):
        kinds = [block["type"] for block in turn["content"]]
        results = [block["tool_use_id"] for block in turn["content"] if block["type"] == "tool_result"]
        asked = [block["id"] for block in (before or {"content": []})["content"] if block["type"] == "tool_use"]
        assert results == asked
        assert kinds[: len(results)] == ["tool_result"] * len(results)
        assert "thinking" not in kinds[1:]
        assert kinds != ["thinking"]


@given(shortened())
def test_openai_takes_it(messages: list[Message]) -> None:
    request = ReplyRequest("gpt-5", turns_from(messages))
    sent: list[dict[str, Any]] = openai_request.completion_params(request, vendor=True)["messages"]
    roles = [turn["role"] for turn in sent if turn["role"] != "tool"]
    assert roles[-1] == "user"
    assert all(turn.get("content") or turn.get("tool_calls") for turn in sent)


@given(shortened())
def test_nothing_of_what_is_left_is_dropped_but_what_has_lost_its_counterpart(messages: list[Message]) -> None:
    whole = [replace(message, parts=tuple(p for p in message.parts if isinstance(p, TextPart))) for message in messages]
    first_prompt = next(at for at, message in enumerate(whole) if message.role is Role.USER and message.parts)
    texts = sum(len(message.parts) for message in whole[first_prompt:])
    turns = turns_from(whole)
    sent = "".join(part.text for turn in turns for part in turn.parts if isinstance(part, TextPart))
    assert sent.count("text") + 1 == texts
