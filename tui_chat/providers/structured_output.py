"""A reply with a shape: what a schema must be like for a vendor's own mechanism, and the words where there is none."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tui_chat.chat.events import JsonObject
from tui_chat.chat.request import ReplyRequest
from tui_chat.providers.utf8 import sendable

_GUARANTEED = {
    *("type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf"),
    *("$ref", "$defs", "definitions", "title", "description", "$schema"),
}
"""The keywords that both vendors guarantee; a request with another one is refused."""

_IN_WORDS = (
    "Answer with nothing but one JSON document that is valid against this JSON Schema, without a code fence and "
    "without a word before or after it:\n\n{schema}"
)


def system_with_schema(request: ReplyRequest) -> str:
    """Return the system prompt with the schema in plain words, for a model that has no mechanism for it."""
    if request.schema is None:
        return request.system
    words = _IN_WORDS.format(schema=json.dumps(request.schema))
    return f"{request.system}\n\n{words}" if request.system.strip() else words


def can_be_guaranteed(schema: JsonObject) -> bool:
    """True if a schema keeps to what vendors guarantee: closed objects, no ranges, no patterns."""
    return schema.get("type") == "object" and all(map(_is_plain, _schemas(schema)))


def requires_all(schema: JsonObject) -> bool:
    """True if no object may leave a property out, without which OpenAI guarantees nothing."""
    return all(set(_mapping(inner.get("properties"))) <= set(inner.get("required", ())) for inner in _schemas(schema))


def response_format(schema: JsonObject) -> dict[str, Any]:
    """Return a schema as the `response_format` of Chat Completions."""
    strict = can_be_guaranteed(schema) and requires_all(schema)
    return {"type": "json_schema", "json_schema": {"name": "reply", "schema": dict(schema), "strict": strict}}


def without_lone_surrogates(schema: JsonObject) -> JsonObject:
    """Return a schema whose every string can be sent."""
    clean: JsonObject = json.loads(sendable(json.dumps(schema, ensure_ascii=False)))
    return clean


def _is_plain(schema: Mapping[str, Any]) -> bool:
    if not set(schema) <= _GUARANTEED:
        return False
    return schema.get("type") != "object" or schema.get("additionalProperties") is False


def _schemas(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a schema and those within it."""
    yield schema
    named = [_mapping(schema.get(place)) for place in ("properties", "$defs", "definitions")]
    any_of = schema.get("anyOf", ())
    inner = [value for values in named for value in values.values()] + [schema.get("items"), *any_of]
    for value in inner:
        if isinstance(value, Mapping):
            yield from _schemas(value)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
