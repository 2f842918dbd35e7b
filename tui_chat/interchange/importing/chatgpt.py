"""The conversations of ChatGPT, as its export has them in `conversations.json`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from tui_chat.chat.imported import ImportedConversation
from tui_chat.chat.message import Role, StreamingStatus
from tui_chat.chat.parts import FilePart, Part, ThinkingPart, ToolCallPart, ToolResultPart
from tui_chat.interchange.importing.grouping import Room
from tui_chat.interchange.importing.source import SourceConversation, SourceMessage, lost_file, text_parts, time_of
from tui_chat.text.limits import MOST_FILES
from tui_chat.text.reading import bounded_object, mapping, name, parsed

FindFile: TypeAlias = Callable[[str], bytes | None]
"""Finds the content of a file in the export by its id."""
_EVERYBODY = "all"
"""The recipient of what the user is to read; any other is a tool."""
_NEVER_SHOWN = ("user_editable_context", "model_editable_context", "reasoning_recap", "tether_browsing_display")


def is_chatgpt(data: Mapping[str, object]) -> bool:
    """True if this is a conversation of ChatGPT."""
    return isinstance(data.get("mapping"), Mapping)


def chatgpt_conversation(data: Mapping[str, object], find: FindFile = lambda _: None) -> ImportedConversation:
    """Return the conversation; ValueError says why it cannot be read. `find` has the files that are in the export."""
    files = _Files(find)
    nodes = mapping(data.get("mapping"))
    leaf = data.get("current_node")
    id = data.get("conversation_id") or data.get("id")
    origin = [id] if isinstance(id, str) else [str(data.get("create_time")), *list(nodes)[:1]]
    return SourceConversation(
        ("chatgpt", *origin),
        [_message(key, mapping(node), files) for key, node in nodes.items()],
        name(data.get("title")),
        name(data.get("default_model_slug")),
        time_of(data.get("create_time")),
        time_of(data.get("update_time")),
        leaf if isinstance(leaf, str) else None,
    ).imported()


def _message(key: str, node: Mapping[str, object], files: _Files) -> SourceMessage:
    message, parent = mapping(node.get("message")), node.get("parent")
    about, who = mapping(message.get("metadata")), mapping(message.get("author")).get("role")
    hidden = about.get("is_visually_hidden_from_conversation") is True or who not in ("user", "assistant", "tool")
    return SourceMessage(
        key,
        parent if isinstance(parent, str) else None,
        Role.USER if who == "user" else Role.ASSISTANT,
        () if hidden else tuple(_parts(message, who, files)),
        time_of(message.get("create_time")),
        name(about.get("model_slug")),
        _status(message, about),
    )


def _status(message: Mapping[str, object], about: Mapping[str, object]) -> StreamingStatus:
    if mapping(about.get("finish_details")).get("type") == "interrupted":
        return StreamingStatus.STOPPED
    return StreamingStatus.INTERRUPTED if message.get("status") == "in_progress" else StreamingStatus.COMPLETE


def _parts(message: Mapping[str, object], who: object, files: _Files) -> Iterator[Part]:
    """Yield what can be kept of a message."""
    content = mapping(message.get("content"))
    kind, recipient = content.get("content_type"), message.get("recipient") or _EVERYBODY
    if kind in _NEVER_SHOWN:
        return
    if kind == "thoughts":
        thoughts = content.get("thoughts")
        text = "\n\n".join(filter(None, map(_thought, thoughts if isinstance(thoughts, list) else [])))
        if text:
            yield ThinkingPart(text)
        return
    text = _text_in(content)
    if who == "tool":
        if text.strip():
            yield ToolResultPart(name(mapping(message.get("author")).get("name")), text, kind == "system_error")
    elif who == "assistant" and recipient != _EVERYBODY:
        yield ToolCallPart(name(message.get("id")), name(recipient), _arguments(text))
    else:
        if who == "user":
            yield from files.of(content, mapping(message.get("metadata")))
        yield from text_parts(_fenced(text, content) if kind == "code" else text)


def _text_in(content: Mapping[str, object]) -> str:
    """Return the text, wherever a message of its kind has it."""
    parts = content.get("parts")
    if not isinstance(parts, list):
        text = content.get("text")
        return text if isinstance(text, str) else ""
    texts = [part if isinstance(part, str) else mapping(part).get("text") for part in parts]
    return "\n\n".join(text for text in texts if isinstance(text, str) and text)


def _thought(item: object) -> str:
    """Return a piece of thinking under its summary."""
    thought = mapping(item)
    pieces = (thought.get("summary"), thought.get("content"))
    return "\n\n".join(piece for piece in pieces if isinstance(piece, str) and piece)


def _fenced(code: str, content: Mapping[str, object]) -> str:
    language = name(content.get("language"))
    return f"```{language if language.isalnum() and language != 'unknown' else ''}\n{code}\n```" if code else ""


def _arguments(text: str) -> str:
    """Return what a tool was told, as JSON."""
    try:
        bounded_object(parsed(text))
    except (ValueError, TypeError):
        return json.dumps({"text": text}, ensure_ascii=False)
    return text


class _Files:
    """The files of a conversation: as many as there is room for, and of the others the names."""

    def __init__(self, find: FindFile) -> None:
        self._find = find
        self._room = Room()

    def of(self, content: Mapping[str, object], about: Mapping[str, object]) -> Iterator[FilePart]:
        """Yield the files that went with a prompt; pictures are among its parts, too."""
        attachments, parts = about.get("attachments"), content.get("parts")
        known: set[str] = set()
        for item in (attachments if isinstance(attachments, list) else [])[:MOST_FILES]:
            file = mapping(item)
            known.add(name(file.get("id")))
            yield self._file(name(file.get("name")), name(file.get("id")))
        for part in (parts if isinstance(parts, list) else [])[:MOST_FILES]:
            id = name(mapping(part).get("asset_pointer")).rpartition("/")[2]
            if id and id not in known:
                yield self._file("picture", id)

    def _file(self, file_name: str, id: str) -> FilePart:
        found = self._find(id) if id else None
        return self._room.file(file_name, found) if found is not None else lost_file(file_name, f"{id} {file_name}")
