"""A slash in the empty composer: commands, templates and personas, and texts that only look like one."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from textual import events

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.pages import notices, text_on_top
from tui_chat.demo import DemoServer
from tui_chat.ui.chat.screen import ChatScreen
from tui_chat.ui.composer.fields_form import FieldsForm
from tui_chat.ui.help.screen import HelpScreen
from tui_chat.ui.settings.screen import SettingsScreen
from tui_chat.ui.shared.question import Question


@pytest.fixture
def asking(opened: Opener) -> Opener:
    """Opens the app with a provider whose replies are no script, as far as the app knows."""
    return partial(
        opened, environ={"ANTHROPIC_API_KEY": "sk-ant-test"}, provider__name="anthropic", provider__vendor_prices=True
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of the settings, with a template and a persona."""
    for kind, name, text in (("templates", "review", "Review {{it}}.\n"), ("personas", "poet", "You are a poet.\n")):
        (tmp_path / kind).mkdir()
        (tmp_path / kind / f"{name}.md").write_text(text)
    return tmp_path


def offered(stage: Stage) -> list[str]:
    """Return what is offered now."""
    return [offer.text for offer in stage.composer.offers.offers]


async def test_commands_are_offered_with_what_they_do_and_filtered(opened: Opener) -> None:
    async with opened() as stage:
        await stage.pilot.press("/")
        assert "/new_conversation" in offered(stage)
        assert not {"/cancel", "/send", "/scroll_up", "/retry", "/stop"} & set(offered(stage))
        assert "/toggle_mode" in text_on_top(stage)
        assert "Switch between stream and batch" in text_on_top(stage)
        await stage.pilot.press(*"stat")
        assert offered(stage) == ["/statistics"]
        await stage.pilot.press(*"x")
        assert offered(stage) == []
        await stage.pilot.press("backspace")
        assert offered(stage) == ["/statistics"]


async def test_what_the_palette_names_is_offered_too_for_the_conversation_that_is_looked_at(opened: Opener) -> None:
    async with opened() as stage:
        await stage.pilot.press(*"/exp")
        await stage.until(lambda: offered(stage) == ["/export_all_conversations"])
        await stage.pilot.press("ctrl+u")
        await stage.ask("/tokens 3\nHello")
        await stage.pilot.press(*"/pin")
        await stage.until(lambda: offered(stage) == ["/pin_this_conversation"])
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.composer.text == "")
        await stage.pilot.press(*"/unp")
        await stage.until(lambda: offered(stage) == ["/unpin_this_conversation"])
        await stage.pilot.press("ctrl+u", "ctrl+n", *"/unp")
        await stage.until(lambda: offered(stage) == [])
        await stage.pilot.press("ctrl+u", *"/temperature", "space", *"0.3")
        await stage.until(lambda: offered(stage) == ["/temperature 0.3"])
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.screen.session.parts.settings.now.provider.temperature == 0.3)


async def test_a_theme_is_chosen_by_its_name(opened: Opener) -> None:
    async with opened() as stage:
        await stage.pilot.press(*"/theme")
        await stage.until(lambda: offered(stage) == ["/theme"])
        await stage.pilot.press("enter", *"nor")
        await stage.until(lambda: offered(stage) == ["/theme nord"])
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.app.theme == "nord")
        assert stage.program.settings.now.ui.theme == "nord"


async def test_a_setting_is_given_a_value_with_its_key_and_its_choices_completed(opened: Opener) -> None:
    async with opened(notices=True) as stage:
        await stage.pilot.press(*"/set", "enter", *"ui.mo", "enter")
        assert stage.composer.text == "/set ui.motion "
        assert offered(stage) == ["/set ui.motion true", "/set ui.motion false"]
        assert "on now" in text_on_top(stage)
        await stage.pilot.press("f", "tab", "enter")
        await stage.until(lambda: stage.program.settings.now.ui.motion is False)
        assert stage.composer.text == ""
        assert "ui.motion: off" in notices(stage)
        await stage.pilot.press(*"/set max_tok")
        assert offered(stage) == ["/set provider.max_tokens"]
        await stage.pilot.press("tab", *"4096", "enter")
        await stage.until(lambda: stage.program.settings.now.provider.max_tokens == 4096)


