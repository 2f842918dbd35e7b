"""Recovery after a crash: replies that nobody is fetching any more keep the text that was journalled."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TypeAlias

from tui_chat.chat.accumulator import ReplyAccumulator
from tui_chat.chat.estimate import tokens_in, utf8_size
from tui_chat.chat.message import Message, StreamingStatus, utc_now
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.parts import Part, text_of, thinking_of
from tui_chat.chat.protocols import Pricing
from tui_chat.records import replace
from tui_chat.storage.conversations import chunks_of
from tui_chat.storage.journal import end_reply
from tui_chat.storage.rows import message_from_row, metadata_of, parts_of, replayed, sensible

Prices: TypeAlias = Callable[[], Pricing]
"""Loads the prices when they are needed: that takes time."""


def has_orphans(connection: sqlite3.Connection, is_alive: Callable[[object], bool]) -> bool:
    """True if there are replies under way whose process has died."""
    rows = connection.execute("SELECT DISTINCT owner FROM messages WHERE owner IS NOT NULL")
    return any(not is_alive(row["owner"]) for row in rows)


def interrupt_orphans(
    connection: sqlite3.Connection, is_alive: Callable[[object], bool], prices: Prices | None
) -> None:
    """End the replies whose process has died, with all of them that reached the disk."""
    rows = connection.execute("SELECT * FROM messages WHERE owner IS NOT NULL").fetchall()
    orphans = [row for row in rows if not is_alive(row["owner"])]
    for row, reply in sensible(orphans, lambda row: (row, _recovered(connection, row, prices))):
        end_reply(connection, row["conversation_id"], reply, utc_now(), message_from_row(row))


def _recovered(connection: sqlite3.Connection, row: sqlite3.Row, prices: Prices | None) -> Message:
    """Return the reply as it has to be taken to have ended."""
    chunks, base, metadata = chunks_of(connection, row["id"]), parts_of(row), metadata_of(row)
    came = replayed(base, chunks)
    about = ReplyMetadata(
        mode=metadata.mode,
        provider=metadata.provider,
        model=came.model or metadata.model,
        stop_reason=came.stop_reason,
        stop_details=came.stop_details,
        simulated=metadata.simulated,
        seams=(*metadata.seams, len(text_of(base))) if base and chunks else metadata.seams,
        open_seams=metadata.open_seams,
        own_server=metadata.own_server,
        round=metadata.round,
        contender=metadata.contender,
    )
    return replace(
        message_from_row(row),
        parts=came.parts,
        # Its end may have been journalled already; then nothing of it is missing.
        status=StreamingStatus.COMPLETE if came.complete else StreamingStatus.INTERRUPTED,
        metadata=_with_figures(about, came, base, prices).after(metadata),
    )


def _with_figures(
    about: ReplyMetadata, came: ReplyAccumulator, base: tuple[Part, ...], prices: Prices | None
) -> ReplyMetadata:
    """Return the metadata with the usage: of a broken-off reply the input, as far as known, and an output estimate."""
    usage, estimated = came.usage, not came.complete and came.usage.output_tokens is None and bool(came.id)
    if estimated:
        written = text_of(came.parts)[len(text_of(base)) :] + thinking_of(came.parts)[len(thinking_of(base)) :]
        usage = replace(usage, output_tokens=tokens_in(utf8_size(written)))
    cost_usd = prices().cost_usd(about, usage) if prices else None
    return about.with_usage(usage, cost_usd, estimated=estimated)
