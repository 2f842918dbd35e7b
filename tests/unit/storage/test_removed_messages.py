"""Single messages that are deleted: what stays, what comes back, what is gone for good."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.storage.conftest import ABOUT, now
from tests.waiting import PATIENCE_S
from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation
from tui_chat.chat.prompt import Prompt

if TYPE_CHECKING:
    from tests.unit.storage.conftest import Chat, Opener


def three(chat: Chat) -> Conversation:
    """Return a conversation of three prompts and their replies."""
    conversation = chat.exchange("one", "1")
    return chat.exchange("three", "3", chat.exchange("two", "2", conversation))


def texts(conversation: Conversation) -> list[str]:
    """Return the texts of its messages."""
    return [message.text for message in conversation.messages]


def delete(chat: Chat, message_id: str) -> bool:
    """Delete a message, and return whether that could be done."""
    return chat.store.delete_message(message_id).result(PATIENCE_S)


def undo(chat: Chat, message_id: str) -> bool:
    """Bring a message back."""
    return chat.store.undelete_message(message_id).result(PATIENCE_S)


@pytest.mark.parametrize("place", range(6))
def test_later_messages_stay_and_follow_what_was_before(chat: Chat, place: int) -> None:
    before = three(chat)
    assert delete(chat, before.messages[place].id)
    after = chat.read(before.id)
    kept = [message for at, message in enumerate(before.messages) if at != place]
    assert texts(after) == [message.text for message in kept]
    parents = [None, *(message.id for message in kept[:-1])]
    assert [message.parent_id for message in after.messages] == parents
    assert chat.store.conversations()[0].message_count == 5


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(6)), count=st.integers(1, 6))
def test_undone_in_turn_the_conversation_is_what_it_was(chat: Chat, order: list[int], count: int) -> None:
    before = three(chat)
    deleted = [before.messages[place].id for place in order[:count]]
    for message_id in deleted:
        assert delete(chat, message_id)
    for message_id in reversed(deleted):
        assert undo(chat, message_id)
    assert chat.read(before.id) == before
    [summary] = [summary for summary in chat.store.conversations() if summary.id == before.id]
    assert summary.message_count == 6


def test_branches_below_it_stand(chat: Chat) -> None:
    before = chat.exchange("one", "1")
    other = chat.finish(chat.regenerate(before, before.messages[1].id), "another 1")
    assert delete(chat, before.messages[0].id)
    assert texts(chat.read(before.id)) == ["another 1"]
    assert chat.store.branches(other.messages[1].id) == [before.messages[1].id, other.messages[1].id]
    assert undo(chat, before.messages[0].id)
    assert chat.read(before.id) == other


def test_without_the_last_of_two_replies_the_other_is_shown(chat: Chat) -> None:
    before = chat.exchange("one", "1")
    other = chat.finish(chat.regenerate(before, before.messages[1].id), "another 1")
    assert delete(chat, other.messages[1].id)
    assert texts(chat.read(before.id)) == ["one", "1"]
    assert undo(chat, other.messages[1].id)
    assert texts(chat.read(before.id)) == ["one", "another 1"]


def test_without_the_only_message_of_a_branch_from_the_beginning_another_one_is_shown(chat: Chat) -> None:
    before = chat.exchange("one", "1")
    edited = exchange.send(before, Prompt("uno", in_place_of=before.messages[0].id), ABOUT, now())
    chat.finish(chat.begin(edited), "uno 1")
    assert delete(chat, edited.reply.id)
    assert texts(chat.read(before.id)) == ["uno"]
    assert delete(chat, edited.conversation.messages[0].id)
    assert texts(chat.read(before.id)) == ["one", "1"]


def test_it_is_not_found_any_more(chat: Chat) -> None:
    before = chat.exchange("needle", "1", chat.exchange("hay", "more hay"))
    assert delete(chat, before.messages[2].id)
    assert not chat.store.search("needle", 10)
    assert "needle" not in chat.store.prompts(10)
    assert not chat.store.conversations(query="needle")
    assert "needle" not in str(chat.store.export(before.id))
    assert undo(chat, before.messages[2].id)
    assert chat.store.search("needle", 10)


def test_nothing_is_deleted_while_a_reply_is_coming(chat: Chat) -> None:
    before = chat.exchange("one", "1")
    pending = chat.send("two", before)
    assert delete(chat, before.messages[0].id) is False
    assert delete(chat, pending.reply.id) is False
    assert texts(chat.finish(pending, "2")) == ["one", "1", "two", "2"]


def test_the_figures_stay(chat: Chat) -> None:
    before = chat.exchange("one", "1")
    replies = chat.store.statistics().replies
    assert delete(chat, before.messages[1].id)
    assert chat.store.statistics().replies == replies


def test_it_is_gone_for_good_once_the_program_has_ended(chat: Chat) -> None:
    before = chat.exchange("needle", "1", chat.exchange("hay", "more hay"))
    assert delete(chat, before.messages[2].id)
    path = chat.store.path
    assert path is not None
    chat.store.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT COUNT(*) FROM messages WHERE text = 'needle'").fetchone() == (0,)
        assert connection.execute("SELECT COUNT(*) FROM conversations").fetchone() == (1,)
        assert connection.execute("SELECT COUNT(*) FROM search WHERE search MATCH 'needle'").fetchone() == (0,)


def test_the_last_message_of_all_leaves_a_conversation_that_is_not_listed(chat: Chat) -> None:
    before = chat.exchange("one", "1")
    for message in reversed(before.messages):
        assert delete(chat, message.id)
    assert not chat.store.conversations()
    for message in before.messages:
        assert undo(chat, message.id)
    assert chat.read(before.id) == before


def test_what_is_gone_for_good_does_not_come_back(chat: Chat) -> None:
    before = chat.exchange("one", "1")
    assert delete(chat, before.messages[1].id)
    chat.store.purge_deleted().result(PATIENCE_S)
    assert not undo(chat, before.messages[1].id)
    assert not delete(chat, before.messages[1].id)
    assert texts(chat.read(before.id)) == ["one"]


def test_it_does_not_come_back_to_a_conversation_that_is_gone_for_good(chat: Chat, open_chat: Opener) -> None:
    before = chat.exchange("one", "1")
    assert delete(chat, before.messages[1].id)
    other = open_chat()
    other.store.delete(before.id)
    other.store.purge_deleted().result(PATIENCE_S)
    assert undo(chat, before.messages[1].id) is False


@pytest.mark.parametrize("place", range(4))
def test_another_window_sees_that_a_message_is_gone_and_that_it_is_back(chat: Chat, place: int) -> None:
    shown = chat.exchange("two", "2", chat.exchange("one", "1"))
    assert chat.store.grown(shown) is None
    assert delete(chat, shown.messages[place].id)
    shorter = chat.store.grown(shown)
    assert shorter is not None
    assert shorter.messages == chat.read(shown.id).messages
    assert chat.store.grown(shorter) is None
    assert undo(chat, shown.messages[place].id)
    longer = chat.store.grown(shorter)
    assert longer is not None
    assert longer.messages == shown.messages
