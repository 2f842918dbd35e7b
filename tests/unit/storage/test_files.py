"""Files that went with prompts, kept beside the database."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.unit.storage.conftest import ABOUT, now
from tests.waiting import PATIENCE_S
from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation
from tui_chat.chat.parts import FilePart, TextPart, files_of, parts_to_json
from tui_chat.chat.prompt import Prompt
from tui_chat.storage.files import references_in

if TYPE_CHECKING:
    from tests.unit.storage.conftest import Chat, Opener

PICTURE = FilePart("a.png", "image/png", "aGk=")
NOTES = FilePart("notes.md", "text/plain", "Zürich, \udcff.")


def sent(chat: Chat, *files: FilePart, in_: Conversation | None = None) -> Conversation:
    """A conversation that a prompt with these files went to, and its reply."""
    pending = exchange.send(in_ or Conversation(), Prompt("Look.", files=files), ABOUT, now())
    return chat.finish(chat.begin(pending), "I see.")


def files_in(conversation: Conversation) -> list[FilePart]:
    return [file for message in conversation.messages for file in files_of(message.parts)]


def draft_of(*files: FilePart) -> str:
    return json.dumps(parts_to_json([file.reference() for file in files]))


@pytest.fixture
def kept(folder: Path) -> Callable[[], set[str]]:
    """The names of the files that are kept."""
    return lambda: {path.name for path in (folder / "tui-chat.files").glob("*")}


Kept = Callable[[], set[str]]


def test_a_file_is_kept_once_and_is_its_users_alone(chat: Chat, open_chat: Opener, folder: Path, kept: Kept) -> None:
    conversation = sent(chat, PICTURE, NOTES)
    sent(chat, replace(PICTURE, name="again.png"), in_=conversation)
    assert kept() == {PICTURE.sha256, NOTES.sha256}
    store = folder / "tui-chat.files"
    assert store.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in store.iterdir()} == {0o600}
    assert (store / PICTURE.sha256).read_bytes() == b"hi"
    with closing(sqlite3.connect(folder / "tui-chat.db")) as connection:
        rows = [json.loads(row[0]) for row in connection.execute("SELECT parts FROM messages WHERE role = 'user'")]
    assert [sorted(part) for row in rows for part in row if part["type"] == "file"] == [
        ["media_type", "name", "sha256", "size", "type"]
    ] * 3
    read = open_chat().read(conversation.id)
    assert [(file.name, file.data) for file in files_in(read)] == [
        ("a.png", PICTURE.data),
        ("notes.md", NOTES.data),
        ("again.png", PICTURE.data),
    ]


def test_reading_again_shares_what_is_held(chat: Chat) -> None:
    conversation = sent(chat, PICTURE)
    first, second = (files_in(chat.read(conversation.id))[0] for _ in range(2))
    held = files_in(chat.read(conversation.id))[0]
    assert files_in(chat.read(conversation.id))[0].data is held.data
    assert first == second


@pytest.mark.parametrize("damage", [os.unlink, lambda path: Path(path).write_bytes(b"ho")], ids=["gone", "other"])
def test_a_file_that_is_lost_keeps_its_name_and_is_whole_again_when_it_comes_back(
    chat: Chat, open_chat: Opener, folder: Path, damage: Callable[[Path], None]
) -> None:
    conversation_id, other = sent(chat, PICTURE).id, open_chat()
    damage(folder / "tui-chat.files" / PICTURE.sha256)
    conversation = other.read(conversation_id)
    (lost,) = files_in(conversation)
    assert (lost, lost.lost, lost.size) == (PICTURE, True, 2)
    fork = other.store.fork(conversation, conversation.messages[0].id)
    (folder / "tui-chat.files" / PICTURE.sha256).write_bytes(b"hi")
    assert files_in(other.read(fork.id))[0].data == PICTURE.data


def test_a_file_that_was_cut_off_is_whole_again_once_it_is_sent_again(
    chat: Chat, open_chat: Opener, folder: Path
) -> None:
    conversation = sent(chat, PICTURE)
    (folder / "tui-chat.files" / PICTURE.sha256).write_bytes(b"h")
    sent(chat, PICTURE)
    assert files_in(open_chat().read(conversation.id))[0].data == PICTURE.data


def test_files_of_deleted_conversations_go_when_nothing_refers_to_them(chat: Chat, kept: Kept) -> None:
    first = sent(chat, PICTURE, NOTES)
    sent(chat, PICTURE)
    chat.store.delete(first.id).result(PATIENCE_S)
    assert len(kept()) == 2, "it can still be brought back"
    chat.store.purge_deleted()
    assert chat.store.flush(PATIENCE_S)
    chat.store.close()
    assert kept() == {PICTURE.sha256}


def test_what_retention_removes_takes_its_files_along(chat: Chat, folder: Path, kept: Kept) -> None:
    sent(chat, PICTURE)
    with closing(sqlite3.connect(folder / "tui-chat.db")) as connection, connection:
        connection.execute("UPDATE conversations SET updated_at = '2001-01-01T00:00:00.000000+00:00'")
    assert chat.store.retention.remove(now()).result(PATIENCE_S) == 1
    chat.store.close()
    assert kept() == set()


def test_files_of_drafts_are_kept_until_the_draft_refers_to_them_no_more(
    chat: Chat, open_chat: Opener, kept: Kept
) -> None:
    conversation = sent(chat, PICTURE)
    chat.store.save_draft("new", draft_of(NOTES, PICTURE), [NOTES, PICTURE]).result(PATIENCE_S)
    chat.store.delete(conversation.id)
    chat.store.purge_deleted()
    assert chat.store.flush(PATIENCE_S)
    other = open_chat()
    assert references_in([other.store.draft("new")]) == kept() == {NOTES.sha256, PICTURE.sha256}
    assert other.store.file(NOTES.reference()).data == NOTES.data
    chat.store.save_draft("new", draft_of(PICTURE), [PICTURE])
    chat.store.close()
    assert kept() == {PICTURE.sha256}


def test_nothing_is_swept_that_a_damaged_database_may_refer_to(chat: Chat, folder: Path, kept: Kept) -> None:
    conversation = sent(chat, PICTURE)
    (folder / "tui-chat.damaged-2026-01-02-030405.db").write_bytes(b"")
    chat.store.delete(conversation.id)
    chat.store.purge_deleted()
    chat.store.close()
    assert kept() == {PICTURE.sha256}


def test_where_a_file_cannot_be_kept_its_content_stays_in_the_row(chat: Chat, folder: Path) -> None:
    (folder / "tui-chat.files").write_text("in the way")
    assert files_in(sent(chat, PICTURE))[0].data == PICTURE.data
    assert chat.problems == []


def test_without_a_folder_files_are_kept_in_memory(open_chat: Opener) -> None:
    chat = open_chat(None)
    assert files_in(sent(chat, PICTURE))[0].data == PICTURE.data


def test_a_database_that_cannot_be_written_still_shows_its_files(
    chat: Chat, open_chat: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = sent(chat, PICTURE)
    chat.store.close()
    monkeypatch.setattr("tui_chat.storage.location.require_usable", _refuse)
    copy = open_chat()
    assert copy.store.path is None
    assert files_in(copy.read(conversation.id))[0].data == PICTURE.data


def _refuse(*_: object) -> None:
    raise PermissionError(13, "Permission denied")


def test_a_row_of_before_with_its_file_in_it_can_be_read(chat: Chat, folder: Path) -> None:
    conversation = sent(chat, PICTURE)
    inline = json.dumps(parts_to_json([PICTURE, TextPart("Look.")]))
    with closing(sqlite3.connect(folder / "tui-chat.db")) as connection, connection:
        connection.execute("UPDATE messages SET parts = ? WHERE role = 'user'", (inline,))
    (folder / "tui-chat.files" / PICTURE.sha256).unlink()
    assert files_in(chat.read(conversation.id))[0].data == PICTURE.data


def test_an_export_has_the_files_in_it_on_every_branch(chat: Chat, open_chat: Opener, tmp_path: Path) -> None:
    conversation = sent(chat, PICTURE)
    edited = Prompt("Read.", in_place_of=conversation.messages[0].id, files=(NOTES,))
    chat.finish(chat.begin(exchange.send(conversation, edited, ABOUT, now())), "I read.")
    data = json.loads(json.dumps(chat.store.export(conversation.id)))
    elsewhere = open_chat(tmp_path / "elsewhere")
    copy = elsewhere.store.import_(data)
    assert [file.data for file in files_in(copy)] == [NOTES.data]
    (branch,) = (id for id in elsewhere.store.branches(copy.messages[0].id) if id != copy.messages[0].id)
    elsewhere.store.select_branch(copy.id, branch)
    assert [file.data for file in files_in(elsewhere.read(copy.id))] == [PICTURE.data]


def test_a_fork_and_another_reply_have_the_files(chat: Chat) -> None:
    conversation = sent(chat, PICTURE)
    pending = chat.regenerate(conversation, conversation.messages[1].id)
    assert files_in(chat.finish(pending, "I see more.")) == [PICTURE]
    fork = chat.store.fork(conversation, conversation.messages[0].id)
    assert [file.data for file in files_in(chat.read(fork.id))] == [PICTURE.data]


def test_a_discarded_prompt_leaves_its_file_to_whoever_holds_it(chat: Chat, kept: Kept) -> None:
    pending = chat.begin(exchange.send(Conversation(), Prompt("Look.", files=(PICTURE,)), ABOUT, now()))
    chat.discard(pending)
    chat.store.save_draft(pending.conversation.id, draft_of(PICTURE), [PICTURE]).result(PATIENCE_S)
    assert kept() == {PICTURE.sha256}
    chat.store.save_draft(pending.conversation.id, "").result(PATIENCE_S)
    chat.store.close()
    assert kept() == set()


def test_a_prompt_of_files_alone_is_no_text_to_go_back_to(chat: Chat) -> None:
    chat.finish(chat.begin(exchange.send(Conversation(), Prompt("", files=(PICTURE,)), ABOUT, now())), "I see.")
    sent(chat, PICTURE)
    assert chat.store.prompts(5) == ["Look."]


def test_the_files_in_use_are_found_by_an_index(chat: Chat, folder: Path) -> None:
    sent(chat, PICTURE)
    with closing(sqlite3.connect(folder / "tui-chat.db")) as connection:
        plan = connection.execute(
            "EXPLAIN QUERY PLAN SELECT parts FROM messages WHERE role = 'user' AND parts IS NOT NULL"
        ).fetchall()
    assert "prompts_with_files" in str(plan)
