"""A disk or a database that is not as it should be: a sentence, and the chat goes on."""

from __future__ import annotations

import errno
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.waiting import PATIENCE_S, wait_until
from tui_chat.storage import Store, writer
from tui_chat.storage.migrations import LATEST

if TYPE_CHECKING:
    from tests.unit.storage.conftest import Chat, Opener


@contextmanager
def _locked(path: Path, how: str = "BEGIN IMMEDIATE") -> Iterator[None]:
    """Yield another program holds the database."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(how)
        connection.execute("CREATE TABLE IF NOT EXISTS held (x)")
        yield
        connection.execute("ROLLBACK")


def _damage(path: Path, *, first_page: int = 1) -> bytes:
    """Overwrite a closed database from one of its pages on; returns what it then holds."""
    data = bytearray(path.read_bytes())
    for at in range(first_page * 4096, len(data), 3 * 4096):
        data[at : at + 4096] = b"\xa5" * min(4096, len(data) - at)
    path.write_bytes(data)
    return bytes(data)


def _kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("tui-chat.damaged-*.db"))


def test_the_folder_and_the_database_are_the_users_alone(chat: Chat, folder: Path) -> None:
    chat.send("Why?")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.glob("tui-chat.db*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_a_folder_that_exists_keeps_its_mode(open_chat: Opener, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    open_chat(tmp_path).send("Why?")
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_where_no_folder_can_be_the_chat_goes_on_in_memory_and_says_so_once(open_chat: Opener, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    chat = open_chat(tmp_path / "file" / "data")
    conversation = chat.exchange("Why?", "Because.")
    assert chat.exchange("And?", "So.", conversation).messages[:2] == conversation.messages
    assert [summary.id for summary in chat.store.conversations()] == [conversation.id]
    assert len(chat.store.search("because", 5)) == 1
    chat.store.delete(conversation.id)
    assert chat.store.conversations() == []
    assert chat.store.path is None
    assert len(chat.problems) == 1
    assert "cannot be saved" in chat.problems[0]
    assert "not a directory" in chat.problems[0]


def test_a_folder_in_the_place_of_the_database_means_memory(open_chat: Opener, folder: Path) -> None:
    (folder / "tui-chat.db").mkdir(parents=True)
    chat = open_chat()
    chat.exchange("Why?", "Because.")
    assert len(chat.problems) == 1


_READ_ONLY = """
import os, sys, urllib.parse  # which nobody could read where Python is root's own
from pathlib import Path
from tui_chat.storage import Store

if os.geteuid() == 0:  # whom no mode keeps from writing
    os.seteuid(65534)
