"""The text of a conversation, in the JSON of the conventions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from tui_chat.chat.parts import FilePart, OpaquePart, Part, TextPart, ThinkingPart, ToolCallPart, ToolResultPart
from tui_chat.chat.protocols import ReplyRecord

FINISH_REASONS = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_call",
    "refusal": "content_filter",
}
"""The reasons that the conventions name; any other is passed on as it came."""


def texts_of(record: ReplyRecord) -> dict[str, str]:
    """Return the attributes that hold the system prompt, the conversation and the reply."""
    request, reply = record.request, record.reply
    reason = reply.metadata.stop_reason or reply.status.value
    said = [{"role": turn.role.value, "parts": list(_parts(turn.parts))} for turn in request.turns]
    answer = {
        "role": reply.role.value,
        "parts": list(_parts(reply.parts)),
        "finish_reason": FINISH_REASONS.get(reason, reason),
    }
    texts = {"gen_ai.input.messages": _json(said), "gen_ai.output.messages": _json([answer])}
    if request.system.strip():
        texts["gen_ai.system_instructions"] = _json([{"type": "text", "content": request.system}])
    return texts


def _parts(parts: Iterable[Part]) -> Iterator[dict[str, object]]:
    """Yield the parts that can be read; what is only sent back as it came is of no use to a collector."""
    for part in parts:
        match part:
            case TextPart(text):
                yield {"type": "text", "content": text}
            case FilePart(name, media_type):
                yield {"type": "file", "name": name, "mime_type": media_type}
            case ThinkingPart(text) if text:
                yield {"type": "reasoning", "content": text}
            case ToolCallPart(id, name, arguments):
                yield {"type": "tool_call", "id": id, "name": name, "arguments": part.input or arguments}
            case ToolResultPart(id, text):
                yield {"type": "tool_call_response", "id": id, "response": text}
            case OpaquePart(block={"tool_use_id": str(id)} as block):
                yield {"type": "tool_call_response", "id": id, "response": block.get("content")}


def _json(value: object) -> str:
    return json.dumps(value, default=str)  # in ASCII: a lone surrogate in a reply is not valid in UTF-8
