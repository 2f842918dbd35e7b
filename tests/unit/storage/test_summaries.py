"""Summaries of earlier messages: kept with the message that they end with, wherever that goes."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.storage.conftest import now
from tests.waiting import PATIENCE_S
from tui_chat.chat.exchange import rewrite
from tui_chat.chat.message import Conversation
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.sending import Sending
from tui_chat.chat.summary import Summary
from tui_chat.chat.usage import Usage
from tui_chat.storage import Aside

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.storage.conftest import Chat, Opener

SUMMARY = Summary("Kurz: \ud800 all of it", 4, 900, datetime(2026, 11, 28, 12, tzinfo=UTC), "model-1")


def summarized(chat: Chat, at: int = 3, summary: Summary | None = SUMMARY) -> Conversation:
    """Return a conversation of three prompts and their replies, with a summary of those up to one of them."""
    conversation = chat.exchange("three", "3", chat.exchange("two", "2", chat.exchange("one", "1")))
    return keep(chat, conversation, at, summary)


def keep(chat: Chat, conversation: Conversation, at: int, summary: Summary | None) -> Conversation:
    """Return the conversation with a summary, or without, as it is stored."""
    anchor = replace(conversation.messages[at], summary=summary)
    chat.store.summarize(conversation.with_message(anchor), anchor).result(PATIENCE_S)
    return chat.read(conversation.id)


def summaries(conversation: Conversation) -> list[Summary | None]:
    """Return the summary of each message."""
    return [message.summary for message in conversation.messages]


def test_a_summary_is_there_when_the_store_is_opened_again(chat: Chat, open_chat: Opener) -> None:
    conversation = summarized(chat)
    assert summaries(conversation) == [None] * 3 + [SUMMARY] + [None] * 2
    chat.store.close()
    assert open_chat().read(conversation.id) == conversation


def test_a_read_that_does_not_wait_for_the_write_finds_it_too(chat: Chat) -> None:
    conversation = summarized(chat, summary=None)
    anchor = replace(conversation.messages[3], summary=SUMMARY)
    chat.store.summarize(conversation.with_message(anchor), anchor)
    assert chat.read(conversation.id).messages[3].summary == SUMMARY


def test_it_is_taken_away_again(chat: Chat) -> None:
    assert summaries(keep(chat, summarized(chat), 3, None)) == [None] * 6


def test_it_holds_on_every_branch_that_has_the_message_and_on_no_other(chat: Chat) -> None:
    conversation = summarized(chat)
    later = chat.finish(chat.regenerate(conversation, conversation.messages[5].id), "other")
    assert later.messages[3].summary == SUMMARY
    earlier = rewrite(conversation, conversation.messages[3].id, "anew", now())
    chat.store.add_version(earlier).result(PATIENCE_S)
    assert summaries(chat.read(conversation.id)) == [None] * 4


def test_a_fork_has_it(chat: Chat) -> None:
    conversation = summarized(chat)
    fork = chat.store.fork(conversation, conversation.messages[4].id)
    assert chat.store.flush(PATIENCE_S)
    assert summaries(chat.read(fork.id)) == [None] * 3 + [SUMMARY, None]


def test_it_is_exported_and_imported(chat: Chat, open_chat: Opener, tmp_path: Path) -> None:
    conversation = summarized(chat)
    data = json.loads(json.dumps(chat.store.export(conversation.id)))
    elsewhere = open_chat(tmp_path / "elsewhere")
    assert elsewhere.store.import_(data).messages == conversation.messages
    again = elsewhere.store.export(conversation.id)
    assert json.loads(json.dumps(again)) == data
    data["messages"][3]["id"] = "an id of another program"
    data["id"] = "and so is this"
    renamed = open_chat(tmp_path / "renamed").store.import_(data)
    assert "all of it" in Sending().of(renamed.messages)[0].text


def test_what_is_no_summary_is_not_imported(chat: Chat) -> None:
    data = {"messages": [{"role": "user", "text": "Hi", "summary": {"text": 7}}]}
    assert summaries(chat.store.import_(data)) == [None]


def test_without_a_message_that_it_tells_of_it_stands_for_the_others(chat: Chat) -> None:
    conversation = summarized(chat)
    for message, left in ((conversation.messages[1], 5), (conversation.messages[3], 4)):
        assert chat.store.delete_message(message.id).result(PATIENCE_S)
        stored = chat.read(conversation.id)
        assert len(stored.messages) == left
        assert [one.text for one in Sending().of(stored.messages)[1:]] == ["three", "3"]


@pytest.mark.parametrize("anchor", [0, 3])
@pytest.mark.parametrize("place", [0, 3, 4])
def test_a_deletion_that_is_undone_leaves_the_summary_where_it_was(chat: Chat, anchor: int, place: int) -> None:
    before = keep(chat, summarized(chat, summary=None), anchor, SUMMARY)
    assert chat.store.delete_message(before.messages[place].id).result(PATIENCE_S)
    assert chat.store.undelete_message(before.messages[place].id).result(PATIENCE_S)
    assert chat.read(before.id).messages == before.messages


def test_a_message_that_comes_back_has_the_summary_as_it_was_rewritten_meanwhile(chat: Chat) -> None:
    before = keep(chat, summarized(chat, summary=None), 3, SUMMARY)
    assert chat.store.delete_message(before.messages[3].id).result(PATIENCE_S)
    newer = SUMMARY.rewritten("Newer.", now())
    keep(chat, chat.read(before.id), 2, newer)
    assert chat.store.undelete_message(before.messages[3].id).result(PATIENCE_S)
    assert summaries(chat.read(before.id)) == [None, None, None, newer, None, None]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(6)), count=st.integers(1, 6), anchors=st.sets(st.integers(0, 5)))
def test_deletions_undone_in_turn_leave_the_summaries_as_they_were(
    chat: Chat, order: list[int], count: int, anchors: set[int]
) -> None:
    before = summarized(chat, summary=None)
    for at in anchors:
        before = keep(chat, before, at, replace(SUMMARY, messages=at))
    deleted = [before.messages[place].id for place in order[:count]]
    for message_id in deleted:
        assert chat.store.delete_message(message_id).result(PATIENCE_S)
    for message_id in reversed(deleted):
        assert chat.store.undelete_message(message_id).result(PATIENCE_S)
    assert chat.read(before.id).messages == before.messages


def test_a_reply_that_goes_on_loses_it(chat: Chat) -> None:
    conversation = chat.exchange("one", "1")
    conversation = keep(chat, conversation, 1, SUMMARY)
    assert chat.finish(chat.go_on(conversation), "1 and more").messages[1].summary is None


def test_a_damaged_one_costs_nothing_but_itself(chat: Chat, open_chat: Opener, folder: Path) -> None:
    conversation = summarized(chat)
    chat.store.close()
    with closing(sqlite3.connect(folder / "tui-chat.db")) as connection, connection:
        connection.execute("UPDATE messages SET summary = X'ff00'")
    assert summaries(open_chat().read(conversation.id)) == [None] * 6


def test_what_it_cost_is_counted_but_as_no_reply(chat: Chat) -> None:
    conversation = chat.exchange("one", "1")
    before = chat.store.statistics()
    about = replace(ReplyMetadata(model="model-1"), usage=Usage(1000, 200), cost_usd=0.25)
    chat.store.count_aside(conversation.id, Aside.SUMMARY, about).result(PATIENCE_S)
    after = chat.store.statistics()
    assert after.replies == before.replies
    assert after.cost_usd == (before.cost_usd or 0.0) + 0.25
    assert after.usage.input_tokens == (before.usage.input_tokens or 0) + 1000
