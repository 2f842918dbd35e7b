"""The checks of the real API: requests are held to its rules, and refused in its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tui_chat.demo.blocks import SIGNED, signature_of

_MAX_CACHE_MARKS = 4
_EMPTY = "all messages must have non-empty content except for the optional final assistant message"
_NO_RESULT = (
    "`tool_use` ids were found without `tool_result` blocks immediately after: {}. Each `tool_use` block must have a "
    "corresponding `tool_result` block in the next message."
)
_NO_CALL = (
    "unexpected `tool_use_id` found in `tool_result` blocks: {}. Each `tool_result` block must have a corresponding "
    "`tool_use` block in the previous message."
)
_NO_SEARCH_RESULT = (
    "`web_search` tool use with id `{}` was found without a corresponding `web_search_tool_result` block"
)
_KINDS = (
    *("text", "image", "document", "search_result", "thinking", "redacted_thinking"),
    *("tool_use", "tool_result", "server_tool_use", "web_search_tool_result", "web_fetch_tool_result"),
    *("code_execution_tool_result", "bash_code_execution_tool_result", "text_editor_code_execution_tool_result"),
    *("tool_search_tool_result", "container_upload", "block_of_tomorrow"),
)
"""The block types that are taken back; the last is one that this server alone sends."""


def objection_to(body: object, *, counting: bool = False) -> str | None:
    """Return the first thing that is wrong with a request; None if it is well formed."""
    if not isinstance(body, dict):
        return "Input should be a valid dictionary or object to extract fields from"
    return next(_objections(body, counting), None)


def _objections(body: Mapping[str, Any], counting: bool) -> Iterator[str]:
    if not isinstance(body.get("model"), str) or not body["model"]:
        yield "model: Field required"
    limit = body.get("max_tokens")
    if not counting and limit is None:
        yield "max_tokens: Field required"
    if not counting and (not isinstance(limit, int) or isinstance(limit, bool) or limit < 1):
        yield "max_tokens: Input should be an integer greater than or equal to 1"
    if not isinstance(body.get("messages"), list):
        yield "messages: Field required"
    if not _is_list_of_strings(body.get("stop_sequences") or []):
        yield "stop_sequences: Input should be a valid list of strings"
    yield from _output_format(body.get("output_config"), body["messages"])
    yield from _citations(body)
    yield from _thinking_option(body.get("thinking"), limit)
    yield from _messages(body["messages"])
    if (marks := _cache_marks(body)) > _MAX_CACHE_MARKS:
        yield f"A maximum of {_MAX_CACHE_MARKS} blocks with cache_control may be provided. Found {marks}."


def _output_format(config: object, messages: Sequence[Any]) -> Iterator[str]:
    shape = config.get("format") if isinstance(config, dict) else None
    if shape is None:
        return
    if not isinstance(shape, dict) or shape.get("type") != "json_schema":
        yield "output_config.format.type: Input should be 'json_schema'"
    elif not isinstance(schema := shape.get("schema"), dict):
        yield "output_config.format.schema: Field required"
    elif schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        yield "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false"
    if messages and isinstance(messages[-1], dict) and messages[-1].get("role") == "assistant":
        yield "messages: a reply that is begun cannot be combined with output_config.format"


def _citations(body: Mapping[str, Any]) -> Iterator[str]:
    contents = [message.get("content") for message in body["messages"] if isinstance(message, dict)]
    blocks = [block for content in contents if isinstance(content, list) for block in content]
    documents = [block for block in blocks if isinstance(block, dict) and block.get("type") == "document"]
    cited = [isinstance(found := block.get("citations"), dict) and found.get("enabled") is True for block in documents]
    if any(cited) and not all(cited):
        yield "messages: citations must be enabled on all documents, or on none of them"
    config = body.get("output_config")
    if any(cited) and isinstance(config, dict) and config.get("format"):
        yield "output_config.format: citations are not supported with output_config.format"


def _thinking_option(option: object, limit: object) -> Iterator[str]:
    if not isinstance(option, dict) or option.get("type") != "enabled":
        return
    budget = option.get("budget_tokens")
    if not isinstance(budget, int) or budget < 1024:
        yield "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024"
    elif isinstance(limit, int) and limit <= budget:
        yield "`max_tokens` must be greater than `thinking.budget_tokens`."


def _messages(messages: Sequence[Any]) -> Iterator[str]:
    if not messages:
        yield "messages: at least one message is required"
    for number, message in enumerate(messages):
        yield from _shape(number, message)
        last = number == len(messages) - 1
        if not message["content"] and not (last and message["role"] == "assistant"):
            yield f"messages.{number}: {_EMPTY}"
    if messages[0]["role"] != "user":
        yield 'messages: first message must use the "user" role'
    for number, message in enumerate(messages):
        yield from _texts(message["content"])
        yield from _signatures(number, _blocks(message))
        yield from _tool_calls(number, _blocks(message), messages[number + 1 : number + 2])
    yield from _prefill(messages[-1])


def _shape(number: int, message: object) -> Iterator[str]:
    if not isinstance(message, dict):
        yield f"messages.{number}: Input should be a valid dictionary or object to extract fields from"
    elif message.get("role") not in ("user", "assistant"):
        yield f"messages.{number}.role: Input should be 'user' or 'assistant'"
    elif not isinstance(message.get("content"), str | list):
        yield f"messages.{number}.content: Input should be a valid list or string"
    elif isinstance(message["content"], list):
        for place, block in enumerate(message["content"]):
            if not isinstance(block, dict) or not isinstance(block.get("type"), str):
                yield f"messages.{number}.content.{place}: Input should be an object with a type"
            elif block["type"] not in _KINDS:
                tags = ", ".join(f"'{kind}'" for kind in _KINDS)
                found = (
                    f"Input tag '{block['type']}' found using 'type' does not match any of the expected tags: {tags}"
                )
                yield f"messages.{number}.content.{place}: {found}"
            elif block["type"] == "text" and not isinstance(block.get("text"), str):
                yield f"messages.{number}.content.{place}.text.text: Field required"


def _texts(content: str | Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if isinstance(content, str):
        texts = [content] if content else []
    else:
        texts = [block["text"] for block in content if block["type"] == "text"]
    for text in texts:
        if not text:
            yield "messages: text content blocks must be non-empty"
        elif not text.strip():
            yield "messages: text content blocks must contain non-whitespace text"


def _signatures(number: int, blocks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what is wrong with signatures: our own are checked; those of others cannot be."""
    for place, block in enumerate(blocks):
        if block["type"] != "thinking":
            continue
        thinking, signature = str(block.get("thinking")), block.get("signature")
        if not isinstance(signature, str) or not signature:
            yield f"messages.{number}.content.{place}.thinking.signature: Field required"
        elif signature.startswith(SIGNED) and signature != signature_of(thinking):
            yield f"messages.{number}.content.{place}: Invalid `signature` in `thinking` block"


