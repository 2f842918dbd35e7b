"""The MCP servers in the settings: listed with their state, switched, started again."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests import mcp_stub
from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.pages import open_settings, text_on_top
from tui_chat.tools import ServerState
from tui_chat.ui.palette.server_commands import ServerCommands
from tui_chat.ui.settings.screen import SettingsScreen
from tui_chat.ui.settings.servers import ServersDialog


def with_stub(folder: Path, *arguments: str) -> None:
    """Write a server into the settings file."""
    command = f"command = {json.dumps(sys.executable)}\nargs = {json.dumps([mcp_stub.__file__, *arguments])}\n"
    (folder / "config.toml").write_text(f"[mcp.servers.stub]\n{command}")


def is_on(stage: Stage) -> bool:
    return stage.program.settings.now.mcp.servers["stub"].enabled


async def open_servers(stage: Stage) -> None:
    await open_settings(stage)
    await stage.pilot.press("ctrl+s")
    await stage.until(lambda: isinstance(stage.app.screen, ServersDialog))


async def test_a_server_is_switched_off_and_on_for_good(opened: Opener, tmp_path: Path) -> None:
    with_stub(tmp_path, "echo,other")
    async with opened() as stage:
        await open_servers(stage)
        await stage.until(lambda: "on · not started" in text_on_top(stage))
        await stage.pilot.press("r")
        await stage.until(lambda: "on · 2 tools" in text_on_top(stage))
        await stage.pilot.press("space")
        await stage.until(lambda: stage.program.tools.servers.status("stub").state is ServerState.IDLE)
        assert not is_on(stage)
        assert "enabled = false" in (tmp_path / "config.toml").read_text()
        await stage.pilot.press("enter")
        assert is_on(stage)
        await stage.pilot.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, SettingsScreen))


async def test_a_server_that_failed_says_why_and_is_started_again(opened: Opener, tmp_path: Path) -> None:
    marker = tmp_path / "licence"
    code = f"import os, runpy, sys; os.path.exists({str(marker)!r}) or sys.exit('no licence found'); "
    code += f"sys.argv[1:] = ['echo']; runpy.run_path({mcp_stub.__file__!r}, run_name='__main__')"
    file = tmp_path / "config.toml"
    file.write_text(f'[mcp.servers.stub]\ncommand = "{sys.executable}"\nargs = ["-c", {json.dumps(code)}]\n')
    async with opened() as stage:
        await open_servers(stage)
        await stage.pilot.press("r")
        await stage.until(lambda: "on · failed" in text_on_top(stage) and "no licence found" in text_on_top(stage))
        stage.problems.clear()
        marker.touch()
        await stage.pilot.press("r")
        await stage.until(lambda: "on · 1 tool" in text_on_top(stage))


async def test_without_servers_nothing_of_it_is_seen(opened: Opener) -> None:
    async with opened() as stage:
        await open_settings(stage)
        await stage.pilot.press("ctrl+s")
        assert isinstance(stage.app.screen, SettingsScreen)
        assert "MCP servers" not in text_on_top(stage).splitlines()[-1]


async def test_the_palette_and_the_help_name_the_servers_where_there_are_any(opened: Opener, tmp_path: Path) -> None:
    with_stub(tmp_path, "echo")
    async with opened(size=(120, 60)) as stage:
        await stage.pilot.press("f1")
        await stage.until(lambda: "Type @SERVER: to attach" in " ".join(text_on_top(stage).split()))
        await stage.pilot.press("escape")
        commands = await ServerCommands(stage.screen).commands()
        assert [command.name for command in commands] == ["MCP servers"]
        commands[0].run()
        await stage.until(lambda: isinstance(stage.app.screen, ServersDialog))
        await stage.pilot.press("escape")
        assert stage.app.screen is stage.screen
    (tmp_path / "config.toml").write_text("")
    async with opened() as stage:
        assert await ServerCommands(stage.screen).commands() == []


async def test_a_server_that_changes_its_tools_offers_the_new_ones_with_the_next_prompt(
    opened: Opener, tmp_path: Path
) -> None:
    with_stub(tmp_path, "change,echo")
    file = tmp_path / "config.toml"
    file.write_text(f'[mcp]\nalways = ["stub:change"]\n{file.read_text()}')

    def tools() -> list[str]:
        return [tool["name"] for tool in stage.server.log.replies[-1].body["tools"]]

    async with opened() as stage:
        await stage.ask("/tool stub__change {}\nGo")
        assert tools() == ["stub__change", "stub__echo"]
        await stage.ask("Hello")
        assert tools() == ["stub__echo", "stub__other"]
        await open_servers(stage)
        await stage.until(lambda: "on · 2 tools" in text_on_top(stage))
