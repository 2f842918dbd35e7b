"""The app under Pilot, against a real demo server, with folders of its own."""

from __future__ import annotations

import asyncio
import inspect
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager
from pathlib import Path

import pytest
from textual.notifications import Notification

from tests.evidence import shown_with_errors
from tests.ui.app_driver import Stage, drawn_when_looked_at, keys_settle, tasks_begin_at_once
from tests.ui.held_replies import Held, holds_replies
from tests.ui.pages import text_on_top
from tests.waiting import PATIENCE_S
from tui_chat.chat.message import Conversation
from tui_chat.demo import DemoServer
from tui_chat.program.wiring import Flags, Program
from tui_chat.settings import Value
from tui_chat.storage.database import Database
from tui_chat.ui.app import TuiChatApp

UI = str(Path("tui_chat", "ui"))
Opener = Callable[..., AbstractAsyncContextManager[Stage]]
FEW = 20
"""The messages that fill a screen, and the one above it, which is laid out, too, before a reader comes there."""


@pytest.fixture(autouse=True)
def all_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever terminal the tests are started in."""
    monkeypatch.setattr("textual.constants.COLOR_SYSTEM", "truecolor")


@pytest.fixture(autouse=True)
def settles(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a key, a text or a pause leads to has happened when a test goes on."""
    keys_settle(monkeypatch)


@pytest.fixture(autouse=True)
def begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks begin as they do without a Pilot."""
    tasks_begin_at_once(monkeypatch)


@pytest.fixture(autouse=True)
def notices_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """A notice is there when a test looks, however long a busy machine took to come to that."""
    monkeypatch.setattr(Notification, "time_left", PATIENCE_S)


@pytest.fixture(autouse=True)
def no_query_in_the_ui_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk may be slow, and no key is answered meanwhile: a query that the UI's own code begins in its loop fails."""
    reading = Database.reading

    def checked(database: Database) -> AbstractContextManager[sqlite3.Connection]:
        if asyncio._get_running_loop() is not None:
            assert not any(UI in caller for caller in _callers()), "a query runs in the thread of the UI"
        return reading(database)

    monkeypatch.setattr(Database, "reading", checked)


def _callers() -> Iterator[str]:
    """Yield the files of the functions that are being run; `traceback` would read all of their source."""
    frame = inspect.currentframe()
    while frame is not None:
        yield frame.f_code.co_filename
        frame = frame.f_back


@pytest.fixture(autouse=True)
def frames(monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody looks at is not drawn, which takes a fifth of the time: a test that looks has the whole screen drawn.

    A module that is about frames has a fixture of this name that leaves them alone.
    """
    drawn_when_looked_at(monkeypatch)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    """Holds the replies of the server where a test says, and lets them go on."""
    return holds_replies(monkeypatch)


@pytest.fixture
def few_are_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A conversation that is long for the list of messages need not be long to draw."""
    monkeypatch.setattr("tui_chat.ui.messages.message_list.LAID_OUT", FEW)
    monkeypatch.setattr("tui_chat.ui.messages.message_list.MORE", FEW // 2)


@pytest.fixture
def server() -> Iterator[DemoServer]:
    """A demo server that answers at once and as fast as the socket goes."""
    with DemoServer(rate=0, latency_s=0) as server:
        yield server


@pytest.fixture
def opened(server: DemoServer, tmp_path: Path) -> Opener:
    """Opens the app; a second time, it finds what the first has left."""

    @asynccontextmanager
    async def open_app(
        *,
        size: tuple[int, int] = (80, 24),
        conversation: Conversation | None = None,
        stored: Callable[[Program], Conversation] | None = None,
        prompt: str = "",
        resume: bool = False,
        notices: bool = False,
        environ: Mapping[str, str] | None = None,
        prepare: Callable[[Program], None] | None = None,
        **settings: Value,
    ) -> AsyncIterator[Stage]:
        chosen: dict[str, Value] = {
            "provider.name": "demo",
            "provider.base_url": server.url,
            "streaming.cursor_blink": False,
            "local.server_ports": (),
        }
        chosen |= {key.replace("__", "."): value for key, value in settings.items()}
        flags = Flags(settings=chosen, config_file=tmp_path / "config.toml", data_folder=tmp_path / "data")
        problems: list[str] = []
        own = {"TUI_CHAT_DATA_DIR": str(tmp_path)}
        program = Program.open(flags, own | dict(environ or {}), problems.append)
        if prepare is not None:
            prepare(program)
        if resume:
            conversation = program.store.latest()
        elif stored is not None:
            conversation = stored(program)
        app = TuiChatApp(program, conversation, prompt)
        async with app.run_test(size=size, notifications=notices) as pilot:
            stage = Stage(app, pilot, program, server, problems)
            with shown_with_errors(lambda: f"the screen:\n{stage.shown}"):
                await stage.until(lambda: not stage.list.laying_out)
                yield stage
                if stage.app.is_running and not stage.has_looked:
                    assert text_on_top(stage), "the last screen can be drawn, whether a test has looked or not"
        program.close()
        assert problems == []

    return open_app
