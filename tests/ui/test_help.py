"""The help, and the keys: as the settings say, everywhere."""

from __future__ import annotations

from pathlib import Path

from textual.binding import Binding
from textual.dom import DOMNode

from tests.ui.conftest import Opener
from tests.ui.pages import text_on_top
from tui_chat.chat.metadata import Mode
from tui_chat.settings import KEYS, Keys
from tui_chat.ui.app import TuiChatApp
from tui_chat.ui.chat.screen import ChatScreen
from tui_chat.ui.composer.composer import Composer
from tui_chat.ui.help.screen import HelpScreen, KeyTable
from tui_chat.ui.look.keys import KeyNames, keymap
from tui_chat.ui.messages.message_list import MessageList

STALLED = "/fault stall@20xall\nTell me a story"


def _bindings(*kinds: type[DOMNode]) -> list[Binding]:
    return [binding for kind in kinds for binding in kind.BINDINGS if isinstance(binding, Binding)]


async def test_f1_shows_every_action_with_its_key_and_esc_or_f1_goes_back(opened: Opener) -> None:
    async with opened(size=(160, 90)) as stage:
        await stage.pilot.press("f1")
        await stage.until(lambda: isinstance(stage.app.screen, HelpScreen) and "Anywhere" in text_on_top(stage))
        keys = KeyNames.of(stage.app, stage.program.settings.now.keys)
        shown = " ".join(text_on_top(stage).split())
        for action in KEYS.values():
            assert " ".join(action.description.split()[:4]) in shown
            assert " ".join(keys.all(action.name).split()) in shown
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.app.screen is stage.screen)
        await stage.pilot.press("f1")
        await stage.until(lambda: isinstance(stage.app.screen, HelpScreen))
        await stage.pilot.press("f1")
        await stage.until(lambda: stage.app.screen is stage.screen)


async def test_the_help_and_the_footer_follow_a_change_of_keys(opened: Opener) -> None:
    async with opened(size=(160, 80)) as stage:
        await stage.pilot.press("f1")
        await stage.until(lambda: isinstance(stage.app.screen, HelpScreen))
        stage.program.settings.set("keys.toggle_mode", "f11,alt+m")
        await stage.until(lambda: "f11  alt+m" in text_on_top(stage))
        await stage.pilot.press("escape")
        await stage.until(lambda: "f11 Mode" in text_on_top(stage))


async def test_the_help_opens_at_any_size(opened: Opener) -> None:
    async with opened() as stage:
        for size in ((20, 5), (80, 24), (200, 60)):
            await stage.pilot.resize_terminal(*size)
            await stage.pilot.press("f1")
            await stage.until(lambda: isinstance(stage.app.screen, HelpScreen))
            assert all(table.size.height > 0 for table in stage.app.screen.query(KeyTable)), size
            await stage.pilot.press("pagedown", "end", "escape")
            await stage.until(lambda: stage.app.screen is stage.screen)


def test_every_binding_that_has_a_name_is_an_action_and_has_its_usual_key() -> None:
    fixed = set(keymap(Keys({"stop": "f12"}))) - set(KEYS)
    for binding in _bindings(TuiChatApp, ChatScreen, Composer, MessageList):
        if binding.id is not None and binding.id not in fixed:
            assert binding.key == KEYS[binding.id].keys, binding


async def test_another_key_for_stop_leaves_esc_its_other_work(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[keys]\nstop = "f12"\n')
    async with opened() as stage:
        await stage.send(STALLED)
        await stage.streaming()
        await stage.pilot.press("tab")
        await stage.until(lambda: stage.list.has_focus)
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.composer.has_focus)
        assert stage.screen.busy
        assert "f12 stop" in stage.text_of(stage.reply)
        await stage.pilot.press("f12")
        await stage.ready()


async def test_another_key_for_earlier_prompts_leaves_up_its_other_work(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[keys]\nearlier_prompt = "alt+up"\n')
    async with opened() as stage:
        await stage.ask("Hello")
        await stage.type("one\ntwo")
        await stage.pilot.press("up")
        assert stage.composer.cursor_location[0] == 0
        await stage.pilot.press("up")
        assert stage.composer.text == "one\ntwo"
        await stage.pilot.press("alt+up")
        await stage.until(lambda: stage.composer.text == "Hello")


async def test_another_key_sends_and_enter_then_breaks_the_line(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[keys]\nsend = "ctrl+s"\n')
    async with opened() as stage:
        await stage.type("one")
        await stage.pilot.press("enter")
        assert stage.composer.text == "one\n"
        await stage.pilot.press("ctrl+s")
        await stage.until(lambda: len(stage.messages) == 2)
        await stage.ready()


async def test_another_key_for_cancel_takes_all_of_its_work_along(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[keys]\ncancel = "f12"\n')
    async with opened() as stage:
        await stage.send(STALLED)
        await stage.streaming()
        await stage.pilot.press("f12")
        await stage.until(lambda: not stage.messages)
        assert stage.composer.text == STALLED
        await stage.pilot.press("f12")
        assert stage.composer.text == ""


async def test_keys_that_clash_are_named_and_left_as_they_were(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[keys]\ntoggle_mode = "ctrl+n"\nretry = "no such key"\n')
    async with opened() as stage:
        (notice,) = stage.app._notifications
        assert "ctrl+n is already used for new_conversation" in notice.message
        assert '"no such key" is not allowed' in notice.message
        await stage.pilot.press("ctrl+t")
        assert stage.program.requests.mode is Mode.BATCH
