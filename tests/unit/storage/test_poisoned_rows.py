"""Rows that a foreign hand, an older version or a failing disk wrote: each fails alone."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.waiting import PATIENCE_S
from tui_chat.chat.parts import UNREADABLE, OpaquePart, TextPart
from tui_chat.storage import Grouping

if TYPE_CHECKING:
    from tests.unit.storage.conftest import Chat, Opener


@pytest.fixture(params=["Pacific/Kiritimati", "Etc/GMT+12", "UTC"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def poison(folder: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(folder / "tui-chat.db")) as connection, connection:
        connection.execute(statement, values)


@pytest.mark.parametrize("when", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59.999999+00:00"])
def test_no_date_breaks_the_list_or_the_search(chat: Chat, folder: Path, zone: str, when: str) -> None:
    bad, good = chat.exchange("Bad words", "Indeed"), chat.exchange("Good words", "Indeed")
    poison(folder, "UPDATE conversations SET created_at = ?, updated_at = ? WHERE id = ?", when, when, bad.id)
    poison(folder, "UPDATE messages SET created_at = ? WHERE conversation_id = ?", when, bad.id)
    listed = chat.store.conversations()
    assert {item.id for item in listed} == {bad.id, good.id}
    hits = chat.store.search("words", 10)
    assert {hit.conversation_id for hit in hits} == {bad.id, good.id}
    times = [item.updated_at for item in listed] + [hit.created_at for hit in hits]
    times += [message.created_at for message in chat.read(bad.id).messages]
    assert all(moment.astimezone().strftime("%Y") for moment in times), os.environ["TZ"]


@pytest.mark.parametrize("column", ["id", "created_at", "updated_at", "title", "model", "leaf_id"])
@pytest.mark.parametrize("value", [b"\xff\xfe", 7, "no such thing", "x" * 1_000_000, -1e300])
def test_a_poisoned_conversation_leaves_the_others(chat: Chat, folder: Path, column: str, value: object) -> None:
    bad, good = chat.exchange("Bad", "Indeed"), chat.exchange("Good", "Indeed")
    poison(folder, f"UPDATE conversations SET {column} = ? WHERE id = ?", value, bad.id)
    assert good.id in {item.id for item in chat.store.conversations()}
    assert [hit.conversation_id for hit in chat.store.search("Good", 10)] == [good.id]
    chat.store.latest()
    chat.store.unsent()
    assert chat.problems == []


def test_a_text_that_is_not_in_utf8_is_read_as_far_as_it_is(chat: Chat, folder: Path) -> None:
    conversation = chat.exchange("Why?", "Because.")
    poison(folder, "UPDATE messages SET text = CAST(? AS TEXT) WHERE text = 'Because.'", b"\xffcause")
    assert [message.text for message in chat.read(conversation.id).messages] == ["Why?", "\ufffdcause"]


def test_a_part_that_cannot_be_read_stands_beside_the_others(chat: Chat, folder: Path) -> None:
    conversation = chat.exchange("Why?", "Because.")
    parts = '[{"type": "novel", "x": 1}, {"type": "text", "text": "Because."}]'
    poison(folder, "UPDATE messages SET parts = ? WHERE role = 'assistant'", parts)
    reply = chat.read(conversation.id).messages[1]
    assert reply.parts == (OpaquePart(UNREADABLE, {"raw": '{"type": "novel", "x": 1}'}), TextPart("Because."))


@pytest.mark.parametrize("column", ["parts", "stream_metadata"])
def test_a_message_has_its_text_whatever_stands_beside_it(chat: Chat, folder: Path, column: str) -> None:
    conversation = chat.exchange("Why?", "Because.")
    for value in ("[" * 100_000, "[" * 900 + "]" * 900, "9" * 5_000, "{}", "[1]", "null", b"\xff", 7):
        poison(folder, f"UPDATE messages SET {column} = ?", value)
        assert [message.text for message in chat.read(conversation.id).messages] == ["Why?", "Because."], value


@pytest.mark.parametrize("value", [b"\xff", "a\0b", "x" * 5_000, "..", "", 7])
def test_an_owner_that_nobody_can_be_is_gone(chat: Chat, open_chat: Opener, folder: Path, value: object) -> None:
    pending = chat.send("Why?")
    chat.stream(pending, "Beca")
    deleted = chat.exchange("Gone", "Indeed")
    chat.store.delete(deleted.id).result(PATIENCE_S)
    poison(folder, "UPDATE messages SET owner = ? WHERE owner IS NOT NULL", value)
    poison(folder, "UPDATE conversations SET deleted_by = ?, draft_by = ?", value, value)
    other = open_chat()
    assert other.last(pending).status.value == "interrupted"
    other.store.unsent()
    other.store.purge_deleted().result(PATIENCE_S)
    assert other.store.conversation(deleted.id) is None
    assert other.problems == []


@pytest.mark.parametrize("value", ["x", b"\xff", "[1]", '{"a": 1}', "[" * 100_000])
def test_settings_that_make_no_sense_are_none(chat: Chat, folder: Path, value: object) -> None:
    conversation = chat.exchange("Why?", "Because.")
    poison(folder, "UPDATE conversations SET settings = ?", value)
    assert chat.store.settings(conversation.id) == {}


@pytest.mark.parametrize("day", ["2026-02-31", "not a date", "20260301"])
def test_a_day_that_is_none_is_left_out(chat: Chat, folder: Path, day: str) -> None:
    chat.exchange("Why?", "Because.")
    chat.exchange("Why?", "Because.")
    poison(folder, "UPDATE replies SET day = ? WHERE number = 1", day)
    [(left, sums)] = chat.store.statistics_by(Grouping.DAY)
    assert (left != day, sums.replies) == (True, 1)


@pytest.mark.parametrize("column", ["day", "model", "cost_usd", "duration_ms", "ttft_ms", "retries", "error_kind"])
def test_a_poisoned_figure_leaves_the_others(chat: Chat, folder: Path, column: str) -> None:
    chat.exchange("Why?", "Because.")
    chat.exchange("Why?", "Because.")
    for value in ("2026-02-31", b"\xff", 1e308, 7, "x" * 1000):
        poison(folder, f"UPDATE replies SET {column} = ? WHERE number = 1", value)
        assert chat.store.statistics().replies == 2, value
        for grouping in Grouping:
            assert sum(sums.replies for _, sums in chat.store.statistics_by(grouping)) in (1, 2), value
    assert chat.problems == []
