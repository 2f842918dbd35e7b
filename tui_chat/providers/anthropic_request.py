"""A request in the terms of the Messages API."""

from __future__ import annotations

from typing import Any

from tui_chat.chat.estimate import estimate_tokens
from tui_chat.chat.message import Role
from tui_chat.chat.parts import (
    FilePart,
    OpaquePart,
    Part,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolResultPart,
    is_thinking,
)
from tui_chat.chat.request import ReplyRequest, Tool, Turn
from tui_chat.providers.model_catalog import Facts, facts_of
from tui_chat.providers.structured_output import can_be_guaranteed, system_with_schema, without_lone_surrogates
from tui_chat.providers.utf8 import sendable

JsonDict = dict[str, Any]

DEFAULT_MAX_TOKENS = 8192
"""The longest reply to ask of a model whose own limit is not known."""

CACHED_FROM_TOKENS = 1024
"""Shorter conversations are not worth marking: most models do not cache them."""

WEB_SEARCH = {"type": "web_search_20250305", "name": "web_search", "max_uses": 5}

CODE_EXECUTION = {"type": "code_execution_20250825", "name": "code_execution"}

EFFORT_BUDGETS = {"low": 2_048, "medium": 8_192, "high": 24_576}
"""Thinking tokens that stand for an effort, where the model counts tokens, and the other way round."""

_DEFAULT_EFFORT = "medium"
_LEAST_BUDGET = 1_024
_LEAST_REPLY = 1_024
"""The tokens that thinking leaves for a reply, and a long conversation in the context."""
_CACHE = {"type": "ephemeral"}


def message_params(request: ReplyRequest, *, plain: bool = False) -> JsonDict:
    """Return the arguments of `messages.create`; `plain` ones drop what not every model can read of earlier turns."""
    facts, size = facts_of(request.model), estimate_tokens(request)
    params: JsonDict = {
        "model": request.model,
        "max_tokens": request.max_tokens or _most_tokens(facts, size),
    }
    guaranteed = request.schema if facts.schemas and can_be_guaranteed(request.schema or {}) else None
    cites = facts.citations and not guaranteed  # the API refuses both together
    params["messages"] = [_message(turn, plain, cites) for turn in request.turns]
    if (system := request.system if guaranteed else system_with_schema(request)).strip():
        params["system"] = [{"type": "text", "text": sendable(system)}]
    if stops := [sendable(text) for text in request.stop_sequences if text.strip()]:
        params["stop_sequences"] = stops
    own = [*([WEB_SEARCH] if request.web_search else []), *([CODE_EXECUTION] if request.code_execution else [])]
    if tools := [*own, *map(_tool, request.tools)]:
        params["tools"] = tools
    if not tools and (called := _tools_called(request)):
        # Earlier calls are only taken with a definition of their tools, which are not offered any more.
        params |= {"tools": called, "tool_choice": {"type": "none"}}
    if names := list(dict.fromkeys(request.betas)):
        params["extra_headers"] = {"anthropic-beta": ",".join(names)}
    params |= _thinking(request.thinking, params["max_tokens"], facts)
    if guaranteed:
        shape = {"type": "json_schema", "schema": without_lone_surrogates(guaranteed)}
        params["output_config"] = {**params.get("output_config", {}), "format": shape}
    if request.temperature is not None and facts.temperature and not _thinks(params):
        # The SDK no longer has a parameter for it, the models that take it still do.
        params["extra_body"] = {"temperature": request.temperature}
    if request.prompt_caching and len(request.turns) > 1 and size >= CACHED_FROM_TOKENS:
        _mark_for_caching(params)
    return params


def counting_params(request: ReplyRequest) -> JsonDict:
    """Return the arguments of `messages.count_tokens`."""
    params = message_params(request)
    counted = ("model", "messages", "system", "tools", "tool_choice", "thinking", "extra_headers")
    return {name: params[name] for name in counted if name in params}


def _most_tokens(facts: Facts, size: int) -> int:
    """Return the longest reply to ask for: all that the model can write, or that its context has room for."""
    limit, window = facts.model.max_output or DEFAULT_MAX_TOKENS, facts.model.context_window
    return limit if window is None else min(limit, max(window - size, _LEAST_REPLY))


