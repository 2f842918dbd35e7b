"""The conversations of claude.ai, as its export has them in `conversations.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from tui_chat.chat.imported import ImportedConversation
from tui_chat.chat.message import Role
from tui_chat.chat.parts import Part, TextPart, ThinkingPart, ToolCallPart, ToolResultPart
from tui_chat.interchange.importing.source import (
    SourceConversation,
    SourceMessage,
    lost_file,
    text_file,
    text_parts,
    time_of,
)
from tui_chat.text.limits import MOST_FILES
from tui_chat.text.reading import bounded, mapping, name

FIRST = "00000000-0000-4000-8000-000000000000"
"""The parent of a first message."""


def is_claude(data: Mapping[str, object]) -> bool:
    """True if this is a conversation of claude.ai."""
    return isinstance(data.get("chat_messages"), list)


def claude_conversation(data: Mapping[str, object]) -> ImportedConversation:
    """Return the conversation; ValueError says why it cannot be read."""
    items = data.get("chat_messages")
    messages = list(_messages(items if isinstance(items, list) else []))
    leaf, id = data.get("current_leaf_message_uuid"), data.get("uuid")
    first = [data.get("created_at"), *(message.id for message in messages[:1])]
    return SourceConversation(
        ("claude.ai", *([id] if isinstance(id, str) else map(str, first))),
        messages,
        name(data.get("name")),
        name(data.get("model")),
        time_of(data.get("created_at")),
        time_of(data.get("updated_at")),
        leaf if isinstance(leaf, str) else None,
    ).imported()


def _messages(items: Sequence[object]) -> Iterator[SourceMessage]:
    """Yield the messages; exports of earlier years name no parents, and have them in their order."""
    before: str | None = None
    for number, item in enumerate(items):
        data = mapping(item)
        sender = data.get("sender")
        if sender not in ("human", "user", "assistant"):
            continue
        id, parent = data.get("uuid"), data.get("parent_message_uuid", before)
        message = SourceMessage(
            id if isinstance(id, str) else str(number),
            parent if isinstance(parent, str) and parent != FIRST else None,
            Role.ASSISTANT if sender == "assistant" else Role.USER,
            _parts(data),
            time_of(data.get("created_at")),
        )
        before = message.id
        yield message


def _parts(data: Mapping[str, object]) -> tuple[Part, ...]:
    content = data.get("content")
    blocks = [part for item in (content if isinstance(content, list) else []) for part in _block(mapping(item))]
    if not any(isinstance(part, TextPart) for part in blocks):
        blocks += text_parts(data.get("text"))
    return (*_files(data), *_apart(blocks))


def _block(block: Mapping[str, object]) -> tuple[Part, ...]:
    match block:
        case {"type": "text" | "voice_note", "text": str(text)}:
            return text_parts(text)
        case {"type": "thinking", "thinking": str(text)}:
            return (ThinkingPart(text),)  # its signature, where there is one, was made for another account
        case {"type": "tool_use"}:
            arguments = json.dumps(bounded(block.get("input")), ensure_ascii=False)
            return (ToolCallPart(name(block.get("id")), name(block.get("name")), arguments),)
        case {"type": "tool_result"}:
            text = _text_in(block.get("content"))
            return (ToolResultPart(name(block.get("tool_use_id")), text, block.get("is_error") is True),)
    return ()


def _apart(parts: Sequence[Part]) -> Iterator[Part]:
    """Yield the parts with a blank line between the texts that were blocks of their own."""
    begun = False
    for part in parts:
        if isinstance(part, TextPart):
            yield TextPart(f"\n\n{part.text}") if begun else part
            begun = True
        else:
            yield part


def _text_in(content: object) -> str:
    """Return the text of a tool's result."""
    if isinstance(content, str):
        return content
    items = content if isinstance(content, list) else []
    return "\n".join(text for item in items if isinstance(text := mapping(item).get("text"), str))


def _files(data: Mapping[str, object]) -> Iterator[Part]:
    """Yield the files of a prompt: of texts there is the content, of all others the name."""
    attachments, files = data.get("attachments"), data.get("files")
    for item in (attachments if isinstance(attachments, list) else [])[:MOST_FILES]:
        attached = mapping(item)
        text = attached.get("extracted_content")
        file_name = attached.get("file_name") or "pasted.txt"
        yield text_file(file_name, text if isinstance(text, str) else "")
    for item in (files if isinstance(files, list) else [])[:MOST_FILES]:
        file = mapping(item)
        yield lost_file(file.get("file_name"), f"{file.get('file_uuid')} {file.get('file_name')}")
