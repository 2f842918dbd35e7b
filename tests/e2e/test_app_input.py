"""The real program in a terminal that sends what terminals send: no bytes end it, and no paste sends a prompt."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.command import Command
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.waiting import PATIENCE_S, wait_until
from tui_chat.demo import DemoServer

PASTE = "\x1b[200~one\rtwo \x1b[31mred\x1b[0m\r\nthree\x07\rfour\x1b[201~"
FAMILY, FLAG, ACCENT = "👨\u200d👩\u200d👧", "🇩🇪", "e\u0301"
LEFT, DELETE, BACKSPACE = "\x1b[D", "\x1b[3~", "\x7f"
A_MEGABYTE = "All work and no play makes Jack a dull boy.\r" * 24_000


_ENDED = "SELECT id FROM messages WHERE role = 'assistant' AND streaming_status = 'complete'"


class Chat:
    """The program in a terminal, and the server that gets its prompts."""

    def __init__(self, terminal: Terminal, server: DemoServer, editor: Path) -> None:
        self.terminal = terminal
        self.editor = editor
        """The script that edits prompts."""
        self._server = server
        self._known = 0

    def assert_nothing_was_sent(self) -> None:
        """Check that the server has heard of no prompt since the last one."""
        assert len(self._server.log.replies) == self._known

    def _ended(self) -> int:
        """Return the number of replies that are stored whole."""
        database = self.editor.parent / "data" / "tui-chat.db"
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            return len(connection.execute(_ENDED).fetchall())

    def next_prompt(self) -> str:
        """Return the one prompt that was sent since the last one, when its reply is there."""
        expected = self._known + 1
        assert self._server.wait_for(lambda log: len(log.replies) >= expected and log.replies[-1].completed, PATIENCE_S)
        wait_until(
            lambda: self._ended() == expected, "the reply is stored"
        )  # "Ready" may still be that of the one before
        self.terminal.wait_for("Ready")
        self._known = len(self._server.log.replies)
        assert self._known == expected
        content = self._server.log.replies[-1].body["messages"][-1]["content"]
        return content if isinstance(content, str) else "".join(part["text"] for part in content)


@pytest.fixture
def editor(tmp_path: Path) -> Path:
    return tmp_path / "an editor"


@pytest.fixture
def terminal(environment: Mapping[str, str], editor: Path, warm: WarmProgram) -> Iterator[Terminal]:
    """The program, ready for what is typed."""
    with Terminal(["--model", "demo"], {**environment, "VISUAL": f"sh '{editor}'"}, warm) as terminal:
        terminal.wait_for("Ready")
        yield terminal


@pytest.fixture
def chat(terminal: Terminal, server: DemoServer, editor: Path) -> Chat:
    return Chat(terminal, server, editor)


def test_bytes_that_are_not_utf_8_and_odd_reports_of_keys_do_not_end_the_app(chat: Chat) -> None:
    chat.terminal.send(b"\xff\xfe")
    chat.terminal.send(b"caf\xe9 ")
    chat.terminal.send(
        "\x1b[97:65;2:1;65u\x1b[97;1:3u\x1b[99999999999;1u\x1b[97;;1114112u\x1b[?62;4c\x1b]11;rgb:0/0/0\x07"
    )
    chat.terminal.send("still here\r")
    assert chat.next_prompt() == "\ufffd\ufffdcaf\ufffd Astill here"


def test_a_paste_with_escape_bytes_that_comes_in_pieces_is_sent_only_by_enter(chat: Chat) -> None:
    # A sequence stays in one piece: on a busy machine there is no telling how long the next byte would take to come.
    for piece in re.findall(r"\x1b\[\d*[~m]|[^\x1b]", PASTE):
        chat.terminal.send(piece)
    chat.terminal.send(" end")
    chat.terminal.wait_for("four end")
    chat.assert_nothing_was_sent()
    chat.terminal.send("\r")
    assert chat.next_prompt() == "one\ntwo [31mred[0m\nthree\nfour end"


def test_lines_pasted_into_a_terminal_without_bracketed_paste_are_not_sent(chat: Chat) -> None:
    chat.terminal.send("five\rsix\rseven\r")
    chat.terminal.wait_for("seven")
    chat.assert_nothing_was_sent()
    chat.terminal.send("\x1b[200~eight\x1b[201~\r")
    assert chat.next_prompt() == "five\nsix\nseven\neight"


def test_shift_enter_breaks_the_line_in_every_keyboard_protocol_and_enter_sends(chat: Chat) -> None:
    for shift_enter in (
        "\x1b[13;2u",
        "\x1b[13;2:1u",
        "\x1b[13;3u",
        "\x1b[27;2;13~",
        "\x1b\r",
        "\x1bOM",
        "\n",
        "\x1b[106;5u",
    ):
        chat.terminal.send(f"line{shift_enter}")
    chat.terminal.send("last\x1b[13;5u")
    assert chat.next_prompt() == "line\n" * 8 + "last"


def test_keys_act_in_their_order_however_fast_they_come(chat: Chat) -> None:
    for keys, prompt in (
        (f"cot{BACKSPACE}{BACKSPACE}at", "cat"),
        (f"bc{LEFT}{LEFT}a\x05d", "abcd"),
        ("one two three\x17\x1bb\x1bd2", "one 2 "),
        ("one two\x1b[1;3D1 \x1b[1;5D\x0b3", "one 3"),
        ("one two\x1bathree", "three"),
        ("one\x1b[1;2D\x1b[1;2D\x1b[200~ff\x1b[201~", "off"),
    ):
        chat.terminal.send(keys)
        chat.terminal.wait_for(prompt.rstrip())
        chat.terminal.send("\r")
        assert chat.next_prompt() == prompt


def test_what_is_read_as_one_character_is_typed_passed_and_deleted_as_one(chat: Chat) -> None:
    for keys, prompt in (
        (f"a{FAMILY}b", f"a{FAMILY}b"),
        ("می\u200cخواهم あ\u3000い नमस्ते 한\u00a0글", "می\u200cخواهم あ\u3000い नमस्ते 한\u00a0글"),
        (f"x{FAMILY}{FLAG}{ACCENT}{BACKSPACE}{BACKSPACE}{BACKSPACE}y", "xy"),
        (f"{FAMILY}{FLAG}{ACCENT}{LEFT}{LEFT}1{LEFT}{LEFT}2{DELETE}", f"21{FLAG}{ACCENT}"),
        (f"caf{ACCENT} bar\x1b[1;5D\x1b[1;5Da ", f"a caf{ACCENT} bar"),
        ("in\u200dvisible", "invisible"),
    ):
        chat.terminal.send(keys)
        chat.terminal.send("\r")
        assert chat.next_prompt() == prompt


def test_what_is_typed_while_the_settings_open_is_searched_for(chat: Chat) -> None:
    chat.terminal.send("\x1bOQframes")
    chat.terminal.wait_for(lambda shown: "frames" in shown.split("\n")[1])
    chat.terminal.send("\x1bOQ")
    chat.terminal.wait_for("Message demo")


def test_what_is_typed_right_behind_a_key_goes_to_what_that_opens_and_esc_closes_it(chat: Chat) -> None:
    chat.terminal.send("Hello\r")
    assert chat.next_prompt() == "Hello"
    for opening in ("\x12", "\x0f", "\x06", "\x10", "\x1bOQ"):
        chat.terminal.send(f"{opening}abc\x1b[27ux")
        chat.terminal.send(f"{opening}\x1b[200~abc\x1b[201~\x1b[27uy\r")
        assert chat.next_prompt() == "xy"


def test_a_prompt_is_written_in_an_editor_and_kept_whatever_becomes_of_that(chat: Chat) -> None:
    chat.terminal.send("a draft")
    for does, shown in [
        ('printf " and more" >> "$1"', "a draft and more"),
        ("exit 3", "exited with status 3"),
        ('rm "$1"', "left no file"),
        ("kill -INT 0", "exited with status -2"),
    ]:
        chat.editor.write_text(does)
        chat.terminal.send("\x07")
        chat.terminal.wait_for(shown)
    chat.terminal.send("!\r")
    assert chat.next_prompt() == "a draft and more!"


def test_a_paste_of_a_megabyte_is_one_event_and_leaves_the_app_awake(chat: Chat) -> None:
    chat.terminal.send(f"\x1b[200~{A_MEGABYTE}\x1b[201~")
    chat.terminal.send("then this")
    chat.terminal.wait_for("then this")
    chat.assert_nothing_was_sent()


@pytest.mark.parametrize("report", ["", "\x1b[O"], ids=["no report", "a report that nobody looks"])
def test_what_is_typed_before_anything_is_drawn_is_typed(
    cli: Command, server: DemoServer, report: str, warm: WarmProgram
) -> None:
    with Terminal(["--model", "demo"], cli.environment, warm) as terminal:
        terminal.send(f"{report}first words")
        terminal.wait_for("first words")