problems = []
store = Store.open(Path(sys.argv[1]), on_problem=problems.append)
assert [message.text for message in store.latest().messages] == ["Why?", "Because."]
assert store.path is None and len(problems) == 1 and "cannot be saved" in problems[0], problems
assert store.close()
"""


@pytest.mark.parametrize("under_way", [False, True], ids=["at rest", "another program has it open"])
def test_what_cannot_be_written_can_still_be_read(open_chat: Opener, under_way: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        chat = open_chat(folder)
        chat.exchange("Why?", "Because.")
        if not under_way:
            chat.store.close()
        for path in folder.iterdir():
            path.chmod(0o444)
        folder.chmod(0o555)
        command = [sys.executable, "-W", "error", "-c", _READ_ONLY, name]
        done = subprocess.run(command, capture_output=True, text=True)
        folder.chmod(0o700)
        chat.store.close()  # or it would make itself another folder when this one is gone
        assert done.returncode == 0, done.stderr


def test_a_write_waits_for_another_program_without_a_word_if_it_is_short(
    chat: Chat, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "PATIENCE_S", PATIENCE_S / 2)  # which a read that waits for the write would exceed
    pending = chat.send("Why?")
    with _locked(folder / "tui-chat.db"):
        chat.store.journal.append(pending.reply.id, [])
        assert chat.last(pending).id == pending.reply.id, "reading goes on"
        assert not chat.store.flush(0)
    conversation = chat.finish(pending, "Because.")
    assert [message.text for message in conversation.messages] == ["Why?", "Because."]
    assert chat.problems == []


def test_a_database_that_stays_locked_is_named_once_and_nothing_is_lost(
    chat: Chat, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "PATIENCE_S", 0.3)
    with _locked(folder / "tui-chat.db"):
        pending = chat.send("Why?")  # it comes back: the reply need not wait
        renamed = chat.store.rename(pending.conversation.id, "Reasons")
        reply_done = chat.store.journal.finish(pending.reply)
        reply_done.result(PATIENCE_S)
        assert not renamed.done()
        assert len(chat.problems) == 1
        assert "Another program holds the database" in chat.problems[0]
    assert chat.store.flush(PATIENCE_S)
    assert chat.read(pending.conversation.id).title == "Reasons"
    assert chat.problems[1:] == ["Saving works again, and nothing is missing."]
    gate = threading.Event()
    chat.store._writer.submit(lambda _: gate.wait(PATIENCE_S))
    begun = chat.store.journal.begin(pending)
    assert not begun.done(), "a reply waits again until it is stored"
    gate.set()
    begun.result(PATIENCE_S)


def test_closing_while_the_database_is_locked_says_what_was_given_up(chat: Chat, folder: Path) -> None:
    chat.exchange("Why?", "Because.")
    with _locked(folder / "tui-chat.db"):
        waiting = chat.store.rename("x", "y")
        assert not chat.store.close(0.1)
        with pytest.raises(RuntimeError):
            waiting.result(PATIENCE_S)
    wait_until(lambda: chat.problems == ["The last changes could not be saved before the end."], "that is said")


def test_a_new_database_that_another_program_holds_is_waited_for(
    open_chat: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_chat.storage.store.OWN_WRITES_S", 0.1)  # the reads wait in vain
    monkeypatch.setattr(writer, "PATIENCE_S", PATIENCE_S)
    folder.mkdir()
    with _locked(folder / "tui-chat.db", "BEGIN EXCLUSIVE"):
        chat = open_chat()
        assert chat.store.conversations() == []
        assert chat.store.latest() is None
        assert not chat.store.flush(0.1)
    assert chat.store.flush(PATIENCE_S)
    chat.exchange("Why?", "Because.")
    assert chat.problems == []


@pytest.mark.parametrize("content", [b"abc", b"not a database at all\n" * 500, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_kept_untouched_beside_a_new_one(
    open_chat: Opener, folder: Path, content: bytes
) -> None:
    folder.mkdir()
    (folder / "tui-chat.db").write_bytes(content)
    chat = open_chat()
    chat.exchange("Why?", "Because.")
    [kept] = _kept(folder)
    assert kept.read_bytes() == content
    assert len(chat.problems) == 1
    assert str(kept) in chat.problems[0]
    chat.store.close()
    assert len(open_chat().store.conversations()) == 1, "the new one is used from now on"


@pytest.mark.parametrize(("first_page", "least"), [(1, 0), (2, 0), (20, 10)])
def test_what_a_damaged_database_still_holds_is_rescued(
    open_chat: Opener, folder: Path, first_page: int, least: int
) -> None:
    chat = open_chat()
    for number in range(60):
        chat.exchange(f"Prompt {number} " + "why " * 200, f"Reply {number} " + "because " * 200)
    chat.store.close()
    damaged = _damage(folder / "tui-chat.db", first_page=first_page)
    chat = open_chat()
    for summary in chat.store.conversations():
        assert chat.store.conversation(summary.id)
    chat.store.search("because", 100)
    chat.store.statistics()
    rescued = len(chat.store.conversations())
    assert rescued >= least
    assert f"{rescued or 'none of its'} conversations could be read" in chat.problems[0]
    assert len(chat.exchange("Still", "here").messages) == 2
    chat.store.close()
    [kept] = _kept(folder)
    assert kept.read_bytes() == damaged
    assert {path.name for path in folder.iterdir()} == {kept.name, "tui-chat.db", "running"}
    again = open_chat()
    assert again.problems == []
    assert "Still" in [summary.title for summary in again.store.conversations()]
    with closing(sqlite3.connect(folder / "tui-chat.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_two_damages_are_kept_side_by_side(open_chat: Opener, folder: Path) -> None:
    for content in (b"first damage", b"second damage"):
        folder.mkdir(exist_ok=True)
        (folder / "tui-chat.db").write_bytes(content)
        open_chat().store.close()
    assert sorted(kept.read_bytes() for kept in _kept(folder)) == [b"first damage", b"second damage"]


def test_a_database_of_a_newer_version_is_left_as_it_is_and_the_next_start_finds_ours_again(
    open_chat: Opener, folder: Path
) -> None:
    open_chat().store.close()
    path = folder / "tui-chat.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {LATEST + 1}")
    before = path.read_bytes()
    for number in (1, 2):
        chat = open_chat()
        chat.exchange("Why?", "Because.")
        assert len(chat.store.conversations()) == number
        assert len(chat.problems) == 1
        assert str(path) in chat.problems[0]
        chat.store.close()
    assert path.read_bytes() == before


@pytest.mark.parametrize("removed", ["tui-chat.db", "tui-chat.db*"])
def test_a_database_that_is_removed_while_it_is_used_is_begun_anew(chat: Chat, folder: Path, removed: str) -> None:
    conversation = chat.exchange("One", "1")
    for path in folder.glob(removed):
        path.unlink()
    after = chat.exchange("Two", "2", conversation)
    assert [message.text for message in after.messages] == ["One", "1", "Two", "2"]
    assert len(chat.problems) == 1
    assert "moved or removed" in chat.problems[0]
    chat.store.close()
    with closing(sqlite3.connect(folder / "tui-chat.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT COUNT(*) FROM messages").fetchone() == (4,)


def test_a_reply_under_way_survives_that_the_database_is_replaced(chat: Chat, folder: Path) -> None:
    pending = chat.send("One")
    chat.stream(pending, "1")
    for path in folder.glob("tui-chat.db*"):
        path.unlink()
    chat.stream(pending, "2")
    assert chat.finish(pending, "12").messages[-1].text == "12"


_FULL = """
import resource, sys
from dataclasses import replace
from pathlib import Path
from tui_chat.chat import exchange
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.message import Conversation, StreamingStatus, utc_now
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.parts import TextPart
from tui_chat.storage import Store

