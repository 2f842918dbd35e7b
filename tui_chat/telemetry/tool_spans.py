"""The attributes of a tool's call, by the conventions' names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui_chat.chat.protocols import ToolRun

OPERATION = "execute_tool"
FAILED = "tool_error"
"""The type of error of a tool that failed: which one it was only its own words say."""


def attributes_of(run: ToolRun, *, content: bool) -> Mapping[str, str | bool | int | float | Sequence[str]]:
    """Return the attributes of a call; what went to the tool and came back only if `content` allows."""
    attributes = {
        "gen_ai.operation.name": OPERATION,
        "gen_ai.tool.name": run.call.name,
        "gen_ai.tool.call.id": run.call.id,
        "gen_ai.tool.type": "extension" if run.call.server else "function",
    }
    if run.result.failed:
        attributes["error.type"] = FAILED
    if content:
        arguments, result = _sendable(run.call.arguments), _sendable(run.result.text)
        attributes |= {"gen_ai.tool.call.arguments": arguments, "gen_ai.tool.call.result": result}
    return attributes


def _sendable(text: str) -> str:
    """Return a text without lone surrogates, which are not valid in UTF-8."""
    return text.encode("utf-8", "replace").decode()
