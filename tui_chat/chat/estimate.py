"""An estimate of a request's size, before the provider has counted it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tui_chat.chat.parts import FilePart, OpaquePart, Part, TextPart, ThinkingPart, ToolCallPart, ToolResultPart

if TYPE_CHECKING:
    from tui_chat.chat.request import ReplyRequest

_BYTES_PER_TOKEN = 3
"""Of UTF-8: near the truth for English prose and for Chinese, a little high, which is the safe side."""

_TOKENS_PER_TURN = 4
_IMAGE_TOKENS = 1_600
_PDF_BYTES_PER_TOKEN = 25


def estimate_tokens(request: ReplyRequest) -> int:
    """Return a local estimate of a request's size in tokens; the true count is `count_tokens`."""
    size = utf8_size(request.system) + sum(_part_bytes(part) for turn in request.turns for part in turn.parts)
    size += sum(_json_bytes([tool.name, tool.description, tool.input_schema]) for tool in request.tools)
    return tokens_in(size) + _TOKENS_PER_TURN * len(request.turns)


def tokens_in(size: int) -> int:
    """Return the tokens in so many bytes of text, by their usual length."""
    return size // _BYTES_PER_TOKEN


def utf8_size(text: str) -> int:
    """Return the bytes of a text."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def file_tokens(file: FilePart) -> int:
    """Return an estimate of a file's size in tokens."""
    return tokens_in(_file_bytes(file))


def _part_bytes(part: Part) -> int:
    match part:
        case TextPart(text) | ThinkingPart(text) | ToolResultPart(text=text):
            return utf8_size(text)
        case FilePart():
            return _file_bytes(part)
        case ToolCallPart(_, name, arguments):
            return utf8_size(name) + utf8_size(arguments)
        case OpaquePart(_, block):
            return _json_bytes(block)


def _json_bytes(value: object) -> int:
    return len(json.dumps(value, default=str))


def _file_bytes(file: FilePart) -> int:
    """Return the bytes of prose with as many tokens: an image's depend on its pixels, a PDF's on its pages."""
    if file.is_text:
        return file.size
    if file.is_picture:
        return _IMAGE_TOKENS * _BYTES_PER_TOKEN
    return file.size // _PDF_BYTES_PER_TOKEN * _BYTES_PER_TOKEN