async def test_a_value_that_a_setting_cannot_have_is_refused_in_a_sentence(opened: Opener) -> None:
    async with opened(notices=True, size=(120, 30)) as stage:
        await stage.pilot.press(*"/set ui.motion maybe")
        assert "is not allowed (true or false)" in text_on_top(stage)
        await stage.pilot.press("enter")
        assert "is not allowed (true or false)" in notices(stage)
        assert stage.composer.text == "/set ui.motion maybe"
        await stage.pilot.press("ctrl+u", *"/set ui.moton off")
        assert "did you mean ui.motion?" in text_on_top(stage)


async def test_the_keys_of_an_action_are_set_where_they_are_checked(opened: Opener) -> None:
    async with opened() as stage:
        await stage.pilot.press(*"/set keys.stop", "enter")
        await stage.until(lambda: isinstance(stage.app.screen, SettingsScreen))


async def test_tab_completes_and_enter_does_it(opened: Opener) -> None:
    async with opened() as stage:
        await stage.pilot.press(*"/hel", "tab")
        assert (stage.composer.text, offered(stage)) == ("/help", ["/help"])
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, HelpScreen))
        assert stage.composer.text == ""


async def test_keys_as_fast_as_they_come_do_what_they_say(opened: Opener) -> None:
    async with opened() as stage:
        for _ in range(3):
            stage.dash_off("/toggle_m")
            stage.app.post_message(events.Key("enter", "\r"))
            stage.dash_off("hello")
            await stage.until(lambda: stage.composer.text == "hello")
            stage.composer.clear()
        assert stage.program.settings.now.streaming.mode == "batch"
        assert stage.messages == ()


async def test_up_and_down_choose_and_a_click_takes(opened: Opener) -> None:
    async with opened() as stage:
        await stage.pilot.press(*"/next", "backspace", "backspace", "backspace", "backspace", *"conv", "down")
        assert stage.composer.offers.chosen.text == "/new_conversation"
        await stage.pilot.press("up", "up")
        assert stage.composer.offers.chosen.text == offered(stage)[-1]
        await stage.pilot.press("ctrl+u", *"/help")
        await stage.pilot.click(stage.composer.offers, offset=(4, 0))
        await stage.until(lambda: isinstance(stage.app.screen, HelpScreen))


async def test_esc_closes_the_list_first_and_then_does_what_it_always_does(opened: Opener) -> None:
    async with opened() as stage:
        await stage.send("/fault stall@20xall\nTell me a story")
        await stage.streaming()
        await stage.pilot.press("/", "escape")
        assert (offered(stage), stage.composer.text, stage.screen.busy) == ([], "/", True)
        await stage.pilot.press("h")
        assert offered(stage) == [], "the slash was said to be none"
        await stage.pilot.press("escape")
        await stage.ready()
        assert stage.last.status.value == "stopped"


@pytest.mark.usefixtures("folder")
async def test_a_template_takes_the_place_of_the_command_and_esc_leaves_that(opened: Opener) -> None:
    async with opened() as stage:
        await stage.pilot.press(*"/rev")
        assert offered(stage) == ["/template review", "/edit_template review"]
        await stage.until(lambda: "Review {{it}}." in text_on_top(stage))
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, FieldsForm))
        await stage.pilot.press("x", "escape")
        await stage.until(lambda: isinstance(stage.app.screen, ChatScreen))
        assert (stage.composer.text, offered(stage)) == ("/rev", [])
        await stage.pilot.press("ctrl+u", *"/review", "enter")
        await stage.until(lambda: isinstance(stage.app.screen, FieldsForm))
        await stage.pilot.press("m", "e", "enter")
        await stage.until(lambda: stage.composer.text == "Review me.")
        assert stage.messages == ()


@pytest.mark.usefixtures("folder")
async def test_a_persona_is_chosen_and_left(opened: Opener, server: DemoServer) -> None:
    async with opened() as stage:
        await stage.pilot.press(*"/poet", "enter")
        await stage.until(lambda: stage.screen.session.parts.settings.now.provider.persona == "poet")
        await stage.ask("hello")
        assert "You are a poet." in str(server.log.replies[-1].body["system"])
        await stage.pilot.press(*"/persona", "space", "n", "enter")
        await stage.until(lambda: stage.screen.session.parts.settings.now.provider.persona == "")


