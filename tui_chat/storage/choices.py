"""Choices among the replies of a round: how often each model's was the one that the user went on with."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime

from tui_chat.chat.message import Message, utc_now
from tui_chat.records import asdict, dataclass
from tui_chat.storage.marks import Read
from tui_chat.storage.rows import from_column, metadata_of, sensible, time_to_column, to_column
from tui_chat.storage.writer import Job
from tui_chat.text.reading import count, figure, name


@dataclass(frozen=True, slots=True)
class Standing:
    """The choices in which a reply of a model took part."""

    model: str
    rounds: int
    wins: int
    cost_usd: float | None
    """Of its replies, on average, as far as that is known."""
    duration_ms: float | None
    """Of its replies, on average."""

    def to_json(self) -> dict[str, object]:
        """Return what `stats --format json` prints of it."""
        return asdict(self)


class Choices:
    """The choices in the store; like the figures of replies, they outlive the conversations."""

    def __init__(self, read: Read, write: Callable[[Job[None]], Future[None]]) -> None:
        self._read = read
        self._write = write

    def record_choice(self, winner_id: str, loser_ids: Sequence[str]) -> Future[None]:
        """Keep which reply of a round was chosen over the others; a choice made before in this round is forgotten."""
        now, losers = utc_now(), [id for id in loser_ids if id != winner_id]
        return self._write(lambda connection: record_choice(connection, winner_id, losers, now))

    def standings(self, since: datetime | None = None) -> list[Standing]:
        """Return how the models stand by the choices since then, those with most wins first."""
        none: list[Standing] = []
        return self._read(lambda connection: standings(connection, since), otherwise=none)


def record_choice(connection: sqlite3.Connection, winner_id: str, loser_ids: Sequence[str], now: datetime) -> None:
    """Keep one choice, with the figures of the replies; where fewer than two of them are stored there was none."""
    rows = connection.execute(
        "SELECT * FROM messages WHERE role = 'assistant' AND id IN (SELECT value FROM json_each(?))",
        (json.dumps([winner_id, *loser_ids]),),
    ).fetchall()
    if len(rows) < 2 or not any(row["id"] == winner_id for row in rows):
        return
    round_id = next(metadata_of(row).round or row["parent_id"] for row in rows if row["id"] == winner_id)
    connection.execute("DELETE FROM choices WHERE round = ?", (round_id,))
    for row in rows:
        about = metadata_of(row)
        connection.execute(
            """
            INSERT INTO choices (reply_id, round, chosen_at, won, model, cost_usd, duration_ms)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            (
                row["id"],
                round_id,
                time_to_column(now),
                row["id"] == winner_id,
                to_column(about.model),
                about.cost_usd,
                about.metrics.duration_ms,
            ),
        )


def update_choice(connection: sqlite3.Connection, reply: Message) -> None:
    """Count a reply that has ended with its figures, if a choice was made before it had them."""
    about = reply.metadata
    connection.execute(
        "UPDATE choices SET model = ?, cost_usd = ?, duration_ms = ? WHERE reply_id = ?",
        (to_column(about.model), about.cost_usd, about.metrics.duration_ms, reply.id),
    )


def standings(connection: sqlite3.Connection, since: datetime | None) -> list[Standing]:
    """Return how the models stand by the choices since then."""
    rows = connection.execute(
        """
        SELECT model, COUNT(*) AS rounds, TOTAL(won) AS wins, AVG(cost_usd) AS cost_usd,
            AVG(duration_ms) AS duration_ms
        FROM choices WHERE :since IS NULL OR chosen_at >= :since GROUP BY model ORDER BY wins DESC, rounds, model
        """,
        {"since": time_to_column(since) if since else None},
    )
    return list(_standings(rows))


def _standings(rows: sqlite3.Cursor) -> Iterator[Standing]:
    return sensible(
        rows,
        lambda row: Standing(
            name(from_column(row["model"])),
            count(row["rounds"]) or 0,
            int(figure(row["wins"]) or 0),
            figure(row["cost_usd"]),
            figure(row["duration_ms"]),
        ),
    )