def _tool_calls(number: int, blocks: Sequence[Mapping[str, Any]], following: Sequence[Any]) -> Iterator[str]:
    answers = [block for message in following for block in _blocks(message)]
    calls, results = _ids(blocks, "tool_use", "id"), _ids(answers, "tool_result", "tool_use_id")
    if missing := ", ".join(sorted(calls - results)):
        yield f"messages.{number}: {_NO_RESULT.format(missing)}"
    if unexpected := ", ".join(sorted(results - calls)):
        yield f"messages.{number + 1}.content.0: {_NO_CALL.format(unexpected)}"
    own = _ids(blocks, "server_tool_use", "id") - {str(block.get("tool_use_id")) for block in blocks}
    if own and following:
        yield f"messages.{number}: {_NO_SEARCH_RESULT.format(min(own))}"


def _ids(blocks: Sequence[Mapping[str, Any]], type: str, name: str) -> set[str]:
    return {str(block.get(name)) for block in blocks if block["type"] == type}


def _prefill(message: Mapping[str, Any]) -> Iterator[str]:
    if message["role"] != "assistant":
        return
    content = message["content"]
    last = content[-1] if isinstance(content, list) and content else {}
    if last.get("type") in ("thinking", "redacted_thinking"):
        yield "messages: The final block in an assistant message cannot be `thinking`."
    text = content if isinstance(content, str) else last.get("text")
    if isinstance(text, str) and text != text.rstrip():
        yield "messages: final assistant content cannot end with trailing whitespace"


def _blocks(message: Mapping[str, Any] | None) -> Sequence[Mapping[str, Any]]:
    return message["content"] if message is not None and isinstance(message["content"], list) else ()


def _is_list_of_strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _cache_marks(body: Mapping[str, Any]) -> int:
    places = [body.get("system"), body.get("tools"), *(message["content"] for message in body["messages"])]
    blocks = [block for place in places if isinstance(place, list) for block in place]
    return sum(isinstance(block, dict) and bool(block.get("cache_control")) for block in blocks)
