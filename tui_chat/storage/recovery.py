"""After a crash: replies that nobody is fetching any more keep the text that was journalled."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace

from tui_chat.chat.message import Message, StreamingStatus, utc_now
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.parts import text_of
from tui_chat.storage.conversations import chunks_of
from tui_chat.storage.journal import end_reply
from tui_chat.storage.rows import message_from_row, metadata_of, parts_of, replayed, sensible


def has_orphans(connection: sqlite3.Connection, is_alive: Callable[[object], bool]) -> bool:
    """Whether there are replies under way whose process has died."""
    rows = connection.execute("SELECT DISTINCT owner FROM messages WHERE owner IS NOT NULL")
    return any(not is_alive(row["owner"]) for row in rows)


def interrupt_orphans(connection: sqlite3.Connection, is_alive: Callable[[object], bool]) -> None:
    """End the replies whose process has died, with all of them that reached the disk."""
    rows = connection.execute("SELECT * FROM messages WHERE owner IS NOT NULL").fetchall()
    orphans = [row for row in rows if not is_alive(row["owner"])]
    for conversation_id, reply in sensible(orphans, lambda row: _recovered(connection, row)):
        end_reply(connection, conversation_id, reply, utc_now())


def _recovered(connection: sqlite3.Connection, row: sqlite3.Row) -> tuple[str, Message]:
    """The conversation's id, and the reply as it has to be taken to have ended."""
    chunks, base, metadata = chunks_of(connection, row["id"]), parts_of(row), metadata_of(row)
    came = replayed(base, chunks)
    reply = replace(
        message_from_row(row),
        parts=came.parts,
        # Its end may have been journalled already; then nothing of it is missing.
        status=StreamingStatus.COMPLETE if came.complete else StreamingStatus.INTERRUPTED,
        metadata=ReplyMetadata(
            mode=metadata.mode,
            provider=metadata.provider,
            model=came.model or metadata.model,
            stop_reason=came.stop_reason,
            stop_details=came.stop_details,
            usage=came.usage,
            simulated=metadata.simulated,
            seams=(*metadata.seams, len(text_of(base))) if base and chunks else metadata.seams,
        ),
    )
    return row["conversation_id"], reply