problems = []
store = Store.open(Path(sys.argv[1]), on_problem=problems.append)
size = 400_000
resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
opening = exchange.send(Conversation(), Prompt("Why?"), ReplyMetadata(), utc_now())
store.journal.begin(opening).result(120)
reply = replace(opening.reply, parts=(TextPart("word " * 200_000),), status=StreamingStatus.COMPLETE)
store.journal.finish(reply).result(120)
assert not store.flush(0.3)
assert len(problems) == 1 and "Saving is tried again" in problems[0], problems
assert store.conversation(opening.conversation.id).last == reply
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert store.flush(120)
assert store.conversation(opening.conversation.id).last == reply
assert len(problems) == 2 and "works again" in problems[1], problems
assert store.close()
"""


def test_a_disk_that_is_full_for_a_while_loses_nothing(folder: Path) -> None:
    done = subprocess.run([sys.executable, "-W", "error", "-c", _FULL, str(folder)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


_FULL_FROM_THE_START = """
import resource, sys
from pathlib import Path
from tui_chat.storage import Store

resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
problems = []
store = Store.open(Path(sys.argv[1]), on_problem=problems.append)
store.save_draft("new", "text").result(120)
assert store.draft("new") == "text"
assert store.path is None and len(problems) == 1 and "the disk is full" in problems[0], problems
assert store.close()
"""


def test_a_disk_that_is_full_from_the_start_means_memory(folder: Path) -> None:
    command = [sys.executable, "-W", "error", "-c", _FULL_FROM_THE_START, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_file_system_without_locks_means_memory_and_says_so(
    open_chat: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(descriptor: int, how: int) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr("fcntl.flock", no_locks)
    chat = open_chat()
    conversation = chat.exchange("Why?", "Because.")
    assert chat.read(conversation.id) == conversation
    (problem,) = chat.problems
    assert "has no file locks" in problem
    assert "another disk" in problem


def test_no_sentence_about_trouble_holds_what_was_said(chat: Chat, folder: Path) -> None:
    chat.exchange("the secret prompt", "the secret reply")
    for path in folder.glob("tui-chat.db*"):
        path.unlink()
    chat.exchange("the secret prompt", "the secret reply")
    assert chat.problems
    assert not any("secret" in problem for problem in chat.problems)


def test_a_listener_that_fails_does_not_end_the_thread_that_saves(folder: Path, open_chat: Opener) -> None:
    folder.mkdir()
    (folder / "tui-chat.db").write_bytes(b"damaged")

    def fail(sentence: str) -> None:
        raise OSError(errno.EIO, sentence)

    store = Store.open(folder, on_problem=fail)
    store.save_draft("new", "text").result(PATIENCE_S)
    assert store.draft("new") == "text"
    store.close()


def test_a_store_may_be_closed_twice_and_ends_its_thread(open_chat: Opener) -> None:
    before = set(threading.enumerate())  # that of a test before this one may still be about to end
    chat = open_chat()
    chat.exchange("Why?", "Because.")
    assert any(thread.name == "tui-chat-storage" for thread in set(threading.enumerate()) - before)
    assert chat.store.close()
    assert chat.store.close()
    assert not any(thread.name == "tui-chat-storage" for thread in set(threading.enumerate()) - before)


def test_after_closing_a_reply_that_ends_late_does_not_wait_for_ever(chat: Chat) -> None:
    pending = chat.send("Why?")
    chat.store.close()
    chat.store.journal.finish(pending.reply).result(PATIENCE_S)


def test_after_closing_nothing_is_found_and_nothing_fails(chat: Chat) -> None:
    chat.exchange("Why?", "Because.")
    chat.store.close()
    assert chat.store.conversations() == []
    assert chat.store.statistics().replies == 0
    assert chat.problems == []


def test_without_a_folder_everything_is_in_memory_and_nobody_is_told(open_chat: Opener) -> None:
    chat = open_chat(None)
    conversation = chat.exchange("Why?", "Because.")
    assert chat.store.conversations()[0].id == conversation.id
    assert open_chat(None).store.conversations() == [], "each has its own"
    assert (chat.store.path, chat.problems) == (None, [])


def test_a_reply_is_saved_even_where_no_mark_of_the_program_can_be_made(open_chat: Opener, folder: Path) -> None:
    folder.mkdir()
    (folder / "running").write_text("not a folder")
    chat = open_chat()
    pending = chat.send("Why?")
    chat.stream(pending, "Be")
    open_chat()
    assert chat.finish(pending, "Because.").messages[-1].text == "Because."
    assert chat.problems == []


@pytest.mark.parametrize("column", ["parts", "stream_metadata"])
@pytest.mark.parametrize("content", ["not JSON", '["x"]', '[{"type": "of tomorrow"}]', '{"mode": "pigeon"}', "3"])
def test_what_this_version_cannot_make_sense_of_does_not_hide_the_text(
    chat: Chat, folder: Path, column: str, content: str
) -> None:
    conversation = chat.exchange("Why?", "Because.")
    with closing(sqlite3.connect(folder / "tui-chat.db")) as connection, connection:
        connection.execute(f"UPDATE messages SET {column} = ?", (content,))
    texts = [message.text for message in chat.read(conversation.id).messages]
    assert texts == ["Why?", "Because."]


@pytest.mark.parametrize("piece", ['[{"type": "of tomorrow"}]', "not JSON", "3"])
def test_a_piece_of_the_journal_that_makes_no_sense_is_left_out(chat: Chat, folder: Path, piece: str) -> None:
    pending = chat.send("Why?")
    chat.stream(pending, "Be", "lost", "cause")
    with closing(sqlite3.connect(folder / "tui-chat.db")) as connection, connection:
        connection.execute("UPDATE chunks SET events = ? WHERE seq = 1", (piece,))
    assert chat.last(pending).text == "Because"


@pytest.mark.parametrize(
    "change",
    [
        "messages SET streaming_status = '#B' WHERE text = 'Because.'",
        "messages SET role = x'00ff' WHERE text = 'Because.'",
        "messages SET created_at = 17 WHERE text = 'Because.'",
        "messages SET text = 17 WHERE text = 'Because.'",
        "messages SET owner = '../x', streaming_status = '#B' WHERE text = 'Because.'",
        "conversations SET created_at = 'never' WHERE title = 'Why?'",
        "conversations SET title = 5 WHERE title = 'Why?'",
    ],
)
def test_a_row_that_makes_no_sense_hides_only_itself(open_chat: Opener, folder: Path, change: str) -> None:
    chat = open_chat()
    healthy = chat.exchange("Healthy", "Well.")
    broken = chat.exchange("Why?", "Because.")
    chat.store.close()
    with closing(sqlite3.connect(folder / "tui-chat.db")) as connection, connection:
        connection.execute("DROP TRIGGER message_rewritten")
        connection.execute(f"UPDATE {change}")
    chat = open_chat()
    assert chat.read(healthy.id) == healthy
    assert healthy.id in [summary.id for summary in chat.store.conversations()]
    assert chat.store.latest()
    chat.store.conversation(broken.id)
    chat.store.search("e", 10)
    chat.store.prompts(10)
    assert _kept(folder) == []
    assert chat.problems == []
