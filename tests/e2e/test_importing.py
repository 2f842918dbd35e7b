"""Conversations of other programs in the real app: harmless, and kept when an import is stopped."""

from __future__ import annotations

import json
import signal
import sqlite3
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest

from tests.e2e.command import Command
from tests.e2e.terminal import Terminal
from tests.e2e.test_hostile import ATTACK, CORPUS, FORBIDDEN, TALLEST, environment, leaked
from tests.e2e.warm import WarmProgram
from tests.unit.interchange.samples import (
    CLAUDE,
    chatgpt_conversation,
    chatgpt_node,
    claude_conversation,
    claude_message,
    elia_database,
    llm_database,
    oterm_database,
)
from tests.waiting import PATIENCE_S, wait_until

CASES = [case["text"] for case in CORPUS]
STORABLE = [text.encode("utf-8", "replace").decode() for text in CASES]
"""The same as SQLite takes it."""


def _claude(path: Path) -> None:
    messages = [claude_message("0", "human", ATTACK, attachments=[{"file_name": ATTACK, "extracted_content": ATTACK}])]
    for number, text in enumerate(CASES, start=1):
        blocks = [
            {"type": "thinking", "thinking": text},
            {"type": "tool_use", "id": ATTACK, "name": ATTACK, "input": {ATTACK: text}},
            {"type": "tool_result", "tool_use_id": ATTACK, "content": text},
            {"type": "text", "text": text},
        ]
        messages.append(claude_message(f"{number}", "assistant", "", f"{number - 1}", content=blocks))
    messages.append(claude_message("end", "human", "The end.", f"{len(CASES)}"))
    path.write_text(json.dumps([claude_conversation(*messages, name=f"T {ATTACK}")]))


def _chatgpt(path: Path) -> None:
    nodes = [chatgpt_node("0", "root", "user", ATTACK, metadata={"attachments": [{"id": ATTACK, "name": ATTACK}]})]
    for number, text in enumerate(CASES, start=1):
        about = {"model_slug": f"model {ATTACK}"}
        nodes.append(chatgpt_node(f"{number}", f"{number - 1}", content=text, recipient=ATTACK, metadata=about))
        nodes[-1]["message"]["recipient"] = ATTACK if number % 2 else "all"
    nodes.append(chatgpt_node("end", f"{len(CASES)}", "user", "The end."))
    path.write_text(json.dumps([{**chatgpt_conversation(*nodes, leaf="end"), "title": f"T {ATTACK}"}]))


def _llm(path: Path) -> None:
    with closing(sqlite3.connect(llm_database(path))) as connection, connection:
        connection.execute("UPDATE conversations SET name = ?", (f"T {ATTACK}",))
        connection.execute("UPDATE responses SET prompt = ?, system = ?, model = ?", (ATTACK, ATTACK, ATTACK))
        connection.execute("UPDATE fragments SET source = ?, content = ?", (ATTACK, ATTACK))
        connection.execute("UPDATE attachments SET path = ?", (ATTACK,))
        connection.execute("UPDATE parts SET content = ?", (ATTACK,))
        for number, text in enumerate([*STORABLE, "The end."]):
            connection.execute(
                "INSERT INTO responses (id, prompt, response, conversation_id, datetime_utc)"
                " VALUES (?, 'More', ?, '01abc', '2026-01-03')",
                (f"r{number:05}", text),
            )


def _elia(path: Path) -> None:
    with closing(sqlite3.connect(elia_database(path))) as connection, connection:
        connection.execute("UPDATE chat SET title = ?, model = ? WHERE id = 1", (f"T {ATTACK}", ATTACK))
        for text in [ATTACK, *STORABLE, "The end."]:
            for role, said in (("user", ATTACK), ("assistant", text)):
                connection.execute("INSERT INTO message (chat_id, role, content) VALUES (1, ?, ?)", (role, said))


def _oterm(path: Path) -> None:
    said = [line for text in [*STORABLE, "The end."] for line in (("me", ATTACK), ("ollama", text))]
    with closing(sqlite3.connect(oterm_database(path, said))) as connection, connection:
        connection.execute("UPDATE chat SET name = ?, model = ?, system = ?", (f"T {ATTACK}", ATTACK, ATTACK))


