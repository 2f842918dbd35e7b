"""Every fault of the table in the app: what the screen says, what is kept, and that the conversation goes on.

One program takes many rows, each in a conversation of its own: a row that leaves anything behind spoils the next.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.faults import (
    PATIENCE_S,
    PATIENT_SETTINGS,
    ROWS,
    Row,
    check_database,
    check_log,
    check_stored,
    stored_after,
)
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tui_chat.demo import DemoServer, script_for

KEY = "sk-ant-test-0123456789abcdefghijklmnopqrstuvwxyz"
PASTE = "\x1b[200~{}\x1b[201~"
AT_REST = "f5 Again"
"""What the footer offers as long as no reply is coming, and there is one."""
NEW_CONVERSATION, QUIT, RETRY, UP, ESC, CTRL_C = "\x0e", "\x11", "\x1b[15~", "\x1b[A", "\x1b", "\x03"


class Session:
    """A program that is used row after row, and begun anew after one that failed."""

    def __init__(self, server: DemoServer, folder: Path, warm: WarmProgram) -> None:
        self.server = server
        self.folder = folder
        self._warm = warm
        self._terminal: Terminal | None = None
        self._settings = ""

    @property
    def data(self) -> Path:
        """Where the conversations are."""
        return self.folder / "data"

    @contextmanager
    def conversation(self, settings: str) -> Iterator[Terminal]:
        """A new conversation in a program that is ready."""
        if settings != self._settings:
            self.close()
            self._settings = settings
        terminal, self._terminal = self._terminal or self._opened(), None
        try:
            yield terminal
            assert terminal.process.poll() is None
            assert b"Traceback" not in terminal.raw
            terminal.send(NEW_CONVERSATION)
            terminal.wait_for(lambda text: "What shall we talk about?" in text and AT_REST not in text)
            self._terminal = terminal
        finally:
            if self._terminal is None:
                terminal.close()

    def close(self) -> None:
        """End it as a user would; it leaves nothing behind."""
        if self._terminal is not None:
            with self._terminal as terminal:
                terminal.send(QUIT)
                assert terminal.exit_code() == 0
            self._terminal = None

    def _opened(self) -> Terminal:
        (self.folder / "config").mkdir(exist_ok=True)
        (self.folder / "config" / "config.toml").write_text(self._settings)
        environment = {
            "ANTHROPIC_API_KEY": KEY,
            "ANTHROPIC_BASE_URL": self.server.url,
            "TUI_CHAT_CONFIG_DIR": str(self.folder / "config"),
            "TUI_CHAT_DATA_DIR": str(self.data),
        }
        terminal = Terminal(["--model", "demo"], environment, self._warm, size=(100, 40))
        terminal.wait_for("Ready")
        return terminal


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory, warm: WarmProgram) -> Iterator[Session]:
    with DemoServer(rate=0, latency_s=0) as server:
        session = Session(server, tmp_path_factory.mktemp("app"), warm)
        yield session
        session.close()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_app_lives_through_the_fault_and_says_what_happened(session: Session, row: Row) -> None:
    before = session.server.log.total
    with session.conversation(row.settings) as terminal:
        _send(terminal, row.prompt)
        if row.meanwhile:
            terminal.wait_for(row.meanwhile)
        reply = stored_after(session.data, row.prompt)
        check_stored(row, reply)
        shown = terminal.wait_for(_at_rest_with(*row.says))
        assert "<html" not in shown.lower()
        assert ("failed" in shown) == (row.status == "failed")
        assert _requests(session, before) == row.requests
        assert session.server.wait_for(lambda log: log.open_connections == 0, PATIENCE_S)
        if row.status == "failed":
            _retry(terminal, asked="Send it all the same" if row.kind == "too_large" else "")
        _goes_on(session, terminal, f"Thanks for {row.name}", asked="context" in row.fault)
        check_database(session.data)
        check_log(session.data)


PHASES: Mapping[str, str] = {
    "silent": "Waiting",
    "slow-start@60": "Waiting",
    "pings@60": "Waiting",
    "429-seconds@60": "Retrying in",
    "stall@40xall": "Streaming",
    "flood@400000": "Streaming",
}
"""Faults that last, and what the status bar says meanwhile."""


@pytest.mark.parametrize("fault", PHASES)
def test_esc_works_and_typing_is_not_swallowed_while_the_fault_lasts(session: Session, fault: str) -> None:
    before, prompt = session.server.log.total, f"/fault {fault}\nStop {fault}"
    with session.conversation(PATIENT_SETTINGS) as terminal:
        _send(terminal, prompt)
        terminal.wait_for(PHASES[fault])
        terminal.send("the next prompt")
        terminal.wait_for(lambda text: PHASES[fault] in text and "the next prompt" in text)
        terminal.send(ESC)
        terminal.wait_for(lambda text: "stopped" in text and AT_REST in text and "the next prompt" in text)
        reply = stored_after(session.data, prompt)
        assert reply.status.value == "stopped"
        assert script_for(prompt).startswith(reply.text)
        assert session.server.wait_for(lambda log: log.open_connections == 0, PATIENCE_S)
        assert _requests(session, before) == 1
        terminal.send(CTRL_C)
        terminal.wait_for(lambda text: "the next prompt" not in text)


def _send(terminal: Terminal, prompt: str) -> None:
    terminal.send(PASTE.format(prompt))
    terminal.wait_for(prompt.rpartition("\n")[2])
    terminal.send("\r")


def _retry(terminal: Terminal, *, asked: str) -> None:
    """The failed request succeeds when it is made again; whoever was too long is asked first."""
    terminal.send(RETRY)
    if asked:
        terminal.wait_for(asked)
        terminal.send(UP + "\r")
        terminal.wait_for(lambda text: asked not in text)
    terminal.wait_for(lambda text: "failed" not in text and _at_rest_with(" in / ")(text))


def _goes_on(session: Session, terminal: Terminal, prompt: str, *, asked: bool) -> None:
    """The next prompt in the same conversation is answered; where the context is full, only what is left of it."""
    terminal.send(f"{prompt}\r")
    if asked:
        terminal.wait_for("Leave out the oldest")
        terminal.send("\r")
    reply = stored_after(session.data, prompt)
    assert reply.status.value == "complete"
    usage = reply.metadata.usage
    terminal.wait_for(_at_rest_with(f"/ {usage.output_tokens} out"))
    assert session.server.log.replies[-1].status == 200


def _at_rest_with(*words: str) -> Callable[[str], bool]:
    """Whether no reply is coming, and the screen has all of these, wherever it breaks its lines."""
    return lambda text: "● Ready" in text and AT_REST in text and all(expected in _flat(text) for expected in words)


def _flat(text: str) -> str:
    """The words of the screen, wherever it breaks its lines."""
    return " ".join(re.sub(r"[│▌]", " ", text).split())


def _requests(session: Session, before: int) -> int:
    return sum(exchange.number > before for exchange in session.server.log.replies)
