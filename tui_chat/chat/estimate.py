"""An estimate of a request's size, before the provider has counted it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tui_chat.chat.parts import FilePart, OpaquePart, Part, TextPart, ThinkingPart, ToolCallPart, ToolResultPart

if TYPE_CHECKING:
    from tui_chat.chat.request import ReplyRequest, Tool

_BYTES_PER_TOKEN = 3
"""Of UTF-8: near the truth for English prose and for Chinese, a little high, which is the safe side."""

_TOKENS_PER_TURN = 4
_IMAGE_TOKENS = 1_600
_PDF_BYTES_PER_TOKEN = 25
_CALLING_TOKENS = 350
"""Tokens that a provider adds where there are tools, to tell a model how they are called."""
_PROVIDERS_TOOL_TOKENS = 500
"""The definition of a tool that the provider runs, which is its own: a guess."""


def estimate_tokens(request: ReplyRequest) -> int:
    """Return a local estimate of a request's size in tokens; the true count is `count_tokens`."""
    size = utf8_size(request.system) + sum(_part_bytes(part) for turn in request.turns for part in turn.parts)
    return tokens_in(size) + _TOKENS_PER_TURN * len(request.turns) + tools_tokens(request)


def tools_tokens(request: ReplyRequest) -> int:
    """Return the size of the definitions of all tools that a request offers."""
    theirs = request.web_search + request.code_execution
    if not (theirs or request.tools):
        return 0
    return _CALLING_TOKENS + theirs * _PROVIDERS_TOOL_TOKENS + tokens_in(sum(map(_tool_bytes, request.tools)))


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


def _tool_bytes(tool: Tool) -> int:
    return _json_bytes([tool.name, tool.description, tool.input_schema])


def _json_bytes(value: object) -> int:
    return len(json.dumps(value, default=str))


def _file_bytes(file: FilePart) -> int:
    """Return the bytes of prose with as many tokens: an image's depend on its pixels, a PDF's on its pages."""
    if file.is_text:
        return file.size
    if file.is_picture:
        return _IMAGE_TOKENS * _BYTES_PER_TOKEN
    return file.size // _PDF_BYTES_PER_TOKEN * _BYTES_PER_TOKEN
