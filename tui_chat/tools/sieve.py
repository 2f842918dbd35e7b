"""Takes tools that cannot be offered out of what a server tells, before the SDK reads it: one would cost all others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCResponse

from tui_chat.text import clean_line, reading

MOST_NAMED = 200


class Sieve:
    """Looks at every answer of one server."""

    def __init__(self) -> None:
        self.left_out: dict[str, str] = {}
        """The tools that were left out, by name, each with the reason."""

    def sifted(self, message: SessionMessage) -> SessionMessage:
        """Return a message without the tools that cannot be offered."""
        answer = message.message
        if isinstance(answer, JSONRPCResponse) and isinstance(answer.result.get("tools"), list):
            answer.result["tools"] = [tool for tool in answer.result["tools"] if self._is_usable(tool)]
        return message

    def _is_usable(self, tool: object) -> bool:
        known = reading.mapping(tool)
        name, problem = reading.name(known.get("name")), _problem_of(known)
        if problem and len(self.left_out) < MOST_NAMED:
            self.left_out[name or "a tool without a name"] = problem
        return not problem


def _problem_of(tool: Mapping[str, object]) -> str:
    """Return why a tool cannot be offered; "" if it can."""
    if not isinstance(tool.get("name"), str) or not tool["name"]:
        return "it has no name"
    if not isinstance(tool.get("description", ""), str | None):
        return "its description is no text"
    return _problem_of_schema(tool.get("inputSchema"))


def _problem_of_schema(schema: object) -> str:
    if not isinstance(schema, dict) or schema.get("type") != "object":
        return "its arguments have no schema of an object"
    try:
        bounded: Any = reading.bounded_object(schema)
    except ValueError:
        return "the schema of its arguments is too deep"
    from jsonschema import SchemaError
    from jsonschema.validators import validator_for

    try:
        validator_for(bounded).check_schema(bounded)
    except SchemaError as error:
        return f"the schema of its arguments is not valid ({clean_line(error.message)})"
    return ""
