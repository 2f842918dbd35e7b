"""The palette: everything by name."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from textual.app import App
from textual.command import CommandInput, CommandList, CommandPalette
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tests.ui.conftest import Opener
from tests.ui.pages import chosen, commands, look_for, run_command, text_on_top
from tests.waiting import PATIENCE_S
from tui_chat.chat.metadata import Mode
from tui_chat.demo import DemoServer
from tui_chat.program.prompt_files import About, PromptFiles
from tui_chat.settings import KEYS, SCHEMA
from tui_chat.ui.composer.name_dialog import NameDialog
from tui_chat.ui.help.screen import HelpScreen
from tui_chat.ui.settings.screen import SettingsScreen


async def test_it_offers_what_can_be_done_now_with_the_keys(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 5\nHello")
        stage.program.settings.set("keys.toggle_mode", "f12")
        await stage.pilot.press("ctrl+p")
        await stage.until(lambda: isinstance(stage.app.screen, CommandPalette) and len(commands(stage)) > 10)
        offered = commands(stage)
        assert "Switch between stream and batch   f12" in offered
        assert "Message: copy the message   c" in offered
        assert not any(command.startswith(KEYS["stop"].description) for command in offered)


async def test_an_action_is_done(opened: Opener) -> None:
    async with opened() as stage:
        await look_for(stage, "show the help", "Show the help")
        await stage.pilot.press("q", "alt+backspace")
        await run_command(stage, "help", "Show the help")
        await stage.until(lambda: isinstance(stage.app.screen, HelpScreen))


async def test_what_is_typed_while_a_slow_disk_is_read_is_found(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    about, may_go_on = PromptFiles.about, threading.Event()

    def slowly(files: PromptFiles) -> About:
        may_go_on.wait(PATIENCE_S)
        return about(files)

    monkeypatch.setattr(PromptFiles, "about", slowly)
    async with opened() as stage:
        await stage.pilot.press("ctrl+p")
        await stage.until(lambda: isinstance(stage.app.focused, CommandInput))
        stage.app.screen.query_one(CommandInput).insert_text_at_cursor("show the help")
        await stage.pilot.pause()
        may_go_on.set()
        await stage.until(lambda: "Show the help" in "".join(commands(stage)[:1]))


async def test_enter_waits_until_all_that_was_typed_has_been_looked_for(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    about, submit = PromptFiles.about, CommandInput.action_submit
    may_go_on, entered = threading.Event(), threading.Event()

    def slowly(files: PromptFiles) -> About:
        may_go_on.wait(PATIENCE_S)
        return about(files)

    async def tell(field: CommandInput) -> None:
        await submit(field)
        entered.set()

    monkeypatch.setattr(PromptFiles, "about", slowly)
    monkeypatch.setattr(CommandInput, "action_submit", tell)
    monkeypatch.setattr("tui_chat.ui.textual_internals.closing_palette.SEARCH_S", PATIENCE_S)
    async with opened() as stage:
        await stage.pilot.press("ctrl+p")
        await stage.until(lambda: isinstance(stage.app.focused, CommandInput))
        stage.app.screen.query_one(CommandInput).insert_text_at_cursor("new persona")
        pressed = asyncio.create_task(stage.pilot.press("enter"))
        while not entered.is_set():
            await asyncio.sleep(0)
        for _ in range(20):
            await asyncio.sleep(0)
        may_go_on.set()
        await pressed
        await stage.until(lambda: isinstance(stage.app.screen, NameDialog))


async def test_what_it_opens_is_drawn_whether_a_timer_of_textuals_calls_or_not(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened() as stage:
        monkeypatch.setattr(App, "set_timer", lambda *_, **__: None)
        await run_command(stage, "show the help", "Show the help")
        await stage.until(lambda: isinstance(stage.app.screen, HelpScreen) and not stage.app._batch_count)


async def test_a_click_right_behind_the_key_that_closes_it_closes_nothing_else(opened: Opener) -> None:
    async with opened() as stage:
        await stage.pilot.press("ctrl+p")
        await stage.until(lambda: isinstance(stage.app.screen, CommandPalette) and len(commands(stage)) > 10)
        palette = stage.app.screen
        palette.dismiss()
        palette.dismiss()
        assert stage.app.screen is stage.screen


async def test_an_action_among_the_messages_acts_on_the_last_one(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 5\nHello")
        first = stage.screen.session.conversation.id
        await run_command(stage, "fork the conv", "Message: fork")
        await stage.until(lambda: stage.screen.session.conversation.id != first)
        assert len(stage.messages) == 2


async def test_a_switch_is_turned_over_and_a_choice_of_two_changed(opened: Opener) -> None:
    async with opened() as stage:
        await run_command(stage, "ui.show_timestamps", "ui.show_timestamps: off → on")
        await stage.until(lambda: stage.program.settings.now.ui.show_timestamps)
        await run_command(stage, "streaming.mode", "streaming.mode: stream → batch")
        await stage.until(lambda: stage.program.requests.mode is Mode.BATCH)


async def test_any_other_setting_is_gone_to(opened: Opener) -> None:
    async with opened() as stage:
        await run_command(stage, "frames_per_second", "streaming.frames_per_second: 30")
        await stage.until(lambda: chosen(stage) == "streaming.frames_per_second")
        await run_command(stage, "retention_days", "history.retention_days: 0")
        await stage.until(lambda: chosen(stage) == "history.retention_days")
        assert isinstance(stage.app.screen, SettingsScreen)


async def test_every_setting_is_found_by_its_key(opened: Opener) -> None:
    async with opened() as stage:
        await stage.pilot.press("ctrl+p")
        await stage.until(lambda: isinstance(stage.app.screen, CommandPalette))
        for key in ("provider.system", "keys.retry", "telemetry.content"):
            stage.app.screen.query_one(CommandInput).value = key
            await stage.until(lambda key: commands(stage)[:1] != [] and key in commands(stage)[0], key)
        assert set(SCHEMA) >= {"provider.system", "keys.retry", "telemetry.content"}


async def test_a_theme_is_seen_before_it_is_chosen(opened: Opener) -> None:
    async with opened() as stage:
        await look_for(stage, "theme: nord", "theme: nord")
        await stage.until(lambda: stage.app.theme == "nord")
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.app.theme == "tui-chat-dark")
        await run_command(stage, "theme: nord", "theme: nord")
        await stage.until(lambda: stage.program.settings.now.ui.theme == "nord")
        assert stage.app.theme == "nord"


async def test_a_theme_that_is_highlighted_as_the_palette_closes_is_not_kept(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_chat.ui.palette.theme_commands.theme_under", lambda _: "nord")
    async with opened() as stage:
        option = OptionList.OptionHighlighted(OptionList("theme: nord"), Option("theme: nord"), 0)
        stage.app.post_message(CommandPalette.OptionHighlighted(option))
        await stage.pilot.pause()
        assert stage.app.theme == "tui-chat-dark"


async def test_a_conversation_is_opened_whatever_its_title_holds(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 5\nHello [b]bold\x1b]0;x\x07")
        first = stage.screen.session.conversation.id
        await stage.pilot.press("ctrl+n")
        await stage.ask("/tokens 5\nAnother")
        await look_for(stage, "hello", "Open “")
        assert "[b]bold" in text_on_top(stage)
        assert "\x1b" not in text_on_top(stage)
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.screen.session.conversation.id == first)


async def test_a_model_is_chosen_for_this_conversation(opened: Opener) -> None:
    async with opened() as stage:
        await run_command(stage, "model: demo-f", "model: demo-fast")
        await stage.until(lambda: stage.screen.session.parts.provider.model == "demo-fast")
        assert stage.program.provider.model == "demo"
        assert "demo-fast" in stage.shown.splitlines()[0]
        assert (await stage.ask("/tokens 5\nHello")).metadata.model == "demo-fast"
        await stage.pilot.press("ctrl+n")
        await stage.until(lambda: not stage.messages)
        assert "demo-fast" not in stage.shown
        assert (await stage.ask("/tokens 5\nHello")).metadata.model == "demo"


async def test_a_chosen_model_is_made_the_default_or_given_up_for_it(opened: Opener) -> None:
    async with opened() as stage:
        session, choice = stage.screen.session, {"provider.name": "demo", "provider.model": "demo-fast"}
        session.choose(choice)
        await run_command(stage, "model: the default", "model: the default")
        await stage.until(lambda: session.parts.provider.model == "demo")
        session.choose(choice)
        await run_command(stage, "make demo-fast", "model: make demo-fast the default")
        await stage.until(lambda: stage.program.provider.model == "demo-fast")
        await stage.until(lambda: "demo-fast" not in stage.shown.splitlines()[0])


async def test_persona_thinking_and_temperature_are_chosen_for_this_conversation(
    opened: Opener, server: DemoServer, tmp_path: Path
) -> None:
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas" / "tutor.md").write_text("Teach.")
    async with opened(size=(120, 24)) as stage:
        for query in ("persona: tu", "temperature: 0.35", "thinking: high"):
            await run_command(stage, query, query)
        await stage.until(lambda: "tutor · thinking high · temperature 0.35" in stage.shown.splitlines()[0])
        await stage.ask("/tokens 5\nHello")
        assert "Teach." in str(server.log.replies[-1].body["system"])
        provider = stage.program.settings.now.provider
        assert (provider.persona, provider.thinking, provider.temperature) == ("", "off", None)
        await run_command(stage, "persona, th", "persona, thinking, temperature: the default")
        await stage.until(lambda: "tutor" not in stage.shown.splitlines()[0])


async def test_the_models_are_there_at_once_and_made_new_while_one_looks(opened: Opener, server: DemoServer) -> None:
    asked = {"provider__name": "openai", "provider__base_url": f"{server.url}/v1", "provider__vendor_prices": True}
    async with opened(**asked) as stage:
        await look_for(stage, "model: demo-f", "model: demo-fast")
        assert stage.program.models.known().as_of is not None
        await stage.pilot.press("escape")
        await look_for(stage, "model: demo-f", "model: demo-fast")
        assert len([exchange for exchange in server.log.exchanges if exchange.path == "/v1/models"]) == 1


async def test_without_a_connection_the_list_says_that_it_may_be_old(opened: Opener) -> None:
    async with opened(provider__name="openai", provider__base_url="http://127.0.0.1:9/v1") as stage:
        await stage.pilot.press("ctrl+p")
        await stage.until(lambda: isinstance(stage.app.screen, CommandPalette))
        await stage.pilot.press(*"model:")
        await stage.until(lambda: any("127.0.0.1:9 (connection refused)" in command for command in commands(stage)))


async def test_a_deleted_conversation_is_brought_back_whatever_its_title_holds(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 5\nHello [/b] [b @x=1 there")
        (summary,) = stage.program.store.conversations()
        await stage.screen.library.delete(summary)
        await stage.pilot.press("ctrl+p")
        await stage.until(lambda: any("Undo: bring back" in command for command in commands(stage)))
        await run_command(stage, "undo: bring", "[/b] [b @x=1 there")
        await stage.until(lambda: stage.screen.session.conversation.id == summary.id)


async def test_a_search_that_ends_after_its_list_has_gone_is_no_fault(opened: Opener) -> None:
    async with opened() as stage:
        await look_for(stage, "quit", "Quit")
        palette = stage.app.screen
        assert isinstance(palette, CommandPalette)
        await palette.query_one(CommandList).remove()
        palette._show_busy = not palette._show_busy
        palette._list_visible = not palette._list_visible
        await stage.pilot.pause()
        assert stage.app.is_running
