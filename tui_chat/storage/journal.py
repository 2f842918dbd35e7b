"""The journal: a reply is stored before it is asked for, while it comes, and as it ended.

While a reply comes, what is new is added as a row of its own (`chunks`), so that the cost does not grow with the
reply; at the end the rows are folded into the message.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from datetime import datetime

from tui_chat.chat.events import StreamEvent, coalesced, event_to_json
from tui_chat.chat.message import Conversation, Message, StreamingStatus, utc_now
from tui_chat.chat.protocols import PendingReply
from tui_chat.records import dataclass, replace
from tui_chat.storage.choices import update_choice
from tui_chat.storage.conversations import add_message, remove_message
from tui_chat.storage.files import FileStore
from tui_chat.storage.owners import Owner
from tui_chat.storage.rows import json_to_column, message_to_columns, time_to_column, to_column
from tui_chat.storage.statistics import record_reply
from tui_chat.storage.unwritten import Unwritten
from tui_chat.storage.writer import Job, Writer


@dataclass(slots=True)
class _Exchange:
    """One reply from its opening to its end."""

    pending: PendingReply
    chunks: int = 0
    leaf_before: str | None = None
    """The message shown before; it is shown again when the reply is discarded, if it still exists."""


class SqliteJournal:
    """The `Journal` that writes to the database."""

    def __init__(self, writer: Writer, owner: Owner, unwritten: Unwritten, files: FileStore) -> None:
        self._writer = writer
        self._files = files
        self._unwritten = unwritten
        self._owner = owner
        self._exchanges: dict[str, _Exchange] = {}

    def begin(self, pending: PendingReply) -> Future[None]:
        """Store the conversation, the prompt and the pending reply."""
        exchange, asked_with = _Exchange(pending), self._asked_with(pending)
        self._exchanges[pending.reply.id] = exchange

        def job(connection: sqlite3.Connection) -> None:
            leaf = asked_with.leaf_before if asked_with else _leaf_of(connection, pending.conversation.id)
            exchange.leaf_before = leaf
            _open(connection, self._files, pending, self._owner.claim())

        return self._submit(job, pending.conversation)

    def append(self, message_id: str, events: Sequence[StreamEvent]) -> None:
        """Add what came since the last call."""
        exchange = self._exchanges.get(message_id)
        if exchange is None:
            return  # it has ended: the whole of it is stored
        chunk, events = exchange.chunks, tuple(events)
        exchange.chunks += 1

        def job(connection: sqlite3.Connection) -> None:
            self._ensure_open(connection, exchange.pending)
            connection.execute(
                "UPDATE messages SET streaming_status = 'streaming' WHERE id = ? AND streaming_status = 'pending'",
                (message_id,),
            )
            connection.execute(
                "INSERT OR IGNORE INTO chunks (message_id, seq, events) VALUES (?, ?, ?)",
                (message_id, chunk, json_to_column([event_to_json(event) for event in coalesced(events)])),
            )

        self._writer.submit(job, held=False)

    def finish(self, reply: Message) -> Future[None]:
        """Store the reply as it ended."""
        exchange = self._exchanges.pop(reply.id, None)
        ended_at = utc_now()

        def job(connection: sqlite3.Connection) -> None:
            if exchange is None:
                return
            self._ensure_open(connection, exchange.pending)
            end_reply(connection, exchange.pending.conversation.id, reply, ended_at, exchange.pending.reply)

        before = exchange.pending.conversation if exchange is not None else None
        return self._submit(job, before.with_message(reply) if before is not None else None)

    def discard(self, pending: PendingReply, reply: Message) -> Future[None]:
        """Take back what `pending` added, and keep the figures of the cancelled reply."""
        exchange = self._exchanges.pop(reply.id, None) or _Exchange(pending)
        ended_at = utc_now()

        def job(connection: sqlite3.Connection) -> None:
            if _goes_on(pending):
                _restore(connection, reply.id)
            else:
                _withdraw(connection, pending, reply, exchange.leaf_before)
            record_reply(connection, pending.conversation.id, reply, ended_at, pending.reply)

        asked_with = self._asked_with(pending)
        return self._submit(job, asked_with.pending.conversation if asked_with else _without(pending))

    def _asked_with(self, pending: PendingReply) -> _Exchange | None:
        """Return another reply of the same round that is under way, if there is one."""
        asked, under_way = _round_of(pending), list(self._exchanges.values())
        return next((other for other in under_way if asked and _round_of(other.pending) == asked), None)

    def _submit(self, job: Job[None], conversation: Conversation | None) -> Future[None]:
        """Queue a write, after which a conversation is in this state."""
        future = self._writer.submit(job, held=False)
        if conversation is not None:
            self._unwritten.keep(conversation)
        return future

    def _ensure_open(self, connection: sqlite3.Connection, pending: PendingReply) -> None:
        """Store the reply again if its conversation was removed by another process, or lost with a damaged database."""
        if not _exists(connection, pending.reply.id):
            _open(connection, self._files, pending, self._owner.claim())


def end_reply(
    connection: sqlite3.Connection, conversation_id: str, reply: Message, ended_at: datetime, before: Message
) -> None:
    """Fold a reply into its message as it ended, and count what of it is not counted yet."""
    connection.execute(
        """
        UPDATE messages SET text = :text, parts = :parts, model = :model, streaming_status = :streaming_status,
            partial_content = :partial_content, stream_metadata = :stream_metadata, summary = :summary, owner = NULL,
            previous_status = NULL
        WHERE id = :id
        """,
        message_to_columns(reply),
    )
    connection.execute("DELETE FROM chunks WHERE message_id = ?", (reply.id,))
    connection.execute(
        "UPDATE conversations SET updated_at = ? WHERE id = ?", (time_to_column(ended_at), conversation_id)
    )
    record_reply(connection, conversation_id, reply, ended_at, before)
    update_choice(connection, reply)


def store_whole(
    connection: sqlite3.Connection, files: FileStore, conversation: Conversation, others: Iterable[Message] = ()
) -> None:
    """Store a conversation and those of its messages, and of those on its other branches, that are not stored yet."""
    store_conversation(connection, conversation)
    for message in (*conversation.messages, *others):
        if not _exists(connection, message.id):
            add_message(connection, conversation.id, files.put_away(message))


def _open(connection: sqlite3.Connection, files: FileStore, pending: PendingReply, owner: str) -> None:
    reply_id = pending.reply.id
    store_whole(connection, files, pending.conversation)
    connection.execute(
        """
        UPDATE messages SET owner = :owner, partial_content = text, streaming_status = 'pending',
            previous_status = CASE WHEN :goes_on THEN COALESCE(previous_status, NULLIF(streaming_status, 'pending')) END
        WHERE id = :id
        """,
        {"owner": owner, "goes_on": _goes_on(pending), "id": reply_id},
    )
    connection.execute("DELETE FROM chunks WHERE message_id = ?", (reply_id,))


def store_conversation(connection: sqlite3.Connection, conversation: Conversation) -> None:
    """Store a conversation. A title that was given meanwhile stays; sending to a deleted one brings it back."""
    connection.execute(
        """
        INSERT INTO conversations (id, title, model, leaf_id, created_at, updated_at)
        VALUES (:id, :title, :model, :leaf_id, :created_at, :updated_at)
        ON CONFLICT (id) DO UPDATE SET title = CASE title WHEN '' THEN excluded.title ELSE title END,
            model = excluded.model, leaf_id = excluded.leaf_id, updated_at = excluded.updated_at,
            deleted_at = NULL, deleted_by = NULL
        """,
        {
            "id": conversation.id,
            "title": to_column(conversation.title),
            "model": to_column(conversation.model),
            "leaf_id": conversation.last.id if conversation.last else None,
            "created_at": time_to_column(conversation.created_at),
            "updated_at": time_to_column(conversation.updated_at),
        },
    )


def _withdraw(connection: sqlite3.Connection, pending: PendingReply, reply: Message, leaf_before: str | None) -> None:
    """Remove a new reply, and its prompt if that is new and has no other; its row stays outside the tree, without text.

    Where the reply was shown, another one of its round is shown instead, or else what was shown before.
    """
    connection.execute(
        """
        UPDATE messages SET parent_id = NULL, text = '', parts = '[]', partial_content = NULL, owner = NULL,
            model = :model, streaming_status = :streaming_status, stream_metadata = :stream_metadata
        WHERE id = :id
        """,
        message_to_columns(reply),
    )
    connection.execute("DELETE FROM chunks WHERE message_id = ?", (reply.id,))
    if pending.prompt:
        remove_message(connection, pending.prompt.id)
    connection.execute(
        """
        UPDATE conversations SET leaf_id = COALESCE(
            (SELECT id FROM messages WHERE conversation_id = :conversation_id AND parent_id = :asked_by
                AND instr(stream_metadata, :round) > 0 ORDER BY number DESC LIMIT 1),
            (SELECT id FROM messages WHERE id = :leaf_before AND streaming_status != 'cancelled'),
            :parent_id)
        WHERE id = :conversation_id AND leaf_id = :reply_id
        """,
        {
            "asked_by": pending.reply.parent_id,
            "round": f'"round":"{_round_of(pending)}"' if _round_of(pending) else None,
            "leaf_before": leaf_before,
            "parent_id": (pending.prompt or pending.reply).parent_id,
            "conversation_id": pending.conversation.id,
            "reply_id": reply.id,
        },
    )
    connection.execute(
        "UPDATE conversations SET title = '' WHERE id = ? AND leaf_id IS NULL", (pending.conversation.id,)
    )


def _restore(connection: sqlite3.Connection, message_id: str) -> None:
    """Make a reply that was continued again what it was; its text never changed."""
    connection.execute(
        """
        UPDATE messages SET streaming_status = COALESCE(previous_status, 'interrupted'), previous_status = NULL,
            partial_content = CASE previous_status WHEN 'complete' THEN NULL ELSE text END, owner = NULL
        WHERE id = ? AND owner IS NOT NULL
        """,
        (message_id,),
    )
    connection.execute("DELETE FROM chunks WHERE message_id = ?", (message_id,))


def _without(pending: PendingReply) -> Conversation:
    """Return the conversation without what `pending` added."""
    conversation = pending.conversation
    if _goes_on(pending):
        return conversation.with_message(replace(pending.reply, status=StreamingStatus.INTERRUPTED))
    first = pending.prompt or pending.reply
    return replace(conversation, messages=conversation.before(first.id))


def _goes_on(pending: PendingReply) -> bool:
    """True if an earlier reply is continued; only such a reply has parts before anything comes."""
    return bool(pending.reply.parts)


def _round_of(pending: PendingReply) -> str:
    return pending.reply.metadata.round


def _leaf_of(connection: sqlite3.Connection, conversation_id: str) -> str | None:
    row = connection.execute("SELECT leaf_id FROM conversations WHERE id = ?", (conversation_id,)).fetchone()
    return row["leaf_id"] if row else None


def _exists(connection: sqlite3.Connection, message_id: str) -> bool:
    return connection.execute("SELECT 1 FROM messages WHERE id = ?", (message_id,)).fetchone() is not None