def _message(turn: Turn, plain: bool, cites: bool) -> JsonDict:
    parts = [part for part in turn.parts if not (plain and _is_bound(part))]
    return {"role": turn.role.value, "content": [_block(part, cites) for part in parts]}


def _is_bound(part: Part) -> bool:
    """True if this is for its own model alone: thinking, and blocks of a kind that is not known here."""
    return is_thinking(part) or (isinstance(part, OpaquePart) and not part.kind.endswith("tool_result"))


def _block(part: Part, cites: bool) -> JsonDict:
    """Return a part as the content block that the API wants back: thinking unchanged, to the letter."""
    match part:
        case TextPart(text, citations):
            return {"type": "text", "text": sendable(text)} | ({"citations": list(citations)} if citations else {})
        case FilePart():
            return _file(part, cites)
        case ThinkingPart(text, signature):
            return {"type": "thinking", "thinking": text, "signature": signature}
        case ToolCallPart(id, name, _, server, more):
            kind = {"type": "server_tool_use" if server else "tool_use"}
            return kind | {"id": id, "name": name, "input": part.input if isinstance(part.input, dict) else {}, **more}
        case ToolResultPart(call_id, text, failed):
            result = {"type": "tool_result", "tool_use_id": call_id, "content": sendable(text)}
            return result | ({"is_error": True} if failed else {})
        case OpaquePart(_, block):
            return dict(block)


def _tool(tool: Tool) -> JsonDict:
    return {"name": tool.name, "description": sendable(tool.description), "input_schema": dict(tool.input_schema)}


def _tools_called(request: ReplyRequest) -> list[JsonDict]:
    """Return definitions of the tools of ours that earlier replies called."""
    parts = (part for turn in request.turns for part in turn.parts if isinstance(part, ToolCallPart))
    names = dict.fromkeys(part.name for part in parts if not part.server)
    return [{"name": name, "description": "Not there any more.", "input_schema": {"type": "object"}} for name in names]


def _file(file: FilePart, cites: bool) -> JsonDict:
    """Return a file as the API takes it: an image has no name there. Of documents all are to be cited, or none."""
    encoding, data = ("text", sendable(file.data)) if file.is_text else ("base64", file.data)
    source = {"type": encoding, "media_type": file.media_type, "data": data}
    if file.is_picture:
        return {"type": "image", "source": source}
    document = {"type": "document", "title": sendable(file.name), "source": source}
    return document | ({"citations": {"enabled": True}} if cites else {})


def _thinking(wish: str, max_tokens: int, facts: Facts) -> JsonDict:
    """Return the thinking that the user wishes for, in the form that the model takes."""
    if wish == "off":
        return {"thinking": {"type": facts.thinking_off}} if facts.thinking_off else {}
    if facts.thinking == "adaptive":
        thinking = {"thinking": {"type": "adaptive", "display": "summarized"}}
        return thinking if wish == "on" else {**thinking, "output_config": {"effort": _effort(wish)}}
    budget = min(_budget(wish), max_tokens - _LEAST_REPLY)
    if facts.thinking != "budget" or budget < _LEAST_BUDGET:
        return {}
    return {"thinking": {"type": "enabled", "budget_tokens": budget}}


def _effort(wish: str) -> str:
    if not wish.isdigit():
        return wish
    return next((effort for effort, budget in EFFORT_BUDGETS.items() if int(wish) <= budget), "high")


def _budget(wish: str) -> int:
    return int(wish) if wish.isdigit() else EFFORT_BUDGETS.get(wish, EFFORT_BUDGETS[_DEFAULT_EFFORT])


def _thinks(params: JsonDict) -> bool:
    return params.get("thinking", {}).get("type") in ("adaptive", "enabled")


def _mark_for_caching(params: JsonDict) -> None:
    """Have everything up to the last prompt kept: the next turn reads it for a fraction of the price.

    The prompt before it is marked again: what was kept is looked for only some twenty blocks before a mark, and a reply
    with searches can have more.
    """
    if "system" in params:
        params["system"][-1]["cache_control"] = _CACHE
    prompts = [message for message in params["messages"] if message["role"] == Role.USER.value]
    for prompt in prompts[-2:]:
        prompt["content"][-1]["cache_control"] = _CACHE
