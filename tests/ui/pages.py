"""The text of the screen that is at the top, whichever that is."""

from __future__ import annotations

from rich.segment import Segment
from textual.command import CommandInput, CommandList, CommandPalette

from tests.ui.app_driver import Stage
from tui_chat.ui.settings.page import SettingPage
from tui_chat.ui.settings.screen import SettingsScreen
from tui_chat.ui.shared.key_bar import KeyBar


def segments_on_top(stage: Stage) -> list[Segment]:
    """Return all that the terminal would be sent."""
    return [segment for strip in stage.strips for segment in strip]


def text_on_top(stage: Stage) -> str:
    """Return the same as text, line by line."""
    return "\n".join(strip.text.rstrip() for strip in stage.strips)


async def open_settings(stage: Stage, key: str = "") -> SettingsScreen:
    """Open the settings page, at a setting if need be."""
    stage.app.action_settings(key)
    await stage.until(lambda: isinstance(stage.app.focused, SettingPage))
    assert isinstance(stage.app.screen, SettingsScreen)
    return stage.app.screen


def chosen(stage: Stage) -> str:
    """Return the key of the setting that keys act on; "" while they act on something else."""
    page = stage.app.focused
    return page.chosen if isinstance(page, SettingPage) else ""


def problem_of(stage: Stage, key: str) -> str:
    """Return the sentence beside a setting."""
    return stage.app.screen.query_one(SettingPage).state(key).problem


def commands(stage: Stage) -> list[str]:
    """Return what the palette shows, the best first."""
    return [str(option.prompt) for option in stage.app.screen.query_one(CommandList).options]


async def look_for(stage: Stage, query: str, found: str) -> None:
    """Open the palette, put text into it, and wait until something is the first that was found."""
    if not isinstance(stage.app.screen, CommandPalette):
        await stage.pilot.press("ctrl+p")
    await stage.until(lambda: isinstance(stage.app.focused, CommandInput))
    stage.app.screen.query_one(CommandInput).insert_text_at_cursor(query)  # each key would begin a search
    await stage.until(lambda: any(found in command for command in commands(stage)[:1]))


async def run_found(stage: Stage) -> None:
    """Have the palette do what is the first that was found, and wait until it is closed."""
    await stage.pilot.press("enter")
    await stage.until(lambda: not isinstance(stage.app.screen, CommandPalette))


async def run_command(stage: Stage, query: str, found: str) -> None:
    """Do what the palette finds first, which is this."""
    await look_for(stage, query, found)
    await run_found(stage)


def with_cursor(stage: Stage) -> str:
    """Return all lines of the last reply as they are drawn, the cursor at their end."""
    reply = stage.reply
    lines = ["".join(segment.text for segment in reply.segments_at(y)) for y in range(reply.stack.height)]
    return "\n".join(lines)


def notices(stage: Stage) -> str:
    """Return all that was said in notices."""
    return "\n".join(notice.message for notice in stage.app._notifications)


def keys_on_top(stage: Stage) -> str:
    """Return the row of keys of the screen that is looked at."""
    return stage.app.screen.query_one(KeyBar).render().plain.strip()
