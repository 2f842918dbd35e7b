"""What the screen looks like: a pinned size, theme and clock, no blinking, no figures that vary."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.ui.stage import Stage
from tui_chat.demo import DemoServer
from tui_chat.settings import Value
from tui_chat.ui.app import TuiChatApp
from tui_chat.ui.widgets.composer import Composer
from tui_chat.wiring import Flags, Program

CLOCK = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
SIZES = [(80, 24), (120, 40)]

Scene = Callable[[Stage], Awaitable[None]]


async def empty(stage: Stage) -> None:
    """Nothing has been said."""


async def streaming(stage: Stage) -> None:
    """A reply stands still in the middle of a code block."""
    await stage.send("/fault stall@150xall\nShow me python code")
    await stage.until(lambda: stage.server.log.replies[-1].tokens_sent >= 150)
    await stage.streaming(len(stage.server.log.replies[-1].text) // 10)


async def finished(stage: Stage) -> None:
    """A whole reply, with a table."""
    await stage.ask("Compare places to keep data, as a table.")


async def stopped(stage: Stage) -> None:
    """A reply that was stopped."""
    await stage.send("/fault stall@60xall\nPlan a picnic")
    await stage.streaming(100)
    await stage.pilot.press("escape")
    await stage.ready()


async def failed(stage: Stage) -> None:
    """A request that failed."""
    await stage.send("/fault 401\nHello")
    await stage.ready()


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer(rate=0, latency_s=0) as server:
        yield server


@pytest.mark.parametrize("theme", ["tui-chat-dark", "tui-chat-light"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scene", [empty, streaming, finished, stopped, failed], ids=lambda scene: scene.__name__)
def test_screen(
    scene: Scene,
    size: tuple[int, int],
    theme: str,
    server: DemoServer,
    tmp_path: Path,
    snap_compare: Callable[..., bool],
) -> None:
    settings: dict[str, Value] = {
        "provider.name": "demo",
        "provider.base_url": server.url,
        "streaming.cursor_blink": False,
        "ui.show_usage": False,
        "ui.theme": theme,
    }
    flags = Flags(settings, config_file=tmp_path / "config.toml", data_folder=tmp_path / "data")
    program = Program.open(flags, {}, pytest.fail)
    app = TuiChatApp(program, now=lambda: CLOCK)

    async def play(pilot: Pilot[None]) -> None:
        stage = Stage(app, pilot, program, server, [])
        await stage.until(lambda: bool(stage.screen.query(Composer)))
        await scene(stage)
        await pilot.pause()

    try:
        assert snap_compare(app, terminal_size=size, run_before=play)
    finally:
        program.close()
