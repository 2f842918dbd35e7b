"""A request in the terms of the Messages API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui_chat.chat.parts import OpaquePart, Part, TextPart, ThinkingPart, ToolCallPart
from tui_chat.chat.request import ReplyRequest

DEFAULT_MAX_TOKENS = 8192


def message_params(request: ReplyRequest) -> dict[str, Any]:
    """The arguments of `messages.create`."""
    params: dict[str, Any] = {
        "model": request.model,
        "max_tokens": request.max_tokens or DEFAULT_MAX_TOKENS,
        "messages": [
            {"role": turn.role.value, "content": [block_param(part) for part in turn.parts]} for turn in request.turns
        ],
    }
    if request.system:
        params["system"] = request.system
    if request.stop_sequences:
        params["stop_sequences"] = list(request.stop_sequences)
    if request.temperature is not None:
        params["extra_body"] = {"temperature": request.temperature}
    return params


def block_param(part: Part) -> Mapping[str, Any]:
    """A part as the content block that the API wants back."""
    match part:
        case TextPart(text, citations):
            return {"type": "text", "text": text} | ({"citations": list(citations)} if citations else {})
        case ThinkingPart(text, signature):
            return {"type": "thinking", "thinking": text, "signature": signature}
        case ToolCallPart(id, name, _, server):
            return {"type": "server_tool_use" if server else "tool_use", "id": id, "name": name, "input": part.input}
        case OpaquePart(_, block):
            return block
