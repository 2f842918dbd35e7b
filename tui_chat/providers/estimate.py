"""How large a request is, before the provider has counted it."""

from __future__ import annotations

import json

from tui_chat.chat.parts import OpaquePart, Part, TextPart, ThinkingPart, ToolCallPart
from tui_chat.chat.request import ReplyRequest

_BYTES_PER_TOKEN = 3
"""Of UTF-8: near the truth for English prose and for Chinese, a little high, which is the safe side."""

_TOKENS_PER_TURN = 4


def estimate_tokens(request: ReplyRequest) -> int:
    """A local estimate of a request's size in tokens; the true count is `count_tokens`."""
    size = _bytes(request.system) + sum(_part_bytes(part) for turn in request.turns for part in turn.parts)
    return size // _BYTES_PER_TOKEN + _TOKENS_PER_TURN * len(request.turns)


def _part_bytes(part: Part) -> int:
    match part:
        case TextPart(text) | ThinkingPart(text):
            return _bytes(text)
        case ToolCallPart(_, name, arguments):
            return _bytes(name) + _bytes(arguments)
        case OpaquePart(_, block):
            return len(json.dumps(block, default=str))


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
