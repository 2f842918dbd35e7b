"""Messages and conversations, as values."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum

from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.parts import FilePart, Part, TextPart, files_of, text_of, thinking_of
from tui_chat.chat.summary import Summary
from tui_chat.records import dataclass, field, replace


class Role(StrEnum):
    """The speaker of a message."""

    USER = "user"
    ASSISTANT = "assistant"


class StreamingStatus(StrEnum):
    """The state of a message: pending -> streaming -> one of the others."""

    PENDING = "pending"
    """Stored, nothing came yet."""
    STREAMING = "streaming"
    """Text is coming."""
    COMPLETE = "complete"
    """The provider said that it is whole."""
    STOPPED = "stopped"
    """The user stopped it and kept what came."""
    FAILED = "failed"
    """It broke off and recovery gave up; what came is kept."""
    INTERRUPTED = "interrupted"
    """The program ended while it came; what was journalled is kept."""
    CANCELLED = "cancelled"
    """The user discarded it: no text is kept, the row only counts."""

    @property
    def live(self) -> bool:
        """True if the reply is still under way."""
        return self in (StreamingStatus.PENDING, StreamingStatus.STREAMING)

    @property
    def partial(self) -> bool:
        """True if the reply ended before it was whole, with its text kept."""
        return self in (StreamingStatus.STOPPED, StreamingStatus.FAILED, StreamingStatus.INTERRUPTED)


def new_id() -> str:
    """Return a new identifier of a message or a conversation."""
    return os.urandom(16).hex()


def utc_now() -> datetime:
    """Return the wall-clock time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation. It owns its text; widgets only show it."""

    role: Role
    parts: tuple[Part, ...] = ()
    status: StreamingStatus = StreamingStatus.COMPLETE
    metadata: ReplyMetadata = field(default_factory=ReplyMetadata)
    id: str = field(default_factory=new_id)
    parent_id: str | None = None
    """The message that this one follows; siblings are branches."""
    created_at: datetime = field(default_factory=utc_now)
    summary: Summary | None = None
    """Stands, in what is sent, for this message and all before it."""

    @property
    def text(self) -> str:
        """The text, raw as it came."""
        return text_of(self.parts)

    @property
    def thinking(self) -> str:
        """The thinking, raw as it came."""
        return thinking_of(self.parts)

    @classmethod
    def user(cls, text: str, *, files: Sequence[FilePart] = (), parent_id: str | None, created_at: datetime) -> Message:
        """Return a prompt; models read best what goes with it when that comes first."""
        words = (TextPart(text),) if text.strip() or not files else ()
        return cls(Role.USER, (*files, *words), parent_id=parent_id, created_at=created_at)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation: the messages from its first to the one that is looked at, along one branch."""

    id: str = field(default_factory=new_id)
    title: str = ""
    model: str = ""
    created_at: datetime = field(default_factory=utc_now)
    updated_at: datetime = field(default_factory=utc_now)
    messages: tuple[Message, ...] = ()

    @property
    def last(self) -> Message | None:
        """The message at the end."""
        return self.messages[-1] if self.messages else None

    def find(self, message_id: str) -> Message | None:
        """Return the message with this id, if it is on this branch."""
        return next((message for message in self.messages if message.id == message_id), None)

    def with_message(self, message: Message) -> Conversation:
        """Return the conversation with `message` put in the place of its namesake, or at the end."""
        if self.find(message.id) is None:
            return replace(self, messages=(*self.messages, message))
        return replace(self, messages=tuple(message if old.id == message.id else old for old in self.messages))

    def before(self, message_id: str) -> tuple[Message, ...]:
        """Return the messages that stand before the one with this id."""
        ids = [message.id for message in self.messages]
        return self.messages[: ids.index(message_id)]


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """A row of the list of conversations."""

    id: str
    title: str
    model: str
    created_at: datetime
    updated_at: datetime
    message_count: int
    pinned: bool = False
    archived: bool = False
    tags: tuple[str, ...] = ()

    def to_json(self) -> Mapping[str, object]:
        """Return what `history list --format json` prints of it."""
        return {
            "id": self.id,
            "title": self.title,
            "model": self.model,
            "created_at": self.created_at.isoformat(),
            "updated_at": self.updated_at.isoformat(),
            "messages": self.message_count,
            **({"pinned": True} if self.pinned else {}),
            **({"archived": True} if self.archived else {}),
            **({"tags": list(self.tags)} if self.tags else {}),
        }


@dataclass(frozen=True, slots=True)
class BranchPlace:
    """The place of a message among those that follow the same one."""

    at: int
    """From 1 on, the earliest first."""
    of: int


def title_of(prompt: Message) -> str:
    """Return a conversation's first title: the beginning of its first prompt, or the names of its files."""
    return title_from(prompt.text if prompt.text.strip() else ", ".join(file.name for file in files_of(prompt.parts)))


def title_from(prompt: str, *, limit: int = 60) -> str:
    """Return the beginning of a text, on one line."""
    line = " ".join(prompt[: limit * 4].split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
