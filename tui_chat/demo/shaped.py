"""The reply to a request for JSON of a shape: the smallest document that fits the schema, or one that breaks it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_VALUES: Mapping[str, object] = {"string": "a word", "number": 1.5, "integer": 1, "boolean": True, "null": None}


def schema_in(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the schema that a request has for its reply, if it has one."""
    config = body.get("output_config")
    shape = config.get("format") if isinstance(config, Mapping) else None
    schema = shape.get("schema") if isinstance(shape, Mapping) else None
    return schema if isinstance(schema, Mapping) else None


def document_for(schema: Mapping[str, Any], *, broken: bool) -> str:
    """Return a document for a schema, as text."""
    return json.dumps({"broken": None} if broken else _value(schema, schema))


def _value(schema: Mapping[str, Any], root: Mapping[str, Any], depth: int = 0) -> object:
    if depth > 20:
        return None
    if isinstance(reference := schema.get("$ref"), str):
        inner: Any = root
        for name in reference.removeprefix("#").strip("/").split("/"):
            inner = inner.get(name, {})
        return _value(inner, root, depth + 1)
    if "const" in schema:
        return schema["const"]
    for choices in ("enum", "anyOf"):
        if schema.get(choices):
            first = schema[choices][0]
            return first if choices == "enum" else _value(first, root, depth + 1)
    match schema.get("type"):
        case "object":
            return {name: _value(inner, root, depth + 1) for name, inner in schema.get("properties", {}).items()}
        case "array":
            return [_value(schema.get("items", {}), root, depth + 1)]
        case kind:
            return _VALUES.get(str(kind))
