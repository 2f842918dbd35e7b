"""A chat in lines, in this process: what is typed comes from the test, and all lines that are written are kept."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from pathlib import Path

import pytest

from tui_chat.chat.message import Conversation, utc_now
from tui_chat.cli.lines.line_chat import LineChat
from tui_chat.cli.lines.line_commands import run_command
from tui_chat.cli.lines.line_terminal import Interrupted, LineTerminal
from tui_chat.cli.lines.settling import settle_at_start
from tui_chat.demo import DemoServer
from tui_chat.program.wiring import Flags, Program
from tui_chat.settings import Value
from tui_chat.streaming.stop import Outcome


class ScriptedTerminal(LineTerminal):
    """Answers questions with what the test has in store, and keeps what is written."""

    def __init__(self) -> None:
        self.text = ""
        self.answers: deque[str] = deque()
        self.hidden: deque[str] = deque()
        self.clipboard = ""

    def write(self, text: str) -> None:
        self.text += text

    def end_line(self) -> None:
        self.text += "" if self.text.endswith("\n") or not self.text else "\n"

    def ask(
        self,
        question: str,
        *,
        filled_with: str = "",
        complete: Callable[[str], Sequence[str]] | None = None,
        typed: Callable[[str], None] | None = None,
    ) -> str:
        self.end_line()
        self.text += question
        if not self.answers:
            raise Interrupted(had_text=False)
        answer = self.answers.popleft().replace("{}", filled_with)
        self.text += f"{answer}\n"
        return answer

    def ask_hidden(self, question: str) -> str:
        self.say(question)
        return self.hidden.popleft()

    def fill_clipboard(self, text: str) -> bool:
        self.clipboard = text
        return True

    @contextmanager
    def unechoed(self) -> Iterator[None]:
        yield

    def remember(self, lines: Iterable[str]) -> None:
        """Keep nothing."""

    @property
    def is_typed_ahead(self) -> bool:
        return False


class Chat:
    """A chat, and whoever types in it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.terminal = ScriptedTerminal()
        self.lines = LineChat(program, self.terminal, utc_now)

    def take_beside(self) -> Chat:
        """Return the chat of a temporary conversation that was begun."""
        beside, self.lines.beside = self.lines.beside, None
        assert beside is not None
        other = copy(self)
        other.program, other.lines = beside.program, beside
        return other

    def begin(self, conversation: Conversation | None = None) -> list[str]:
        """Settle what is settled at the start, and open a conversation."""
        settle_at_start(self.lines)
        self.lines.do(self.lines.session.open(conversation or self.program.store.unsent() or Conversation()))
        return self._lines()

    def type(self, line: str, *answers: str) -> list[str]:
        """Type a command or a prompt, then answers to what is asked; {} in them is what was filled in already."""
        self.terminal.answers.extend(answers)
        filled = self.lines.filled_line()
        line = line.replace("{}", filled)
        if line.startswith("/"):
            run_command(self.lines, line)
        else:
            self.lines.send(line)
        assert not self.terminal.answers
        return self._lines()

    def said(self) -> list[str]:
        """Return the texts of the conversation that is open."""
        return [message.text for message in self.lines.session.conversation.messages]

    def _lines(self) -> list[str]:
        lines, self.terminal.text = self.terminal.text.splitlines(), ""
        return lines


Opener = Callable[..., Chat]


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer(rate=0, latency_s=0) as server:
        yield server


@pytest.fixture
def opened(server: DemoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    """Opens chats; a later one finds what those before have left."""
    chats: list[Chat] = []
    monkeypatch.setenv("TUI_CHAT_CONFIG_DIR", str(tmp_path))

    def close() -> None:
        for chat in chats:
            chat.lines.close(Outcome.KEEP)
            chat.program.close()
        chats.clear()

    def open_chat(config: str = "", **flags: Value) -> Chat:
        close()
        if config:
            (tmp_path / "config.toml").write_text(config)
        chosen: dict[str, Value] = {"provider.name": "demo", "provider.base_url": server.url, "provider.model": "demo"}
        chosen |= {key.replace("__", "."): value for key, value in flags.items()}
        where = Flags(chosen, config_file=tmp_path / "config.toml", data_folder=tmp_path / "data")
        chats.append(Chat(Program.open(where, {"TUI_CHAT_DATA_DIR": str(tmp_path / "data")}, lambda _: None)))
        return chats[-1]

    yield open_chat
    close()


@pytest.fixture
def chat(opened: Opener) -> Chat:
    """One that was begun."""
    chat = opened()
    chat.begin()
    return chat
