"""Draws the README's pictures from the running app: `python -m screenshots.draw`."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from textual.pilot import Pilot

from tui_chat.demo import DemoServer, parse_fault
from tui_chat.program.contenders import contenders_named
from tui_chat.program.wiring import Flags, Program
from tui_chat.settings import Value
from tui_chat.ui.app import TuiChatApp
from tui_chat.ui.chat.screen import ChatScreen
from tui_chat.ui.compare.columns import Column
from tui_chat.ui.composer.composer import Composer
from tui_chat.ui.messages.streaming_message import StreamingMessage
from tui_chat.ui.settings.page import SettingPage

HERE = Path(__file__).parent
CLOCK = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
PATIENCE_S = 20.0

Scene = Callable[[TuiChatApp, Pilot[None]], Awaitable[None]]


def chat(app: TuiChatApp) -> ChatScreen:
    """The chat screen."""
    screen = app.screen_stack[0]
    assert isinstance(screen, ChatScreen)
    return screen


async def until(pilot: Pilot[None], fact: Callable[[], bool]) -> None:
    """Wait for a fact."""
    deadline = time.monotonic() + PATIENCE_S
    while not fact():
        assert time.monotonic() < deadline, "the scene never came about"
        await pilot.pause(0.02)


async def send(app: TuiChatApp, pilot: Pilot[None], prompt: str) -> None:
    """Send a prompt."""
    app.query_one(Composer).show(prompt)
    await pilot.press("enter")


async def ask(app: TuiChatApp, pilot: Pilot[None], prompt: str) -> None:
    """Send a prompt and wait for the reply."""
    await send(app, pilot, prompt)
    await until(pilot, lambda: bool(chat(app).session.conversation.last) and not chat(app).busy)


async def code(app: TuiChatApp, pilot: Pilot[None]) -> None:
    """A finished reply with code, from the prompt on."""
    await ask(app, pilot, "How do I keep a running median in Python?")
    await pilot.press("ctrl+home")


async def table(app: TuiChatApp, pilot: Pilot[None]) -> None:
    """A finished reply with a table."""
    await ask(app, pilot, "Compare places to keep data, as a table.")


async def stopped(app: TuiChatApp, pilot: Pilot[None]) -> None:
    """A reply that was stopped, and what can be done with it."""
    await send(app, pilot, "Plan a picnic.")
    await until(pilot, lambda: len(app.query(StreamingMessage).last().source) > 150)
    await pilot.press("escape")
    await until(pilot, lambda: not chat(app).busy)


async def compared(app: TuiChatApp, pilot: Pilot[None]) -> None:
    """Two replies to one prompt, side by side."""
    await chat(app).session.compare(contenders_named("demo,demo-thinking", app.program))
    await ask(app, pilot, "Compare places to keep data, as a table.")
    await until(pilot, lambda: not any(column.messages.laying_out for column in app.query(Column)))
    await pilot.press("tab")


async def settings(app: TuiChatApp, pilot: Pilot[None]) -> None:
    """The settings page, at one that can be turned over."""
    app.action_settings("streaming.resume")
    await until(pilot, lambda: isinstance(app.focused, SettingPage))


SCENES: tuple[tuple[Scene, tuple[int, int], str, str], ...] = (
    (code, (100, 36), "tui-chat-dark", ""),
    (table, (100, 28), "tui-chat-light", ""),
    (stopped, (100, 28), "tui-chat-dark", "stall@70xall"),
    (compared, (124, 32), "tui-chat-dark", ""),
    (settings, (100, 28), "tui-chat-light", ""),
)
"""Each with its size, its theme and what the server does wrong."""


@asynccontextmanager
async def opened(
    size: tuple[int, int], theme: str, fault: str = "", rate: float = 0
) -> AsyncIterator[tuple[TuiChatApp, Pilot[None]]]:
    """The app on a demo server of its own, with nothing of this machine in it."""
    faults = [parse_fault(fault)] if fault else []
    with DemoServer(rate=rate, latency_s=0, faults=faults) as server, tempfile.TemporaryDirectory() as folder:
        os.environ["HOME"] = folder
        values: dict[str, Value] = {
            "provider.name": "demo",
            "provider.base_url": server.url,
            "streaming.cursor_blink": False,
            "ui.theme": theme,
        }
        flags = Flags(
            values, config_file=Path(folder) / ".config" / "tui-chat" / "config.toml", data_folder=Path(folder) / "data"
        )
        program = Program.open(flags, {}, print)
        app = TuiChatApp(program, now=lambda: CLOCK)
        async with app.run_test(size=size) as pilot:
            yield app, pilot
        program.close()


async def draw(scene: Scene, size: tuple[int, int], theme: str, fault: str) -> None:
    """Open the app, play the scene, keep the picture."""
    async with opened(size, theme, fault) as (app, pilot):
        await scene(app, pilot)
        await pilot.pause()
        app.save_screenshot(f"{scene.__name__}.svg", path=str(HERE))


def main() -> None:
    """Draw all."""
    for scene, size, theme, fault in SCENES:
        asyncio.run(draw(scene, size, theme, fault))
        print(f"{scene.__name__}.svg")


if __name__ == "__main__":
    main()
