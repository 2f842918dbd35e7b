"""Marks that a user makes: pins, the archive, tags, bookmarks."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.waiting import PATIENCE_S
from tui_chat.chat.marks import ConversationMarks
from tui_chat.chat.message import Role, utc_now
from tui_chat.chat.tags import LONGEST_TAG, MOST_TAGS, tags_in

if TYPE_CHECKING:
    from tests.unit.storage.conftest import Chat, Opener

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def ids(chat: Chat, query: str = "", archived: bool | None = False, tag: str | None = None) -> list[str]:
    """The conversations that are listed."""
    return [summary.id for summary in chat.store.conversations(query=query, archived=archived, tag=tag)]


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("", ()),
        ("work", ("work",)),
        ("  #Work, home;WORK\tidea ", ("home", "idea", "work")),
        ("# ##", ()),
        ("a\x1b[31mb", ("a\ufffd[31mb",)),
        ("x" * 100, ("x" * LONGEST_TAG,)),
    ],
)
def test_a_text_names_tags(text: str, tags: tuple[str, ...]) -> None:
    assert tags_in(text) == tags


def test_a_conversation_has_only_so_many_tags() -> None:
    assert len(tags_in(" ".join(map(str, range(100))))) == MOST_TAGS


def test_marks_are_in_the_list_and_outlive_the_process(open_chat: Opener) -> None:
    chat = open_chat()
    one, other = chat.exchange("One", "1"), chat.exchange("Other", "2")
    chat.store.marks.pin(one.id)
    chat.store.marks.tag(one.id, tags_in("work home"))
    chat.store.marks.tag(other.id, ["work"])
    assert chat.store.marks.known_tags() == ["home", "work"]
    chat.store.close()
    summaries = {summary.id: summary for summary in open_chat().store.conversations()}
    assert (summaries[one.id].pinned, summaries[one.id].tags) == (True, ("home", "work"))
    assert (summaries[other.id].pinned, summaries[other.id].tags) == (False, ("work",))


def test_marks_are_taken_away_again(chat: Chat) -> None:
    one = chat.exchange("One", "1")
    for on in (True, False):
        chat.store.marks.pin(one.id, pinned=on)
        chat.store.marks.archive(one.id, archived=on)
        chat.store.marks.tag(one.id, ["work"] if on else [])
        chat.store.marks.bookmark(one.messages[0].id, bookmarked=on)
        marks = chat.store.marks.of(one.id)
        assert (marks.pinned, marks.archived, bool(marks.tags), bool(marks.bookmarks)) == (on, on, on, on)
    assert chat.store.marks.known_tags() == []
    assert chat.store.marks.bookmarks() == []


def test_what_is_not_stored_has_no_marks(chat: Chat) -> None:
    assert chat.store.marks.of("unknown") == ConversationMarks()
    assert chat.store.marks.bookmarked("unknown") == frozenset()


def test_archived_conversations_are_listed_only_if_wanted(chat: Chat) -> None:
    kept, archived = chat.exchange("Kept", "1"), chat.exchange("Archived", "2")
    chat.store.marks.archive(archived.id)
    assert ids(chat) == [kept.id]
    assert ids(chat, archived=True) == [archived.id]
    assert ids(chat, archived=None) == [archived.id, kept.id]
    assert ids(chat, query="archived") == []
    assert ids(chat, query="archived", archived=None) == [archived.id]


def test_conversations_are_listed_by_a_tag(chat: Chat) -> None:
    tagged = chat.exchange("Tagged", "1")
    chat.exchange("Untagged", "2")
    chat.store.marks.tag(tagged.id, ["work"])
    assert ids(chat, tag="work") == [tagged.id]
    assert ids(chat, tag="wor") == []


def test_bookmarks_of_all_conversations_are_listed_the_last_made_first(chat: Chat) -> None:
    one, other = chat.exchange("One", "First reply"), chat.exchange("Other", "2")
    chat.store.marks.bookmark(other.messages[0].id)
    chat.store.marks.bookmark(one.messages[1].id)
    found = chat.store.marks.bookmarks()
    assert [(it.conversation_id, it.message_id, it.role) for it in found] == [
        (one.id, one.messages[1].id, Role.ASSISTANT),
        (other.id, other.messages[0].id, Role.USER),
    ]
    assert (found[0].title, found[0].excerpt) == ("One", "First reply")
    assert chat.store.marks.bookmarked(one.id) == {one.messages[1].id}


def test_bookmarks_of_other_branches_stay(chat: Chat) -> None:
    one = chat.exchange("One", "1")
    chat.store.marks.bookmark(one.messages[1].id)
    chat.finish(chat.regenerate(one, one.messages[1].id), "another 1")
    assert [it.message_id for it in chat.store.marks.bookmarks()] == [one.messages[1].id]
    assert chat.store.marks.bookmarked(one.id) == {one.messages[1].id}


def test_a_bookmark_stays_while_a_reply_goes_on(chat: Chat) -> None:
    pending = chat.send("One")
    chat.store.marks.bookmark(pending.reply.id)
    ended = chat.finish(pending, "All of it")
    assert chat.store.marks.bookmarked(ended.id) == {pending.reply.id}


def test_a_deleted_conversation_takes_its_marks_along(chat: Chat) -> None:
    one = chat.exchange("One", "1")
    chat.store.marks.tag(one.id, ["work"])
    chat.store.marks.bookmark(one.messages[0].id)
    chat.store.delete(one.id)
    assert (chat.store.marks.bookmarks(), chat.store.marks.known_tags()) == ([], [])
    chat.store.undelete(one.id)
    assert (len(chat.store.marks.bookmarks()), chat.store.marks.known_tags()) == (1, ["work"])
    chat.store.delete(one.id)
    chat.store.close()


def test_a_fork_begins_without_marks(chat: Chat) -> None:
    one = chat.exchange("One", "1")
    chat.store.marks.pin(one.id)
    chat.store.marks.bookmark(one.messages[0].id)
    fork = chat.store.fork(one, one.messages[1].id)
    marks = chat.store.marks.of(fork.id)
    assert (marks.pinned, dict(marks.bookmarks)) == (False, {})


def test_retention_spares_what_is_pinned(chat: Chat) -> None:
    old = {"updated_at": LONG_AGO.isoformat(), "messages": [{"role": "user", "text": "x"}]}
    pinned, _ = (chat.store.import_({**old, "title": title}) for title in ("Pinned", "Not"))
    chat.store.marks.pin(pinned.id)
    assert chat.store.retention.remove(utc_now()).result(PATIENCE_S) == 1
    assert ids(chat) == [pinned.id]
    assert chat.store.retention.old(utc_now(), pinned=True) == [pinned.id]
    assert chat.store.retention.remove(utc_now(), pinned=True).result(PATIENCE_S) == 1
    assert ids(chat) == []


def test_an_export_has_the_marks_and_an_import_restores_them(chat: Chat, open_chat: Opener, tmp_path: Path) -> None:
    one = chat.exchange("One", "1")
    other = chat.finish(chat.regenerate(one, one.messages[1].id), "another 1")
    chat.store.marks.pin(one.id)
    chat.store.marks.archive(one.id)
    chat.store.marks.tag(one.id, ["home", "work"])
    for message in (other.messages[0], one.messages[1]):
        chat.store.marks.bookmark(message.id)
    exported = json.loads(json.dumps(chat.store.export(one.id)))
    assert exported["messages"][0]["bookmarked_at"]
    assert "bookmarked_at" not in exported["messages"][1]
    elsewhere = open_chat(tmp_path / "elsewhere").store
    copy = elsewhere.import_(exported)
    marks, copied = chat.store.marks.of(one.id), elsewhere.marks.of(copy.id)
    assert (copied.pinned, copied.archived, copied.tags) == (True, True, ("home", "work"))
    assert sorted(copied.bookmarks.values()) == sorted(marks.bookmarks.values())
    assert [it.excerpt for it in elsewhere.marks.bookmarks()].count("One") == 1
    again = elsewhere.export(copy.id)
    assert [again[key] for key in ("pinned", "archived", "tags")] == [True, True, ["home", "work"]]


def test_an_unmarked_export_has_no_field_more(chat: Chat) -> None:
    exported = chat.store.export(chat.exchange("One", "1").id)
    assert not {"pinned", "archived", "tags"} & set(exported)
    assert "bookmarked_at" not in json.dumps(exported)


@pytest.mark.parametrize(
    "wrong", [{"tags": "work"}, {"tags": [1, None]}, {"pinned": "yes"}, {"archived": 1}, {"tags": {}}]
)
def test_what_is_no_mark_is_left_out_of_an_import(chat: Chat, wrong: dict[str, object]) -> None:
    message = {"role": "user", "text": "x", "bookmarked_at": "yesterday"}
    copy = chat.store.import_({"messages": [message]} | wrong)
    assert chat.store.marks.of(copy.id) == ConversationMarks()
