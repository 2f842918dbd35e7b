"""The parts of a message: text, files, thinking, tool calls, and what only has to be sent back as it came."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from tui_chat.chat.events import JsonObject
from tui_chat.patterns import pattern
from tui_chat.records import dataclass, field, replace
from tui_chat.text import reading
from tui_chat.text.limits import LARGEST_FILE_BYTES, LONGEST_RAW, MOST_BLOCKS, MOST_CITATIONS

UNREADABLE = "unreadable"
"""The kind of a stored part that cannot be read: it is shown as it stands, and never sent."""
_SHA256 = pattern("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class TextPart:
    """Text, raw as it came, with its citations."""

    text: str
    citations: tuple[JsonObject, ...] = ()


@dataclass(frozen=True, slots=True, weakref_slot=True)
class FilePart:
    """A file that goes with a prompt. Its content may be kept elsewhere, under its SHA-256, and may be lost there."""

    name: str
    media_type: str
    data: str = field(compare=False, repr=False)
    """Its text, or in base64 what is no text; "" where that is not at hand."""
    sha256: str = ""
    """Of its content; worked out where it is not given, as is the size."""
    size: int = field(default=0, compare=False)
    """In bytes."""

    def __post_init__(self) -> None:
        """Find out the size and the SHA-256."""
        if not self.sha256:
            import hashlib

            content = self.content
            object.__setattr__(self, "sha256", hashlib.sha256(content).hexdigest())
            object.__setattr__(self, "size", len(content))

    @property
    def is_text(self) -> bool:
        """True if it can be read as it is."""
        return self.media_type.startswith("text/")

    @property
    def is_picture(self) -> bool:
        """True if it can be looked at."""
        return self.media_type.startswith("image/")

    @property
    def lost(self) -> bool:
        """True if there is nothing of it but its name."""
        return not self.data

    @property
    def content(self) -> bytes:
        """The file as it was, byte for byte; a text is in UTF-8."""
        if self.is_text:
            return self.data.encode("utf-8", "surrogatepass")
        from base64 import b64decode

        return b64decode(self.data)

    def reference(self) -> FilePart:
        """Return the file without its content, as it is kept where that is kept elsewhere."""
        return replace(self, data="")

    def with_content(self, content: bytes) -> FilePart:
        """Return the file with its content, which was kept elsewhere."""
        if self.is_text:
            return replace(self, data=content.decode("utf-8", "surrogatepass"))
        from base64 import b64encode

        return replace(self, data=b64encode(content).decode("ascii"))


@dataclass(frozen=True, slots=True)
class ThinkingPart:
    """Thinking; goes back to the API unchanged, and only with its signature."""

    text: str
    signature: str = ""
    duration_ms: float | None = field(default=None, compare=False)
    """The time that it took; None where that is not known, as for a reply that came in one piece."""


@dataclass(frozen=True, slots=True)
class ToolCallPart:
    """A call of a tool, ours or (`server`) one that the vendor runs."""

    id: str
    name: str
    arguments: str
    """The arguments as JSON text, whole or (in a reply that was cut) not."""
    server: bool = False
    more: JsonObject = field(default_factory=dict)
    """The other fields of its block, such as who called it: they go back as they came."""

    @property
    def input(self) -> object:
        """The arguments as a value; None while they are not whole, or where they are nested too deeply."""
        try:
            return reading.bounded(reading.parsed(self.arguments or "{}"))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class ToolResultPart:
    """The result of a tool of ours; it goes with the turn that follows the call."""

    call_id: str
    text: str
    failed: bool = False
    refused: bool = False
    """True if the call did not run, as the user did not allow it."""
    duration_ms: float | None = field(default=None, compare=False)
    """The time that the tool took; None where that is not known."""

    @property
    def outcome(self) -> str:
        """The words for how it went."""
        return "not allowed" if self.refused else "failed" if self.failed else "ok"


@dataclass(frozen=True, slots=True)
class OpaquePart:
    """A block that we do not read (redacted thinking, a server tool's result, a kind that is newer than this program):
    kept and sent back as it came.
    """

    kind: str
    block: JsonObject = field(default_factory=dict)


Part: TypeAlias = TextPart | FilePart | ThinkingPart | ToolCallPart | ToolResultPart | OpaquePart


def text_of(parts: Iterable[Part]) -> str:
    """Return the reply's own text: its text blocks in order, joined as they were written."""
    return "".join(part.text for part in parts if isinstance(part, TextPart))


def files_of(parts: Iterable[Part]) -> tuple[FilePart, ...]:
    """Return the files that go with a prompt."""
    return tuple(part for part in parts if isinstance(part, FilePart))


def is_thinking(part: Part) -> bool:
    """True if this is thinking, legible or not."""
    return isinstance(part, ThinkingPart) or (isinstance(part, OpaquePart) and part.kind == "redacted_thinking")


def thinking_of(parts: Iterable[Part]) -> str:
    """Return the reply's thinking: its thinking blocks in order."""
    return "".join(part.text for part in parts if isinstance(part, ThinkingPart))


def parts_to_json(parts: Iterable[Part]) -> list[dict[str, object]]:
    """Return parts as JSON objects, for storage and export."""
    return [_part_to_json(part) for part in parts]


def parts_from_json(data: Sequence[object]) -> tuple[Part, ...]:
    """Return the parts that `parts_to_json` wrote; ValueError says what is wrong with one that cannot be read."""
    if len(data) > MOST_BLOCKS:
        raise ValueError(f"it has more than {MOST_BLOCKS:,} parts")
    return tuple(_part_from_json(item) for item in data)


def readable_parts(data: Sequence[object]) -> tuple[Part, ...]:
    """Return the same parts, where one that cannot be read leaves the others as they are."""
    return tuple(_readable(item) for item in data[:MOST_BLOCKS])


def _part_to_json(part: Part) -> dict[str, object]:
    match part:
        case TextPart(text, citations):
            return {"type": "text", "text": text} | ({"citations": list(citations)} if citations else {})
        case FilePart(name, media_type, data, sha256, size):
            where = {"data": data} if data else {"sha256": sha256, "size": size}
            return {"type": "file", "name": name, "media_type": media_type, **where}
        case ThinkingPart(text, signature, duration_ms):
            known = {} if duration_ms is None else {"duration_ms": duration_ms}
            return {"type": "thinking", "text": text, "signature": signature, **known}
        case ToolCallPart(id, name, arguments, server, more):
            call = {"type": "tool_call", "id": id, "name": name, "arguments": arguments, "server": server}
            return call | ({"more": dict(more)} if more else {})
        case ToolResultPart(call_id, text, failed, refused, duration_ms):
            result = {"type": "tool_result", "call_id": call_id, "text": text, "failed": failed}
            took = {} if duration_ms is None else {"duration_ms": duration_ms}
            return result | ({"refused": True} if refused else {}) | took
        case OpaquePart(kind, block):
            return {"type": "opaque", "kind": kind, "block": dict(block)}


def _readable(item: object) -> Part:
    try:
        return _part_from_json(item)
    except (ValueError, TypeError):
        return OpaquePart(UNREADABLE, {"raw": _raw(item)[:LONGEST_RAW]})


def _raw(item: object) -> str:
    try:
        return json.dumps(item, ensure_ascii=False)
    except (RecursionError, ValueError):
        return ""


def _part_from_json(item: object) -> Part:
    data = reading.mapping(item)
    match data:
        case {"type": "text", "text": str(text)}:
            return TextPart(text, _citations(data.get("citations")))
        case {"type": "file"}:
            return file_from_json(data)
        case {"type": "thinking", "text": str(text)}:
            signature = data.get("signature")
            took_ms = reading.figure(data.get("duration_ms"))
            return ThinkingPart(text, signature if isinstance(signature, str) else "", took_ms)
        case {"type": "tool_call", "id": str(id), "name": str(name), "arguments": str(arguments)}:
            more = reading.bounded_object(data.get("more") or {})
            return ToolCallPart(reading.name(id), reading.name(name), arguments, data.get("server") is True, more)
        case {"type": "tool_result", "call_id": str(call_id), "text": str(text)}:
            failed, refused = (data.get(flag) is True for flag in ("failed", "refused"))
            return ToolResultPart(reading.name(call_id), text, failed, refused, reading.figure(data.get("duration_ms")))
        case {"type": "opaque", "kind": str(kind), "block": dict(block)}:
            return OpaquePart(reading.name(kind), reading.bounded_object(block))
    raise ValueError(f"not a message part: {reading.quoted(data.get('type'))}")


def file_from_json(data: Mapping[str, object]) -> FilePart:
    """Return a file, with its content if that is there; ValueError says what is wrong with it."""
    match data:
        case {"name": str(name), "media_type": str(media_type), "data": str(content)}:
            return _file_with_content(name, media_type, content)
        case {"name": str(name), "media_type": str(media_type), "sha256": str(sha256)} if _SHA256.fullmatch(sha256):
            return FilePart(name, media_type, "", sha256, reading.count(data.get("size")) or 0)
    raise ValueError("a file in it has neither a content nor the SHA-256 of one")


def _file_with_content(name: str, media_type: str, content: str) -> FilePart:
    try:
        file = FilePart(name, media_type, content)
    except ValueError as error:
        raise ValueError("a file in it is not in base64") from error
    if file.size > LARGEST_FILE_BYTES:
        raise ValueError(f"a file in it has more than {LARGEST_FILE_BYTES:,} bytes")
    return file


def _citations(value: object) -> tuple[JsonObject, ...]:
    """Return the citations that can be read."""
    items = value[:MOST_CITATIONS] if isinstance(value, list) else ()
    return tuple(citation for item in items if (citation := _citation(item)) is not None)


def _citation(item: object) -> JsonObject | None:
    try:
        return reading.bounded_object(item)
    except (ValueError, TypeError):
        return None