def _markdown(path: Path) -> None:
    turns = [f"# T {ATTACK}", *(f"## You\n\n{ATTACK}\n\n## Claude\n\n{text}" for text in STORABLE)]
    path.write_text("\n\n".join([*turns, "~~~~~~~~~~", "````````````", "", "## You", "", "The end."]), "utf-8")


EVERYTHING_FORBIDDEN = [*FORBIDDEN, *(text for case in CORPUS for text in case["forbidden"])]

FORMATS: Mapping[str, Callable[[Path], None]] = {
    "claude": _claude,
    "chatgpt": _chatgpt,
    "llm": _llm,
    "elia": _elia,
    "oterm": _oterm,
    "markdown": _markdown,
}


@pytest.mark.parametrize("format", FORMATS)
def test_the_corpus_is_harmless_through_every_format(format: str, tmp_path: Path, warm: WarmProgram) -> None:
    FORMATS[format](tmp_path / f"file{ATTACK.encode().hex()}")
    [file] = tmp_path.glob("file*")
    surroundings = environment("http://127.0.0.1:9", tmp_path)
    cli = Command(surroundings, warm)
    done = cli.run("history", "import", str(file))
    assert (done.returncode, done.stdout) == (0, b"1 conversation added.\n"), done.stderr
    [imported] = cli.json("history", "list", "--format", "json")
    for command in (["list"], ["show", imported["id"]]):
        with Terminal(["history", *command], surroundings, warm) as terminal:
            assert terminal.exit_code() == 0
            written = terminal.raw.replace(b"\r\n", b"\n")  # which the terminal makes of each end of a line
            assert not leaked(bytes(written), EVERYTHING_FORBIDDEN)


@pytest.mark.parametrize("format", ["claude", "chatgpt"])  # the others bring nothing but text
def test_the_corpus_is_harmless_in_the_app_with_what_was_imported(
    format: str, tmp_path: Path, warm: WarmProgram
) -> None:
    FORMATS[format](tmp_path / "file")
    surroundings = environment("http://127.0.0.1:9", tmp_path)
    assert Command(surroundings, warm).run("history", "import", str(tmp_path / "file")).returncode == 0
    with Terminal(["--continue"], surroundings, warm, size=TALLEST) as terminal:
        terminal.wait_for("The end.")
        terminal.send("\x0f")
        terminal.wait_for("T \ufffd")
        assert not leaked(bytes(terminal.raw), EVERYTHING_FORBIDDEN)


def test_problems_are_harmless_in_a_terminal(tmp_path: Path, warm: WarmProgram) -> None:
    (tmp_path / "file").write_text(json.dumps([{"title": ATTACK, "x": 1}, {"name": ATTACK, "messages": [ATTACK]}]))
    with Terminal(["history", "import", str(tmp_path / "file")], environment("", tmp_path), warm) as terminal:
        assert terminal.exit_code() == 1
        terminal.close()
        assert "could not be imported" in terminal.text
        assert not leaked(bytes(terminal.raw), FORBIDDEN)


def _export(path: Path, count: int) -> Path:
    path.write_text(json.dumps([{**CLAUDE, "uuid": f"c{number}"} for number in range(count)]))
    return path


def test_ctrl_c_keeps_what_is_whole(cli: Command, tmp_path: Path) -> None:
    file = _export(tmp_path / "file", 20_000)
    with cli.start("history", "import", str(file)) as importing:
        wait_until(lambda: _stored(tmp_path) > 2, "some are stored")
        importing.send_signal(signal.SIGINT)
        out, _ = importing.communicate(PATIENCE_S)
        assert importing.wait(PATIENCE_S) == 130
    assert out.startswith(b"Stopped: ")
    count = int(out.split()[1].replace(b",", b""))
    assert count == _stored(tmp_path)
    done = cli.run("history", "import", str(_export(file, count)))
    assert done.stdout.decode() == f"{count:,} conversations were there already.\n"


def _stored(folder: Path) -> int:
    try:
        with closing(sqlite3.connect(folder / "data" / "tui-chat.db")) as connection:
            count: int = connection.execute("SELECT count(*) FROM conversations").fetchone()[0]
            return count
    except sqlite3.Error:  # it is being made
        return 0


def test_an_archive_can_come_through_a_pipe(cli: Command) -> None:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("conversations.json", json.dumps([CLAUDE]))
    done = cli.run("history", "import", "-", stdin=content.getvalue())
    assert (done.returncode, done.stdout, done.stderr) == (0, b"1 conversation added.\n", b"")
