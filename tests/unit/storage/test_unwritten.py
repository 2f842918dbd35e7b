"""While writes wait for the disk, conversations are read as they stand and not as they were last written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.storage.conftest import ABOUT, Chat, now
from tests.waiting import PATIENCE_S
from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, Message, StreamingStatus
from tui_chat.chat.parts import TextPart
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import PendingReply


@pytest.fixture
def held(chat: Chat, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another program holds the database from the first exchange on."""
    before = chat.exchange("Before", "It was held.")
    chat.store.marks.pin(before.id)
    chat.store.marks.tag(before.id, ["work"]).result(PATIENCE_S)
    monkeypatch.setattr("tui_chat.storage.store.OWN_WRITES_S", 0.1)  # the reads wait in vain
    with closing(sqlite3.connect(folder / "tui-chat.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def send(chat: Chat, prompt: str, conversation: Conversation | None = None) -> PendingReply:
    """Return a prompt whose reply is under way, though nothing of it can be written."""
    pending = exchange.send(conversation or Conversation(), Prompt(prompt), ABOUT, now())
    chat.store.journal.begin(pending)
    return pending


def ended(pending: PendingReply, text: str) -> Message:
    """Return the reply, stopped."""
    return replace(pending.reply, parts=(TextPart(text),), status=StreamingStatus.STOPPED)


@pytest.mark.usefixtures("held")
def test_a_reply_that_ended_while_writes_wait_is_read_with_all_its_text_and_how_it_ended(chat: Chat) -> None:
    pending = send(chat, "Why?")
    chat.store.journal.finish(ended(pending, "Because"))
    assert (
        chat.read(pending.conversation.id).messages
        == pending.conversation.with_message(ended(pending, "Because")).messages
    )


@pytest.mark.usefixtures("held")
def test_the_list_has_what_waits_in_the_order_of_its_last_change(chat: Chat) -> None:
    (before,) = chat.store.conversations()
    pending = send(chat, "Why?")
    assert [summary.id for summary in chat.store.conversations()] == [pending.conversation.id, before.id]
    assert [summary.title for summary in chat.store.conversations(1)] == ["Why?"]
    chat.store.rename(pending.conversation.id, "Another title")
    assert chat.store.conversations(1)[0].title == "Another title"
    chat.store.delete(pending.conversation.id)
    assert [summary.id for summary in chat.store.conversations()] == [before.id]


@pytest.mark.usefixtures("held")
def test_what_waits_has_the_marks_of_what_is_stored(chat: Chat) -> None:
    (before,) = chat.store.conversations()
    send(chat, "Why?", chat.read(before.id))
    (summary,) = chat.store.conversations()
    assert (summary.message_count, summary.pinned, summary.archived, summary.tags) == (4, True, False, ("work",))


@pytest.mark.usefixtures("held")
def test_a_discarded_exchange_is_gone_at_once(chat: Chat) -> None:
    pending = send(chat, "Why?")
    kept = chat.read(pending.conversation.id).with_message(ended(pending, "Because"))
    chat.store.journal.finish(kept.messages[-1])
    second = send(chat, "And?", kept)
    chat.store.journal.discard(second, replace(second.reply, status=StreamingStatus.CANCELLED))
    assert chat.read(pending.conversation.id).messages == kept.messages


@pytest.mark.usefixtures("held")
def test_one_of_a_round_that_is_discarded_leaves_the_other(chat: Chat) -> None:
    first, second = exchange.round(Conversation(), Prompt("Why?"), [ABOUT, ABOUT], now())
    chat.store.journal.begin(first)
    chat.store.journal.begin(second)
    chat.store.journal.discard(second, replace(second.reply, status=StreamingStatus.CANCELLED))
    assert chat.read(first.conversation.id).messages == first.conversation.messages


@pytest.mark.usefixtures("held")
def test_a_reply_that_went_on_and_was_discarded_is_what_it_was(chat: Chat) -> None:
    pending = send(chat, "Why?")
    kept = pending.conversation.with_message(ended(pending, "Because"))
    chat.store.journal.finish(kept.messages[-1])
    onward = exchange.go_on(kept, pending.reply.id, ABOUT, now())
    chat.store.journal.begin(onward)
    chat.store.journal.discard(onward, replace(onward.reply, parts=(), status=StreamingStatus.CANCELLED))
    last = chat.read(pending.conversation.id).messages[-1]
    assert (last.text, last.status) == ("Because", StreamingStatus.INTERRUPTED)


def test_what_is_written_is_read_from_the_database(chat: Chat, folder: Path) -> None:
    pending = chat.send("Why?")
    chat.finish(pending, "Because.")
    with closing(sqlite3.connect(folder / "tui-chat.db", isolation_level=None)) as connection:
        connection.execute("UPDATE conversations SET title = 'From elsewhere'")
    assert chat.read(pending.conversation.id).title == "From elsewhere"


def test_a_database_that_was_emptied_is_set_aside_and_said(chat: Chat, folder: Path) -> None:
    conversation = chat.exchange("Why?", "Because.")
    with (folder / "tui-chat.db").open("r+b") as file:
        file.truncate(0)
    after = chat.exchange("And?", "So.", conversation)
    assert [message.text for message in after.messages] == ["Why?", "Because.", "And?", "So."]
    assert len(chat.problems) == 1
    assert "damaged" in chat.problems[0]
    assert len(list(folder.glob("tui-chat.damaged-*.db"))) == 1
