"""Conversations: listing, branches, titles, drafts, removal."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.waiting import PATIENCE_S
from tui_chat.chat import exchange
from tui_chat.chat.message import BranchPlace, Conversation, StreamingStatus, utc_now
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.prompt import Prompt

if TYPE_CHECKING:
    from tests.unit.storage.conftest import Chat, Opener

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def test_conversations_are_listed_newest_first_with_what_they_show(chat: Chat) -> None:
    first = chat.exchange("First", "1")
    second = chat.exchange("Second", "2")
    assert [summary.id for summary in chat.store.conversations()] == [second.id, first.id]
    chat.exchange("More", "3", first)
    summaries = chat.store.conversations()
    assert [(summary.title, summary.message_count) for summary in summaries] == [("First", 4), ("Second", 2)]
    assert [summary.id for summary in chat.store.conversations(limit=1)] == [first.id]
    latest = chat.store.latest()
    assert latest
    assert latest.id == first.id


def test_of_two_replies_at_once_the_one_that_ended_last_is_listed_first(chat: Chat) -> None:
    slow, quick = chat.send("Slow"), chat.send("Quick")
    chat.finish(quick, "1")
    chat.finish(slow, "2")
    assert [summary.title for summary in chat.store.conversations()] == ["Slow", "Quick"]


def test_the_list_counts_the_messages_that_the_conversation_shows(chat: Chat) -> None:
    conversation = chat.exchange("Two", "2", chat.exchange("One", "1"))
    chat.finish(chat.regenerate(conversation, conversation.messages[1].id), "another 1")
    [summary] = chat.store.conversations()
    assert summary.message_count == len(chat.read(conversation.id).messages) == 2


@pytest.mark.parametrize("query", ["straw", "STRAW", "berry straw", "r's", "ü", "Ü", "日本", "red"])
def test_a_query_finds_a_conversation_by_its_title_or_any_of_its_texts(chat: Chat, query: str) -> None:
    found = chat.exchange("How many r's?", "Three in Strawberry, ünd 日本語.")
    chat.exchange("Something", "else")
    chat.store.rename(found.id, "Red fruit")
    assert [summary.id for summary in chat.store.conversations(query=query)] == [found.id]


def test_a_conversation_is_found_by_the_beginning_of_its_id(chat: Chat) -> None:
    one = chat.exchange("One", "1", Conversation(id="abc1"))
    chat.exchange("Two", "2", Conversation(id="abd2"))
    assert chat.store.conversation("abc") == one
    assert chat.store.conversation("abc1") == one
    assert chat.store.conversation("nothing") is None
    assert chat.store.conversation("") is None
    assert chat.store.conversation("a%") is None
    assert chat.store.conversation("\ud800") is None
    with pytest.raises(LookupError, match="begins with ab; give more"):
        chat.store.conversation("ab")


def test_a_whole_id_is_never_ambiguous(chat: Chat) -> None:
    one = chat.exchange("One", "1", Conversation(id="ab"))
    chat.exchange("Two", "2", Conversation(id="abc"))
    assert chat.store.conversation("ab") == one


def test_branches_are_kept_and_can_be_gone_back_to(chat: Chat) -> None:
    conversation = chat.exchange("Two", "2", chat.exchange("One", "1"))
    first, second = conversation.messages[1].id, conversation.messages[3].id
    regenerated = chat.finish(chat.regenerate(conversation, first), "uno")
    other = regenerated.messages[1].id
    assert [message.text for message in regenerated.messages] == ["One", "uno"]
    assert chat.store.branches(first) == chat.store.branches(other) == [first, other]
    assert chat.store.branches(second) == [second]
    assert chat.store.branches("unknown") == []
    assert chat.store.branch_places(conversation.id) == {first: BranchPlace(1, 2), other: BranchPlace(2, 2)}
    chat.store.select_branch(conversation.id, first)
    assert chat.read(conversation.id).messages == conversation.messages, "to the end of the branch"
    chat.store.select_branch(conversation.id, other)
    assert chat.read(conversation.id).messages == regenerated.messages
    elsewhere = chat.exchange("Elsewhere", "x")
    for no_branch in ("unknown", elsewhere.messages[0].id):
        chat.store.select_branch(conversation.id, no_branch).result(PATIENCE_S)
    assert chat.read(conversation.id).messages == regenerated.messages


def test_another_branch_is_read_to_its_end_without_going_there(chat: Chat) -> None:
    conversation = chat.exchange("Two", "2", chat.exchange("One", "1"))
    first = conversation.messages[1].id
    shown = chat.finish(chat.regenerate(conversation, first), "another 1")
    along = chat.store.along(shown, first)
    assert along
    assert along.messages == conversation.messages
    assert chat.read(shown.id) == shown
    assert chat.store.along(shown, "nothing") is None


def test_an_edited_prompt_is_a_branch_even_at_the_beginning(chat: Chat) -> None:
    conversation = chat.exchange("One", "1")
    edited = chat.exchange("One, edited", "1!", replace(conversation, messages=()))
    prompts = [conversation.messages[0].id, edited.messages[0].id]
    assert chat.store.branches(prompts[0]) == prompts
    assert list(chat.store.branch_places(conversation.id)) == prompts
    assert [message.text for message in chat.read(conversation.id).messages] == ["One, edited", "1!"]


def test_a_cancelled_reply_is_no_branch(chat: Chat) -> None:
    chat.discard(chat.send("Never mind", Conversation(id="c")))
    conversation = chat.exchange("One", "1", Conversation(id="c"))
    assert chat.store.branches(conversation.messages[0].id) == [conversation.messages[0].id]
    assert chat.store.branch_places(conversation.id) == {}


def test_a_fork_is_a_conversation_of_its_own(chat: Chat) -> None:
    conversation = chat.exchange("Two", "2", chat.exchange("One", "1"))
    fork = chat.store.fork(conversation, conversation.messages[1].id)
    grown = chat.exchange("Three", "3", chat.read(fork.id))
    assert [message.text for message in grown.messages] == ["One", "1", "Three", "3"]
    assert chat.read(conversation.id).messages == conversation.messages
    chat.store.delete(conversation.id)
    chat.store.purge_deleted()
    assert chat.read(fork.id).messages == grown.messages


def test_a_fork_of_a_reply_under_way_is_not_under_way(chat: Chat) -> None:
    pending = chat.send("One")
    chat.stream(pending, "1")
    fork = chat.store.fork(chat.read(pending.conversation.id), pending.reply.id)
    assert [message.status for message in chat.read(fork.id).messages] == [
        StreamingStatus.COMPLETE,
        StreamingStatus.INTERRUPTED,
    ]


def test_a_given_title_outlives_the_next_prompt(chat: Chat) -> None:
    conversation = chat.exchange("One", "1")
    chat.store.rename(conversation.id, "Numbers \ud800")
    assert chat.exchange("Two", "2", conversation).title == "Numbers \ud800"


def test_a_deleted_conversation_can_be_brought_back_until_the_program_ends(open_chat: Opener, folder: Path) -> None:
    chat = open_chat()
    conversation, other = chat.exchange("One", "1"), chat.exchange("Two", "2")
    chat.store.delete(conversation.id)
    chat.store.delete(other.id)
    assert chat.store.conversations() == []
    assert chat.store.conversation(conversation.id) is None
    assert chat.store.search("One", 5) == []
    assert chat.store.prompts(5) == []
    open_chat().store.close()
    chat.store.undelete(conversation.id)
    assert chat.read(conversation.id) == conversation
    chat.store.close()
    with closing(sqlite3.connect(folder / "tui-chat.db")) as connection:
        assert connection.execute("SELECT id FROM conversations").fetchall() == [(conversation.id,)]
        assert connection.execute("SELECT COUNT(*) FROM messages").fetchone() == (2,)
        assert connection.execute("SELECT COUNT(*) FROM replies").fetchone() == (2,), "figures stay"


def test_what_a_process_deleted_that_has_died_is_gone_for_good_at_the_next_start(
    open_chat: Opener, folder: Path
) -> None:
    chat = open_chat()
    conversation = chat.exchange("One", "1")
    chat.store.delete(conversation.id).result(PATIENCE_S)
    with closing(sqlite3.connect(folder / "tui-chat.db", isolation_level=None)) as connection:
        connection.execute("UPDATE conversations SET deleted_by = '1-of-a-process-that-was-killed'")
    assert open_chat().store.flush(PATIENCE_S)
    with closing(sqlite3.connect(folder / "tui-chat.db")) as connection:
        assert connection.execute("SELECT COUNT(*) FROM messages").fetchone() == (0,)


def test_a_reply_of_another_process_is_known_while_it_comes(open_chat: Opener) -> None:
    one, two = open_chat(), open_chat()
    pending = one.send("One")
    assert two.store.replies_elsewhere(pending.conversation.id)
    assert not one.store.replies_elsewhere(pending.conversation.id)
    one.finish(pending, "1")
    assert not two.store.replies_elsewhere(pending.conversation.id)


def test_what_another_program_deleted_is_not_purged_while_it_may_bring_it_back(open_chat: Opener) -> None:
    one, two = open_chat(), open_chat()
    conversation = one.exchange("One", "1")
    one.store.delete(conversation.id).result(PATIENCE_S)
    two.store.purge_deleted().result(PATIENCE_S)
    one.store.undelete(conversation.id)
    assert one.read(conversation.id) == conversation


def test_what_another_program_has_added_at_the_end_is_found_there(open_chat: Opener) -> None:
    one, two = open_chat(), open_chat()
    seen = one.exchange("One", "1")
    assert one.store.grown(seen) is None
    grown = two.finish(two.send("Two", seen), "2")
    assert one.store.grown(seen) == replace(seen, messages=grown.messages)
    two.regenerate(grown, seen.messages[-1].id)
    assert one.store.grown(grown) is None
    assert one.store.grown(Conversation()) is None


def test_retention_removes_what_has_not_changed_for_so_long_and_never_a_reply_under_way(chat: Chat) -> None:
    about = ReplyMetadata(model="model-1")
    old = exchange.send(Conversation(updated_at=LONG_AGO), Prompt("Old"), about, LONG_AGO)
    under_way = chat.begin(old).conversation
    recent = chat.exchange("Recent", "1")
    imported = chat.store.import_({"updated_at": LONG_AGO.isoformat(), "messages": [{"role": "user", "text": "x"}]})
    chat.store.save_draft("new", "unsent")
    before = utc_now() - timedelta(30)
    assert chat.store.retention.old(LONG_AGO) == []
    assert chat.store.retention.remove(LONG_AGO).result(PATIENCE_S) == 0
    assert chat.store.retention.old(before) == [imported.id]
    assert chat.store.retention.remove(before).result(PATIENCE_S) == 1
    assert {summary.id for summary in chat.store.conversations()} == {under_way.id, recent.id}
    assert chat.store.conversation(imported.id) is None
    assert chat.store.draft("new") == "unsent"


def test_drafts_are_kept_for_conversations_stored_or_not(open_chat: Opener) -> None:
    chat = open_chat()
    conversation = chat.exchange("One", "1")
    chat.store.save_draft(conversation.id, "Two, perh")
    chat.store.save_draft("new", "\ud800 unsent")
    chat.store.save_draft("empty", "")
    chat.store.close()
    chat = open_chat()
    assert chat.store.draft(conversation.id) == "Two, perh"
    assert chat.store.draft("new") == "\ud800 unsent"
    assert chat.store.draft("empty") == ""
    assert len(chat.store.conversations()) == 1
    chat.store.save_draft("new", "")
    assert chat.store.draft("new") == ""


def test_an_unsent_conversation_is_taken_up_when_whoever_wrote_it_has_ended(open_chat: Opener) -> None:
    chat = open_chat()
    conversation = chat.exchange("One", "1")
    chat.store.save_draft(conversation.id, "Two, perh")
    chat.store.save_draft("older", "An older one").result(PATIENCE_S)
    chat.store.save_draft("new", "A newer one").result(PATIENCE_S)
    other = open_chat()
    assert other.store.unsent() is None
    assert chat.store.unsent() is None
    chat.store.close()
    unsent = other.store.unsent()
    assert unsent is not None
    assert (unsent.id, unsent.messages) == ("new", ())
    other.store.save_draft("new", "")
    left = other.store.unsent()
    assert left is not None
    assert left.id == "older"


def test_a_better_title_takes_the_place_of_the_first_one_but_not_of_the_users(chat: Chat) -> None:
    conversation = chat.exchange("Why?", "Because.")
    chat.store.retitle(conversation.id, "Why?", "Reasons")
    assert chat.read(conversation.id).title == "Reasons"
    chat.store.rename(conversation.id, "Mine")
    chat.store.retitle(conversation.id, "Reasons", "Better")
    assert chat.read(conversation.id).title == "Mine"


def test_a_draft_does_not_keep_the_first_prompt_from_giving_the_title(chat: Chat) -> None:
    conversation = Conversation()
    chat.store.save_draft(conversation.id, "Why")
    assert chat.exchange("Why?", "Because.", conversation).title == "Why?"


def test_settings_of_a_conversation_are_kept(chat: Chat) -> None:
    conversation = chat.exchange("One", "1")
    chat.store.save_settings(conversation.id, {"system": "Be brief.", "persona": "teacher"})
    assert chat.store.settings(conversation.id) == {"system": "Be brief.", "persona": "teacher"}
    chat.store.save_settings(conversation.id, {"persona": None, "model": "m"})
    assert chat.store.settings(conversation.id) == {"system": "Be brief.", "model": "m"}
    assert chat.store.settings("unknown") == {}
    chat.store.save_settings("begun", {"model": "m"})
    assert chat.store.settings("begun") == {"model": "m"}, "those chosen before the first prompt, too"


def test_earlier_prompts_come_newest_first_and_each_once(chat: Chat) -> None:
    conversation = chat.exchange("One", "1")
    for prompt in ("Two", "One again", "Two", "\ud800 three"):
        conversation = chat.exchange(prompt, "ok", conversation)
    assert chat.store.prompts(10) == ["\ud800 three", "Two", "One again", "One"]
    assert chat.store.prompts(2) == ["\ud800 three", "Two"]
    assert chat.store.prompts(10, "one") == ["One again", "One"]
    assert chat.store.prompts(10, "AGAIN one") == ["One again"]


def test_a_read_sees_what_was_written_before_it(chat: Chat) -> None:
    conversation = chat.exchange("One", "1")
    for number in range(50):
        chat.store.rename(conversation.id, f"Title {number}")
        assert chat.read(conversation.id).title == f"Title {number}"


def test_a_long_conversation_is_read_whole_and_in_order(chat: Chat) -> None:
    texts = [{"role": ("user", "assistant")[number % 2], "text": str(number)} for number in range(3000)]
    conversation = chat.store.import_({"messages": texts})
    read = chat.read(conversation.id)
    assert [message.text for message in read.messages] == [str(number) for number in range(3000)]
    assert chat.store.conversations()[0].message_count == 3000


def test_times_are_kept_to_the_microsecond_and_in_utc(chat: Chat) -> None:
    pending = chat.send("One")
    stored = chat.last(pending)
    assert stored.created_at == pending.reply.created_at
    assert stored.created_at.utcoffset() == timedelta(0)


def test_an_interrupted_status_is_never_mistaken_for_a_live_one(chat: Chat) -> None:
    conversation = chat.finish(chat.send("One"), "1", StreamingStatus.INTERRUPTED)
    assert conversation.messages[-1].status is StreamingStatus.INTERRUPTED


def test_what_was_never_stored_is_not_taken_for_removed(chat: Chat) -> None:
    shown = chat.exchange("One", "uno")
    unstored = replace(shown, messages=(*shown.messages, replace(shown.messages[0], id="not-stored")))
    assert chat.store.grown(unstored) is None
    chat.store.save_draft("elsewhere", "a draft")
    assert chat.store.grown(replace(unstored, id="elsewhere")) is None
