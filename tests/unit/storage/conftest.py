"""A store in a folder of its own, and the shortest way to have a chat in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.waiting import PATIENCE_S
from tui_chat.chat import exchange
from tui_chat.chat.events import TextDelta
from tui_chat.chat.message import Conversation, Message, StreamingStatus
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.parts import TextPart
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import PendingReply
from tui_chat.storage import Store

ABOUT = ReplyMetadata(provider="anthropic", model="model-1")


@dataclass
class Chat:
    """Someone who chats: what the rest of the program does with the store."""

    store: Store
    problems: list[str] = field(default_factory=list)

    def begin(self, pending: PendingReply) -> PendingReply:
        """Store what comes before the request."""
        self.store.journal.begin(pending).result(PATIENCE_S)
        return pending

    def send(self, prompt: str, conversation: Conversation | None = None) -> PendingReply:
        """Return a prompt whose reply is under way from now on."""
        return self.begin(exchange.send(conversation or Conversation(), Prompt(prompt), ABOUT, now()))

    def regenerate(self, conversation: Conversation, reply_id: str) -> PendingReply:
        """Return another reply, under way from now on."""
        return self.begin(exchange.regenerate(conversation, reply_id, ABOUT, now()))

    def go_on(self, conversation: Conversation) -> PendingReply:
        """Return the rest of the last reply, under way from now on."""
        assert conversation.last
        return self.begin(exchange.go_on(conversation, conversation.last.id, ABOUT, now()))

    def stream(self, pending: PendingReply, *texts: str) -> None:
        """Journal some text, a chunk a text."""
        for text in texts:
            self.store.journal.append(pending.reply.id, [TextDelta(0, text)])
        assert self.store.flush(PATIENCE_S)

    def finish(
        self, pending: PendingReply, text: str, status: StreamingStatus = StreamingStatus.COMPLETE
    ) -> Conversation:
        """Return the reply as it ended, and the conversation as it is then stored."""
        reply = replace(pending.reply, parts=(TextPart(text),) if text else (), status=status)
        self.store.journal.finish(reply).result(PATIENCE_S)
        return self.read(pending.conversation.id)

    def discard(self, pending: PendingReply) -> None:
        """The reply as it was cancelled."""
        reply = replace(pending.reply, parts=(), status=StreamingStatus.CANCELLED)
        self.store.journal.discard(pending, reply).result(PATIENCE_S)

    def exchange(self, prompt: str, reply: str, conversation: Conversation | None = None) -> Conversation:
        """Return a prompt and its whole reply."""
        return self.finish(self.send(prompt, conversation), reply)

    def read(self, conversation_id: str) -> Conversation:
        """Return the conversation as it is stored."""
        conversation = self.store.conversation(conversation_id)
        assert conversation
        return conversation

    def last(self, pending: PendingReply) -> Message:
        """Return the last message as it is stored."""
        last = self.read(pending.conversation.id).last
        assert last
        return last


Opener: TypeAlias = Callable[..., Chat]


def now() -> datetime:
    """Return the wall clock."""
    return datetime.now(UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder that does not exist yet."""
    return tmp_path / "data"


@pytest.fixture
def open_chat(folder: Path) -> Iterator[Opener]:
    """Opens the store of the folder, or of another; several at once are like several programs."""
    opened: list[Chat] = []

    def open(where: Path | None = folder) -> Chat:
        problems: list[str] = []
        chat = Chat(Store.open(where, on_problem=problems.append), problems)
        opened.append(chat)
        return chat

    yield open
    for chat in opened:
        chat.store.close()


@pytest.fixture
def chat(open_chat: Opener) -> Chat:
    """The one who chats."""
    return open_chat()
