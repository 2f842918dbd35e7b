"""Personas and templates in the app: chosen, filled, written and edited."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.pages import look_for, notices, run_found, text_on_top
from tui_chat.demo import DemoServer
from tui_chat.program import editor
from tui_chat.ui.composer.fields_form import FieldsForm
from tui_chat.ui.composer.name_dialog import NameDialog

REVIEW = "Review this {{language}} code {{tone:kindly|harshly}} for {{reader=me}}:\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of the settings, with a template and a persona."""
    for kind, name, text in (
        ("templates", "review", REVIEW),
        ("templates", "plain", "Say hello.\n"),
        ("templates", "bad", "One\n{{#if}}\n"),
        ("personas", "poet", "---\nmodel: demo-poet\nmodell: x\n---\nYou are a poet.\n"),
    ):
        (tmp_path / kind).mkdir(exist_ok=True)
        (tmp_path / kind / f"{name}.md").write_text(text)
    return tmp_path


async def use(stage: Stage, template: str) -> None:
    """Begin to use a template."""
    await stage.screen.named_prompts.use_template(template)
    await stage.pilot.pause()


@pytest.mark.usefixtures("folder")
async def test_fields_are_asked_for_one_after_the_other_and_the_prompt_goes_to_the_composer(opened: Opener) -> None:
    async with opened() as stage:
        await stage.type("Below is more.")
        await use(stage, "review")
        assert "language  1 of 3" in text_on_top(stage)
        await stage.pilot.press("C", "enter", "down", "enter")
        assert "reader  3 of 3" in text_on_top(stage)
        await stage.pilot.press("!", "enter")
        assert stage.composer.text == "Review this C code harshly for me!:\nBelow is more."
        assert stage.composer.has_focus
        assert stage.messages == ()


@pytest.mark.usefixtures("folder")
async def test_one_can_go_back_and_esc_leaves_the_composer_as_it_was(opened: Opener) -> None:
    async with opened() as stage:
        await stage.type("Mine")
        await use(stage, "review")
        await stage.pilot.press("C", "enter", "shift+tab", "+", "+", "tab", "enter", "enter")
        assert stage.composer.text == "Review this C++ code kindly for me:\nMine"
        await stage.pilot.press("ctrl+z")
        assert stage.composer.text == "Mine"
        await use(stage, "review")
        await stage.pilot.press("C", "enter", "escape")
        await stage.until(lambda: not isinstance(stage.app.screen, FieldsForm))
        assert (stage.composer.text, stage.messages) == ("Mine", ())


@pytest.mark.usefixtures("folder")
async def test_a_field_without_a_default_needs_a_value_which_may_have_lines(opened: Opener) -> None:
    async with opened(notices=True) as stage:
        await use(stage, "review")
        await stage.pilot.press("enter")
        await stage.until(lambda: "needs a value" in stage.shown)
        await stage.pilot.press("a", "ctrl+j", "b", "enter", "enter", "enter")
        assert stage.composer.text == "Review this a\nb code kindly for me:"


@pytest.mark.usefixtures("folder")
async def test_a_template_without_fields_goes_to_the_composer_and_a_bad_one_is_named(opened: Opener) -> None:
    async with opened(notices=True) as stage:
        await use(stage, "plain")
        assert stage.composer.text == "Say hello."
        await use(stage, "bad")
        assert 'templates/bad.md line 2: "#if" is no field' in notices(stage)
        await use(stage, "gone")
        assert "There is no template gone" in notices(stage)
        assert stage.composer.text == "Say hello."


async def test_what_a_template_holds_does_not_act_on_the_terminal(opened: Opener, folder: Path) -> None:
    (folder / "templates" / "odd.md").write_text("{{a=\x1b[31mred\u202e}} {{b:x\x1b]0;y\x07|[b]z}}")
    async with opened() as stage:
        await use(stage, "odd")
        assert "\x1b" not in text_on_top(stage)
        await stage.pilot.press("enter")
        assert "\x1b" not in text_on_top(stage)
        await stage.pilot.press("down", "enter")
        assert "[b]z" in stage.composer.text
        assert "\x1b" not in stage.composer.text


@pytest.mark.usefixtures("folder")
async def test_the_palette_offers_them(opened: Opener, server: DemoServer) -> None:
    async with opened(notices=True) as stage:
        await look_for(stage, "persona:poet", "persona: poet")
        await stage.until(lambda: "You are a poet." in text_on_top(stage))
        await run_found(stage)
        await stage.until(lambda: stage.screen.session.parts.settings.now.provider.persona == "poet")
        await stage.until(lambda: 'personas/poet.md line 3: "modell" is unknown' in notices(stage))
        await stage.ask("hello")
        body = server.log.replies[-1].body
        assert body["model"] == "demo-poet"
        assert "You are a poet." in str(body["system"])
        await stage.screen.named_prompts.choose_persona("")
        assert (
            stage.screen.session.parts.settings.now.provider.persona,
            stage.screen.session.parts.settings.now.provider.model,
        ) == ("", "")


async def test_they_are_written_and_edited_in_the_editor(
    opened: Opener, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = folder / "editor.py"
    script.write_text("import sys; open(sys.argv[-1], 'a').write('Be {{how}}.')")
    monkeypatch.setenv("VISUAL", f"{sys.executable} {script}")
    monkeypatch.setattr("tui_chat.ui.chat.named_prompts.edit_outside", lambda _app, path: editor.edit(path))
    async with opened(notices=True) as stage:
        prompts = stage.screen.named_prompts
        commands = {f"{command.what} {command.name}".strip(): command for command in prompts.commands({})}
        commands["new persona"].run()
        await stage.until(lambda: isinstance(stage.app.screen, NameDialog))
        stage.app.screen.query_one(Input).value = "../x"
        await stage.pilot.press("enter")
        assert "cannot be the name of a persona" in text_on_top(stage)
        stage.app.screen.query_one(Input).value = "brief"
        await stage.pilot.press("enter")
        await stage.until((folder / "personas" / "brief.md").exists)
        await stage.until(lambda: not isinstance(stage.app.screen, NameDialog))
        assert (folder / "personas" / "brief.md").read_text().endswith("---\nBe {{how}}.")
        assert (folder / "personas" / "brief.md").stat().st_mode & 0o077 == 0
        commands["edit template plain"].run()
        assert (folder / "templates" / "plain.md").read_text() == "Say hello.\nBe {{how}}."
        monkeypatch.setenv("VISUAL", "true")
        commands["new template"].run()
        await stage.until(lambda: isinstance(stage.app.screen, NameDialog))
        stage.app.screen.query_one(Input).value = "nothing"
        await stage.pilot.press("enter")
        await stage.until(lambda: "Nothing was written, so there is no template nothing." in notices(stage))
        assert not (folder / "templates" / "nothing.md").exists()
