"""Marking models in the picker: the same one with other settings, and several that are asked beside those there."""

from __future__ import annotations

from pathlib import Path

from tests.ui.app_driver import Stage
from tests.ui.comparisons import WIDE, columns, coming, compare, comparison, over
from tests.ui.conftest import Opener
from tests.ui.held_replies import Held
from tui_chat.ui.chat.marked_models import MarkedModels
from tui_chat.ui.chat.model_picker import ModelFor
from tui_chat.ui.composer.fields_form import FieldsForm


async def picker(stage: Stage, key: str) -> MarkedModels:
    """Open a list of models by a key."""
    await stage.pilot.press(key)
    await stage.until(lambda: isinstance(stage.app.screen, MarkedModels) and bool(stage.app.screen.rows.found.items))
    screen = stage.app.screen
    assert isinstance(screen, MarkedModels)
    return screen


async def vary(stage: Stage, screen: MarkedModels, *keys: str) -> None:
    """Mark the chosen model with what these keys choose in the form."""
    await stage.pilot.press("ctrl+o")
    await stage.until(lambda: isinstance(stage.app.screen, FieldsForm))
    await stage.pilot.press(*keys)
    await stage.until(lambda: stage.app.screen is screen)


async def test_the_same_model_is_compared_with_a_persona_and_a_temperature(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas" / "terse.md").write_text("Be terse.")
    async with opened(size=WIDE) as stage:
        screen = await picker(stage, "ctrl+l")
        await stage.pilot.press("tab", "up")
        await vary(stage, screen, "down", "down", "enter", "enter", "down", "enter")
        await stage.until(lambda: "● demo · terse · temperature 0" in stage.shown and "Compare 2" in stage.shown)
        await stage.pilot.press("enter")
        await stage.until(lambda: "Compare: demo, demo · terse · temperature 0" in stage.shown)
        await stage.send("/tokens 5\nHello")
        await over(stage, 2)
        contender = comparison(stage).branches[1].contender
        parts = stage.screen.session.comparing.parts_of(stage.screen.session.conversation.id, contender)
        asked = parts.settings.now.provider
        assert (asked.model, asked.persona, asked.temperature) == ("demo", "terse", 0.0)


async def test_the_same_model_can_be_marked_twice_as_it_is(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        screen = await picker(stage, "ctrl+l")
        await stage.pilot.press("tab", "up")
        await vary(stage, screen, "enter", "enter", "enter")
        await stage.until(lambda: "● demo (2)" in stage.shown)
        await stage.pilot.press("enter")
        await stage.until(lambda: "Compare: demo, demo (2)" in stage.shown)


async def test_nothing_is_marked_where_the_form_is_left(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        screen = await picker(stage, "ctrl+l")
        await vary(stage, screen, "enter", "escape")
        assert not screen.marked


async def test_several_models_are_added_at_once_while_replies_come(opened: Opener, held: Held) -> None:
    async with opened(size=WIDE) as stage:
        held.go_on(3)
        await compare(stage, "demo,demo-fast")
        await stage.send("/tokens 30\nHello")
        await stage.until(lambda: coming(stage) == 2)
        await stage.pilot.press("tab")
        screen = await picker(stage, "a")
        await stage.pilot.press("tab", "tab")
        await stage.until(lambda: len(screen.marked) == 2 and "Ask 2 more" in stage.shown)
        await stage.pilot.press("enter")
        await stage.until(lambda: len(columns(stage)) == 4 and coming(stage) == 4)
        branches = comparison(stage).branches
        assert [branch.contender.name for branch in branches[2:]] == ["demo (2)", "demo-thinking"]
        assert len({branch.reply.parent_id for branch in branches}) == 1
        held.go_on()
        await over(stage, 4)


async def test_one_model_alone_is_chosen_where_one_is_wanted(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await compare(stage, "demo,demo-fast")
        await stage.send("/tokens 5\nHello")
        await over(stage, 2)
        await stage.pilot.press("tab", "J")
        await stage.until(lambda: "Which answer is better?" in stage.shown)
        await stage.pilot.press("ctrl+l")
        await stage.until(lambda: isinstance(stage.app.screen, ModelFor) and "demo-thinking" in stage.shown)
        assert not {"Compare", "Hide names", "Default too"} & set(stage.shown.split("  "))