async def test_a_text_that_is_no_command_is_asked_about_once(asking: Opener) -> None:
    async with asking() as stage:
        await stage.pilot.press(*"/etc/hosts", "space", *"is", "space", *"odd", "enter")
        await stage.until(lambda: isinstance(stage.app.screen, Question))
        assert "Send “/etc/hosts is odd” as a prompt?" in text_on_top(stage)
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, ChatScreen))
        assert (stage.composer.text, stage.messages) == ("/etc/hosts is odd", ())
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, Question))
        await stage.pilot.press("left", "enter")
        await stage.ready()
        assert (stage.messages[0].text, stage.composer.text) == ("/etc/hosts is odd", "")


async def test_it_is_asked_about_before_a_model_on_this_machine_reads_it(opened: Opener, server: DemoServer) -> None:
    async with opened(provider__name="openai", provider__base_url=f"{server.url}/v1", provider__model="llama") as stage:
        await stage.pilot.press(*"/etc/hosts", "enter")
        await stage.until(lambda: isinstance(stage.app.screen, Question))
        assert "Send “/etc/hosts” as a prompt?" in text_on_top(stage)


async def test_what_is_pasted_or_given_back_is_text(asking: Opener) -> None:
    async with asking() as stage:
        stage.composer.post_message(events.Paste("/quit"))
        await stage.until(lambda: stage.composer.text == "/quit")
        assert offered(stage) == []
        await stage.pilot.press("enter")
        await stage.ready()
        assert stage.messages[0].text == "/quit"
        await stage.pilot.press("up")
        await stage.until(lambda: stage.composer.text == "/quit")
        assert offered(stage) == []
        await stage.pilot.press("enter")
        await stage.until(lambda: len(stage.messages) == 4)
        await stage.ready()


async def test_a_draft_that_comes_back_opens_no_list_and_is_asked_about(asking: Opener) -> None:
    async with asking() as stage:
        await stage.pilot.press(*"/qui")
    async with asking() as stage:
        await stage.until(lambda: stage.composer.text == "/qui")
        assert offered(stage) == []
        await stage.pilot.press("t")
        assert offered(stage) == []
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, Question))
        assert "/quit" in text_on_top(stage)


async def test_a_slash_before_or_behind_other_text_opens_no_list(opened: Opener) -> None:
    async with opened() as stage:
        await stage.pilot.press("a", "/")
        assert offered(stage) == []
        await stage.pilot.press("left", "left", "/")
        assert (stage.composer.text, offered(stage)) == ("/a/", [])
        await stage.pilot.press("ctrl+u", "delete", "delete", "/")
        assert stage.composer.text == "/"
        await stage.pilot.press("ctrl+j")
        assert offered(stage) == []
        await stage.pilot.press("backspace")
        assert offered(stage) != []


async def test_the_orders_of_the_demo_server_are_prompts(opened: Opener) -> None:
    async with opened() as stage:
        await stage.pilot.press(*"/tokens", "space", "5", "ctrl+j", *"hello", "enter")
        await stage.ready()
        assert stage.messages[0].text == "/tokens 5\nhello"


async def test_an_undone_slash_offers_nothing(opened: Opener) -> None:
    async with opened() as stage:
        await stage.pilot.press("/")
        await stage.pilot.press("ctrl+z")
        assert (stage.composer.text, offered(stage)) == ("", [])
        await stage.pilot.press("ctrl+y")
        assert (stage.composer.text, offered(stage)) == ("/", [])


async def test_with_vims_keys_esc_closes_the_list_before_it_leaves_insert_mode(opened: Opener) -> None:
    async with opened(ui__vim=True) as stage:
        await stage.pilot.press("/", "h", "escape")
        assert (offered(stage), stage.composer.vim_mode) == ([], "insert")
        await stage.pilot.press("escape")
        assert stage.composer.vim_mode == "normal"


async def test_on_a_small_screen_the_list_leaves_room(opened: Opener) -> None:
    async with opened(size=(30, 10)) as stage:
        await stage.pilot.press("/")
        await stage.until(lambda: stage.composer.offers.size.height == 3)
        await stage.pilot.press("up")
        assert "/new_persona" in text_on_top(stage)
