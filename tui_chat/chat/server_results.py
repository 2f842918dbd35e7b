"""The results of the tools that a provider runs itself: the output of code, and the files that it made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tui_chat.chat.events import JsonObject
from tui_chat.chat.parts import OpaquePart, Part, ToolResultPart
from tui_chat.patterns import pattern
from tui_chat.records import dataclass
from tui_chat.text import reading

_RESULT = pattern(r"\w*_tool_result")
_FILE_ID = pattern(r"[\w-]{1,200}", re.ASCII)
MOST_MADE_FILES = 100
"""Files that one result may name."""


@dataclass(frozen=True, slots=True)
class ServerResult:
    """The result of one call."""

    call_id: str
    text: str
    failed: bool = False
    files: tuple[str, ...] = ()
    """The ids of the files that it made, which the provider keeps for a while."""


def server_result(kind: str, block: JsonObject) -> ServerResult | None:
    """Return what a block says of a call's result; None for a block that has nothing to show."""
    content = block.get("content")
    if not _RESULT.fullmatch(kind) or not isinstance(content, Mapping):
        return None  # what a search found is in the citations
    call_id, type = reading.name(block.get("tool_use_id")), reading.name(content.get("type"))
    if type.endswith("_error"):
        code = reading.name(content.get("error_code")).replace("_", " ")
        return ServerResult(call_id, _lines(content.get("error_message"), code) or "It failed.", failed=True)
    if type.endswith("code_execution_result"):
        return _execution(call_id, content)
    return ServerResult(call_id, text) if (text := _edited(type, content)) else None


def result_in(part: Part) -> ToolResultPart | None:
    """Return the result of a call that a part is, be it of a tool of ours or of one that the provider runs."""
    if isinstance(part, OpaquePart):
        return result_of_block(part.kind, part.block)
    return part if isinstance(part, ToolResultPart) else None


def result_of_block(kind: str, block: JsonObject) -> ToolResultPart | None:
    """Return the result of a call that the provider ran; what a search found has no text here."""
    if not _RESULT.fullmatch(kind):
        return None
    shown = server_result(kind, block) or ServerResult("", "")
    return ToolResultPart(reading.name(block.get("tool_use_id")), shown.text, shown.failed)


def made_files(parts: Iterable[Part]) -> tuple[str, ...]:
    """Return the ids of all files that a reply's calls made, each once."""
    found = (server_result(part.kind, part.block) for part in parts if isinstance(part, OpaquePart))
    return tuple(dict.fromkeys(id for result in found if result is not None for id in result.files))


def _execution(call_id: str, content: JsonObject) -> ServerResult:
    """Return the output of code; what it wrote as errors follows what it printed."""
    status = content.get("return_code")
    failed = isinstance(status, int) and status != 0
    ended = f"It ended with status {status}." if failed else ""
    files = content.get("content")
    ids = [item.get("file_id") for item in files if isinstance(item, Mapping)] if isinstance(files, list) else []
    valid = [id for id in ids if isinstance(id, str) and _FILE_ID.fullmatch(id)]
    text = _lines(content.get("stdout"), content.get("stderr"), ended)
    return ServerResult(call_id, text, failed, tuple(valid[:MOST_MADE_FILES]))


def _edited(type: str, content: JsonObject) -> str:
    """Return what a look at a file, or a change of it, brought."""
    if type.endswith("view_result"):
        return _lines(content.get("content"))
    if type.endswith("create_result"):
        return "It changed the file." if content.get("is_file_update") is True else "It wrote the file."
    lines = content.get("lines")
    return "\n".join(line for line in lines if isinstance(line, str)) if isinstance(lines, list) else ""


def _lines(*texts: object) -> str:
    return "\n".join(text.rstrip("\n") for text in texts if isinstance(text, str) and text.strip())
