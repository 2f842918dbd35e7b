"""A request in the terms of Chat Completions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_chat.chat.events import JsonObject
from tui_chat.chat.message import Role
from tui_chat.chat.parts import FilePart, ToolCallPart, ToolResultPart, files_of, text_of
from tui_chat.chat.request import ReplyRequest, Tool, Turn
from tui_chat.providers.anthropic_request import EFFORT_BUDGETS
from tui_chat.providers.model_catalog import facts_of, has_web_search
from tui_chat.providers.structured_output import response_format, system_with_schema, without_lone_surrogates
from tui_chat.providers.utf8 import sendable

JsonDict = dict[str, Any]


def completion_params(request: ReplyRequest, *, vendor: bool) -> JsonDict:
    """Return the arguments of `chat.completions.create`; `vendor` tells OpenAI itself from servers like it."""
    facts = facts_of(request.model)
    params: JsonDict = {"model": request.model, "messages": list(_messages(request, vendor))}
    if request.max_tokens is not None:
        # OpenAI's own models refuse the old name, most other servers know no other.
        params["max_completion_tokens" if vendor else "max_tokens"] = request.max_tokens
    searches = vendor and has_web_search("openai", request.model)
    if request.web_search and searches:
        params["web_search_options"] = {}
    if request.temperature is not None and (facts.temperature or not vendor) and not searches:
        params["temperature"] = request.temperature
    if request.stop_sequences:
        params["stop"] = [sendable(text) for text in request.stop_sequences]
    if not vendor and request.turns and request.turns[-1].role is Role.ASSISTANT:
        # Some servers go on with a reply that is begun for them by themselves, others are to be told so.
        params["extra_body"] = {"continue_final_message": True, "add_generation_prompt": False}
    if request.tools:
        params["tools"] = [_tool(tool) for tool in request.tools]
    if request.schema is not None and _has_mechanism(request.schema, vendor):
        params["response_format"] = response_format(without_lone_surrogates(request.schema))
    if request.thinking not in ("off", "on"):
        params["reasoning_effort"] = _effort(request.thinking)
    return params


def _has_mechanism(schema: JsonObject, vendor: bool) -> bool:
    """True if a schema goes to OpenAI as such: only for objects, and other servers may not know what it is."""
    return vendor and schema.get("type") == "object"


def _messages(request: ReplyRequest, vendor: bool) -> Iterator[JsonDict]:
    in_words = request.schema is not None and not _has_mechanism(request.schema, vendor)
    if (system := system_with_schema(request) if in_words else request.system).strip():
        yield {"role": "system", "content": sendable(system)}
    for turn in request.turns:
        yield from _results(turn)
        if message := _message(turn):
            yield message


def _message(turn: Turn) -> JsonDict | None:
    """Return what a turn says; thinking and the work of Anthropic's server tools have no place on this wire."""
    text = sendable(text_of(turn.parts))
    words = [{"type": "text", "text": text}] if text else []
    if turn.role is Role.USER and (files := files_of(turn.parts)):
        return {"role": "user", "content": [*map(_file, files), *words]}
    if turn.role is Role.USER:
        return {"role": "user", "content": text} if text else None
    calls = [_call(part) for part in turn.parts if isinstance(part, ToolCallPart) and not part.server]
    message: JsonDict = {"role": "assistant", "content": text or None}
    if calls:
        message["tool_calls"] = calls
    return message if text or calls else None


def _file(file: FilePart) -> JsonDict:
    """Return a file as this wire has it; of text it knows nothing but text."""
    if file.is_text:
        return {"type": "text", "text": sendable(f"{file.name}:\n\n{file.data}")}
    url = f"data:{file.media_type};base64,{file.data}"
    if file.is_picture:
        return {"type": "image_url", "image_url": {"url": url}}
    return {"type": "file", "file": {"filename": sendable(file.name), "file_data": url}}


def _results(turn: Turn) -> Iterator[JsonDict]:
    for part in turn.parts:
        if isinstance(part, ToolResultPart):
            yield {"role": "tool", "tool_call_id": part.call_id, "content": sendable(part.text)}


def _call(part: ToolCallPart) -> JsonDict:
    return {"id": part.id, "type": "function", "function": {"name": part.name, "arguments": part.arguments or "{}"}}


def _tool(tool: Tool) -> JsonDict:
    function = {"name": tool.name, "description": sendable(tool.description), "parameters": dict(tool.input_schema)}
    return {"type": "function", "function": function}


def _effort(wish: str) -> str:
    if not wish.isdigit():
        return wish
    return next((effort for effort, budget in EFFORT_BUDGETS.items() if int(wish) <= budget), "high")
