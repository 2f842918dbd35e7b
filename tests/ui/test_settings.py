"""The settings page: found by typing, changed where it stands, in force and saved at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList, TextArea

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.pages import chosen, open_settings, problem_of, text_on_top
from tui_chat.chat.metadata import Mode
from tui_chat.settings import GROUPS, SCHEMA
from tui_chat.ui.settings.detail import SettingDetail
from tui_chat.ui.settings.editors import SettingEditor
from tui_chat.ui.settings.page import SettingPage
from tui_chat.ui.settings.screen import OVERRULED, SettingsScreen
from tui_chat.ui.settings.table import LINES_ABOVE
from tui_chat.ui.settings.words import group_name
from tui_chat.ui.shared.question import Question


def _file(stage: Stage) -> str:
    return stage.program.settings.file.path.read_text()


def _lines_above(stage: Stage, key: str) -> int:
    """Return the lines of the page that are in sight above a setting."""
    page = stage.app.screen.query_one(SettingPage)
    return page._tops[key] - stage.app.screen.query_one("#scroll").scroll_offset.y


async def _type(stage: Stage, text: str) -> None:
    stage.dash_off(text)
    await stage.pilot.pause()


async def test_f2_opens_every_setting_and_esc_or_f2_goes_back(opened: Opener) -> None:
    async with opened() as stage:
        await stage.pilot.press("f2")
        await stage.until(lambda: isinstance(stage.app.screen, SettingsScreen))
        assert stage.app.screen.query_one(SettingPage).shown == list(SCHEMA)
        assert all(group_name(group) in text_on_top(stage) for group in GROUPS)
        await stage.pilot.press("escape")
        assert stage.app.screen is stage.screen
        await stage.until(lambda: stage.composer.has_focus)
        await stage.pilot.press("f2")
        await stage.until(lambda: isinstance(stage.app.screen, SettingsScreen))
        await stage.pilot.press("f2")
        await stage.until(lambda: stage.app.screen is stage.screen)


async def test_settings_and_dialogs_can_be_used_on_a_small_screen(opened: Opener) -> None:
    async with opened(size=(40, 12)) as stage:
        await stage.ask("/tokens 5\nHello")
        await stage.pilot.press("ctrl+r")
        await stage.until(lambda: "esc Close" in stage.shown and "f1 More" in stage.shown)
        await stage.pilot.press("escape")
        await open_settings(stage)
        await stage.until(lambda: "Name " in stage.shown and "The service that" in stage.shown)
        assert stage.shown.split("\n")[0].endswith("…"), "the path is longer"


@pytest.mark.parametrize("keys", [(), ("enter", "escape"), ("down", "up")])
async def test_a_setting_that_is_gone_to_stays_in_its_place_when_all_is_laid_out_anew(
    opened: Opener, keys: Sequence[str]
) -> None:
    async with opened(size=(120, 30)) as stage:
        await open_settings(stage, "keys.find")
        await stage.pilot.press(*keys)
        for width in (60, 90):
            await stage.pilot.resize_terminal(width, 24)
            await stage.until(lambda: _lines_above(stage, "keys.find") == LINES_ABOVE)


async def test_typing_searches_and_what_finds_nothing_says_so(opened: Opener) -> None:
    async with opened() as stage:
        await open_settings(stage)
        await _type(stage, "cursor blink")
        assert stage.app.screen.query_one(SettingPage).shown == ["streaming.cursor_blink"]
        await stage.pilot.press("enter")
        assert chosen(stage) == "streaming.cursor_blink"
        await stage.pilot.press("backspace")
        assert stage.app.screen.query_one("#search", Input).value == "cursor blin"
        await stage.pilot.press("ctrl+u", "down")
        stage.dash_off("max tok")
        await stage.until(lambda: stage.app.screen.query_one(SettingPage).shown == ["provider.max_tokens"])
        await stage.pilot.press("ctrl+u")
        await _type(stage, "xyzzy")
        assert "No settings match “xyzzy”." in text_on_top(stage)
        await stage.pilot.press("down", "enter")
        await stage.pilot.press("escape")
        assert stage.app.screen is stage.screen


async def test_enter_in_the_search_changes_what_was_found(opened: Opener) -> None:
    async with opened() as stage:
        await open_settings(stage)
        stage.dash_off("stall timeout")
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.focused, Input) and stage.app.focused.value == "30")
        await stage.pilot.press("9", "enter")
        await stage.until(lambda: stage.program.settings.now.streaming.stall_timeout == 9.0)


async def test_a_switch_is_turned_over_and_saved_at_once(opened: Opener) -> None:
    async with opened() as stage:
        await open_settings(stage, "streaming.resume")
        await stage.pilot.press("space")
        assert stage.program.settings.now.streaming.resume is False
        assert "resume = false" in _file(stage)
        await stage.pilot.press("enter")
        assert stage.program.settings.now.streaming.resume is True


async def test_a_choice_is_made_from_a_list(opened: Opener) -> None:
    async with opened() as stage:
        await open_settings(stage, "streaming.on_stop")
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.focused, OptionList))
        await stage.pilot.press("down", "enter")
        await stage.until(lambda: stage.program.settings.now.streaming.on_stop == "discard")
        await stage.until(lambda: chosen(stage) == "streaming.on_stop")
        assert 'on_stop = "discard"' in _file(stage)


async def test_left_and_right_go_through_the_choices(opened: Opener) -> None:
    async with opened() as stage:
        await open_settings(stage, "streaming.mode")
        for key, mode in (("right", Mode.BATCH), ("left", Mode.STREAM)):
            await stage.pilot.press(key)
            assert stage.program.requests.mode is mode


async def _refused(stage: Stage) -> None:
    """Enter a value that is not allowed."""
    await open_settings(stage, "streaming.frames_per_second")
    await stage.pilot.press("enter")
    await stage.until(lambda: isinstance(stage.app.focused, Input))
    await stage.pilot.press("9", "9", "enter")
    await stage.until(lambda: "5 to 60" in problem_of(stage, "streaming.frames_per_second"))


async def test_a_value_that_is_not_allowed_gets_a_sentence_beside_it(opened: Opener) -> None:
    async with opened() as stage:
        await _refused(stage)
        assert stage.program.settings.now.streaming.frames_per_second == 30
        assert isinstance(stage.app.focused, Input), "one can go on typing"
        await stage.pilot.press("backspace", "backspace", "1", "5", "enter")
        await stage.until(lambda: stage.program.settings.now.streaming.frames_per_second == 15)
        assert problem_of(stage, "streaming.frames_per_second") == ""
        assert "frames_per_second = 15" in _file(stage)


async def test_esc_takes_the_sentence_on_a_value_that_is_not_allowed_away(opened: Opener) -> None:
    async with opened() as stage:
        await _refused(stage)
        await stage.pilot.press("escape")
        await stage.until(lambda: problem_of(stage, "streaming.frames_per_second") == "")
        await stage.until(lambda: chosen(stage) == "streaming.frames_per_second")


async def test_esc_leaves_a_line_as_it_was_and_going_elsewhere_takes_it(opened: Opener) -> None:
    async with opened() as stage:
        await open_settings(stage, "streaming.stall_timeout")
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.focused, Input))
        await stage.pilot.press("5", "escape")
        await stage.until(lambda: chosen(stage) == "streaming.stall_timeout")
        assert stage.program.settings.now.streaming.stall_timeout == 30.0
        assert isinstance(stage.app.screen, SettingsScreen)
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.focused, Input))
        await stage.pilot.press("7", "down")
        await stage.until(lambda: stage.program.settings.now.streaming.stall_timeout == 7.0)


async def test_the_system_prompt_has_several_lines(opened: Opener) -> None:
    async with opened() as stage:
        await open_settings(stage, "provider.system")
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.focused, TextArea))
        await _type(stage, "Be")
        await stage.pilot.press("enter")
        await _type(stage, "brief")
        await stage.pilot.press("alt+b", "alt+d")
        await _type(stage, "brief")
        assert "^s Save  esc Cancel" in text_on_top(stage)
        await stage.pilot.press("ctrl+s")
        await stage.until(lambda: stage.program.settings.now.provider.system == "Be\nbrief")
        await stage.until(lambda: "Be … 2 lines" in text_on_top(stage))


async def test_esc_leaves_the_system_prompt_as_it_was(opened: Opener) -> None:
    async with opened(provider__system="Be brief") as stage:
        await open_settings(stage, "provider.system")
        for typed in ("", "er"):
            await stage.pilot.press("enter")
            await stage.until(lambda: isinstance(stage.app.focused, TextArea))
            await _type(stage, typed)
            await stage.pilot.press("escape")
            await stage.until(lambda: chosen(stage) == "provider.system")
            assert stage.program.settings.now.provider.system == "Be brief"
            assert not stage.program.settings.file.path.exists(), "not if it was only looked at either"


async def test_the_key_row_says_what_saves_a_line_and_a_choice(opened: Opener) -> None:
    async with opened() as stage:
        for key in ("streaming.stall_timeout", "streaming.on_stop", "ui.theme"):
            await open_settings(stage, key)
            await stage.pilot.press("enter")
            await stage.until(lambda: "⏎ Save" in text_on_top(stage) and "esc Cancel" in text_on_top(stage))
            await stage.pilot.press("escape", "f2")
            await stage.until(lambda: stage.app.screen is stage.screen)


async def test_the_key_row_says_what_can_be_done_after_a_change_however_late_its_editor_goes(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = asyncio.Event()

    async def go_late(self: SettingEditor) -> None:
        """Go once the row of keys has been drawn."""
        await drawn.wait()

    monkeypatch.setattr(SettingEditor, "on_unmount", go_late, raising=False)
    async with opened() as stage:
        page = (await open_settings(stage, "streaming.stall_timeout")).page
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.focused, Input))
        stage.app.screen.bindings_updated_signal.subscribe(page, lambda _: drawn.set(), immediate=True)
        await stage.pilot.press("escape")
        await stage.until(lambda: page.editor is None)
        await stage.until(lambda: "⏎ Change" in text_on_top(stage))


async def test_a_list_of_texts_is_written_with_commas(opened: Opener) -> None:
    async with opened() as stage:
        await open_settings(stage, "provider.stop_sequences")
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.focused, Input))
        await _type(stage, "END, STOP")
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.program.settings.now.provider.stop_sequences == ("END", "STOP"))


async def test_one_setting_goes_back_to_its_default(opened: Opener) -> None:
    async with opened() as stage:
        stage.program.settings.set("streaming.retry_attempts", 0)
        await open_settings(stage, "streaming.retry_attempts")
        await stage.pilot.press("delete")
        assert stage.program.settings.now.streaming.retry_attempts == 4
        assert "\nretry_attempts" not in _file(stage)


async def test_all_settings_go_back_only_if_that_is_meant(opened: Opener) -> None:
    async with opened() as stage:
        stage.program.settings.set("streaming.retry_attempts", 0)
        stage.program.settings.set("ui.show_usage", False)
        await open_settings(stage)
        await stage.pilot.press("ctrl+r")
        await stage.until(lambda: isinstance(stage.app.screen, Question))
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, SettingsScreen))
        assert stage.program.settings.now.streaming.retry_attempts == 0
        await stage.pilot.press("ctrl+r")
        await stage.until(lambda: isinstance(stage.app.screen, Question))
        await stage.pilot.press("left", "enter")
        await stage.until(lambda: stage.program.settings.now.streaming.retry_attempts == 4)
        assert stage.program.settings.now.ui.show_usage is True
        assert stage.program.settings.now.provider.name == "demo", "the command line still asks for it"


async def test_a_key_goes_to_another_address_only_if_that_is_meant(opened: Opener) -> None:
    elsewhere = "http://user:password@elsewhere.example:8/v1?secret=1"
    mine = {"ANTHROPIC_API_KEY": "test-key"}
    async with opened(environ=mine, provider__name="anthropic") as stage:
        before = stage.program.settings.now.provider.base_url
        for keys, holds in ((["enter"], before), (["left", "enter"], elsewhere)):
            await open_settings(stage, "provider.base_url")
            await stage.pilot.press("enter")
            await stage.until(lambda: isinstance(stage.app.focused, Input))
            await _type(stage, elsewhere)
            await stage.pilot.press("enter")
            await stage.until(lambda: isinstance(stage.app.screen, Question))
            await stage.until(lambda: "elsewhere.example:8/v1" in text_on_top(stage))
            assert "password" not in text_on_top(stage)
            assert stage.program.settings.now.provider.base_url == before
            await stage.pilot.press(*keys)
            await stage.until(lambda: isinstance(stage.app.screen, SettingsScreen))
            await stage.until(lambda holds: stage.program.settings.now.provider.base_url == holds, holds)
            await stage.pilot.press("escape")
        stage.program.settings.set("provider.base_url", before)  # it was there before


async def test_each_setting_says_where_its_value_comes_from(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[streaming]\nretry_attempts = 2\n")
    address = {"OPENAI_BASE_URL": "http://127.0.0.1:9"}
    async with opened(environ=address, provider__name="openai", provider__base_url="http://127.0.0.1:8") as stage:
        for key, words in {
            "provider.name": "set on the command line",
            "streaming.retry_attempts": "set in the settings file",
            "streaming.frames_per_second": "the default",
        }.items():
            screen = await open_settings(stage, key)
            detail = screen.query_one(SettingDetail)
            await stage.until(lambda words, detail: words in str(detail.content), words, detail)
            await stage.pilot.press("escape")


async def test_a_change_here_replaces_what_an_option_asked_for(opened: Opener) -> None:
    async with opened(streaming__retry_attempts=1) as stage:
        await open_settings(stage, "streaming.retry_attempts")
        assert "command line" in text_on_top(stage)
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.focused, Input))
        await stage.pilot.press("3", "enter")
        await stage.until(lambda: stage.program.settings.now.streaming.retry_attempts == 3)
        assert "settings file" in text_on_top(stage)


async def test_what_the_environment_overrules_is_said(opened: Opener, server: object) -> None:
    async with opened(environ={"ANTHROPIC_BASE_URL": "http://127.0.0.1:9"}, provider__name="anthropic") as stage:
        stage.program.settings.set("provider.base_url", None)
        await open_settings(stage, "provider.base_url")
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.focused, Input))
        await _type(stage, "http://127.0.0.1:8")
        await stage.pilot.press("enter")
        await stage.until(lambda: problem_of(stage, "provider.base_url") == OVERRULED)
        assert stage.program.settings.now.provider.base_url == "http://127.0.0.1:9"


async def test_a_change_that_cannot_be_saved_holds_until_the_end(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("this is not TOML")
    async with opened() as stage:
        await open_settings(stage, "streaming.resume")
        await stage.pilot.press("space")
        assert stage.program.settings.now.streaming.resume is False
        assert "nothing was saved" in problem_of(stage, "streaming.resume")
        assert "not saved" in text_on_top(stage)
        assert _file(stage) == "this is not TOML"


async def test_a_theme_is_seen_before_it_is_chosen(opened: Opener) -> None:
    async with opened() as stage:
        await open_settings(stage, "ui.theme")
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.focused, Input))
        await _type(stage, "nord")
        await stage.until(lambda: stage.app.theme == "nord")
        assert stage.program.settings.now.ui.theme == "tui-chat-dark"
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.app.theme == "tui-chat-dark")
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.focused, Input))
        await _type(stage, "dracula")
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.program.settings.now.ui.theme == "dracula")
        assert stage.app.theme == "dracula"


async def test_a_model_is_chosen_from_the_list_or_typed(opened: Opener) -> None:
    async with opened() as stage:
        await open_settings(stage, "provider.model")
        for typed in ("some-model-of-mine", "another"):
            await stage.pilot.press("enter")
            await stage.until(lambda: isinstance(stage.app.focused, Input))
            await _type(stage, typed)
            await stage.pilot.press("enter")
            await stage.until(lambda typed: stage.program.settings.now.provider.model == typed, typed)
            await stage.until(lambda: chosen(stage) == "provider.model")
        assert "not saved, as the settings file is for anthropic" in problem_of(stage, "provider.model")
        assert not stage.program.settings.file.path.exists()


async def test_the_mouse_turns_a_switch_over_and_goes_to_a_group(opened: Opener) -> None:
    async with opened(size=(120, 40)) as stage:
        await open_settings(stage, "streaming.resume")
        page = stage.app.screen.query_one(SettingPage)
        y = next(y for y in range(page.size.height) if page.key_at(y) == "streaming.resume")
        await stage.until(lambda: page.region.y + y < stage.app.size.height)
        await stage.pilot.click(page, offset=(4, y))
        assert stage.program.settings.now.streaming.resume is True
        await stage.pilot.click(page, offset=(page.size.width - 3, y))
        await stage.until(lambda: stage.program.settings.now.streaming.resume is False)
        await stage.pilot.click("#groups", offset=(3, GROUPS.index("history")))
        await stage.until(lambda: chosen(stage) == "history.save")


async def test_up_and_down_go_through_the_settings_and_up_to_the_search(opened: Opener) -> None:
    async with opened() as stage:
        await open_settings(stage)
        keys = list(SCHEMA)
        await stage.pilot.press("down", "down", "up")
        assert chosen(stage) == keys[1]
        await stage.pilot.press("end")
        assert chosen(stage) == keys[-1]
        await stage.pilot.press("home", "up")
        assert stage.app.focused is stage.app.screen.query_one("#search")
        await stage.pilot.press("down")
        assert chosen(stage) == keys[0]


async def test_tab_goes_from_group_to_group(opened: Opener) -> None:
    async with opened() as stage:
        await open_settings(stage)
        first = [next(key for key in SCHEMA if key.startswith(f"{group}.")) for group in GROUPS]
        for key in [*first[1:], first[0]]:
            await stage.pilot.press("tab")
            await stage.until(lambda key: chosen(stage) == key, key)


async def test_a_pressed_key_is_added_to_an_action_or_taken_from_it(opened: Opener) -> None:
    async with opened() as stage:
        await open_settings(stage, "keys.toggle_mode")
        await stage.pilot.press("enter")
        await stage.pilot.press("ctrl+q")
        await stage.until(lambda: "ctrl+q is already used" in problem_of(stage, "keys.toggle_mode"))
        assert stage.app.is_running
        await stage.pilot.press("x")
        await stage.until(lambda: "needs it for typing" in problem_of(stage, "keys.toggle_mode"))
        await stage.pilot.press("f12")
        await stage.until(lambda: stage.program.settings.now.keys["toggle_mode"] == "ctrl+t,f9,f12")
        await stage.pilot.press("enter", "ctrl+t")
        await stage.until(lambda: stage.program.settings.now.keys["toggle_mode"] == "f9,f12")
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.composer.has_focus)
        await stage.pilot.press("ctrl+t", "f12")
        assert stage.program.settings.now.streaming.mode == "batch"


async def test_a_change_in_the_file_is_taken_up(opened: Opener) -> None:
    async with opened() as stage:
        await open_settings(stage, "ui.theme")
        stage.program.settings.file.path.write_text('[ui]\ntheme = "nord"\nshow_usage = false\n')
        await stage.until(lambda: stage.app.theme == "nord")
        assert "nord" in text_on_top(stage)
        assert stage.program.settings.now.ui.show_usage is False


async def test_what_is_wrong_with_the_file_is_said(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[streaming]\nretry_attempts = 99\n\n[stream]\nmode = 1\n")
    async with opened() as stage:
        (notice,) = stage.app._notifications
        assert "retry_attempts = 99 is not allowed (0 to 10); 4 is used." in notice.message
        assert "did you mean streaming?" in notice.message
        await open_settings(stage, "streaming.retry_attempts")
        assert "99 is not allowed" in problem_of(stage, "streaming.retry_attempts")
        assert "did you mean streaming?" in text_on_top(stage)
        stage.program.settings.file.path.write_text("[streaming]\nretry_attempts = 98\n")
        await stage.until(lambda: len(stage.app._notifications) == 2)


async def test_a_theme_that_there_is_not_is_said_and_ours_is_used(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[ui]\ntheme = "norb"\n')
    async with opened() as stage:
        assert stage.app.theme == "tui-chat-dark"
        (notice,) = stage.app._notifications
        assert notice.message == "There is no theme norb: tui-chat-dark is used; did you mean nord?"


async def test_the_page_opens_at_any_size(opened: Opener) -> None:
    async with opened() as stage:
        for size in ((20, 5), (40, 12), (200, 60)):
            await stage.pilot.resize_terminal(*size)
            await open_settings(stage)
            await stage.pilot.press("end", "home", "tab", "enter", "escape", "escape")
            await stage.until(lambda: stage.app.screen is stage.screen)


async def test_foreign_text_in_a_value_cannot_steer_the_terminal(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[provider]\nsystem = "\\u001b]0;title\\u0007 [b]bold"\n')
    async with opened() as stage:
        await open_settings(stage, "provider.system")
        await stage.until(lambda: "[b]bold" in text_on_top(stage))
        assert "\x1b" not in text_on_top(stage)
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.focused, TextArea))
        assert "\x1b" not in text_on_top(stage)
