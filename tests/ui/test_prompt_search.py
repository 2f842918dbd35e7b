"""Searching earlier prompts."""

from __future__ import annotations

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tui_chat.ui.composer.prompt_search import PromptFilter, PromptList, PromptSearchScreen


def asked(stage: Stage, *prompts: str) -> None:
    """Prompts of other conversations, the first one the oldest."""
    for prompt in prompts:
        stage.program.store.import_({"messages": [{"role": "user", "text": prompt}]})


async def searched(stage: Stage, text: str = "") -> PromptList:
    """Open the search, wait for it, and type."""
    await stage.pilot.press("ctrl+r")
    await stage.until(lambda: isinstance(stage.app.screen, PromptSearchScreen) and stage.app.screen.is_mounted)
    prompts = stage.app.screen.query_one(PromptList)
    await stage.pilot.press(*("space" if character == " " else character for character in text))
    return prompts


async def test_a_prompt_is_found_and_put_into_the_composer(opened: Opener) -> None:
    async with opened() as stage:
        asked(stage, "How do I brew tea?", "How do I bake bread?", "Why is the sky blue?")
        prompts = await searched(stage, "how do")
        await stage.until(lambda: prompts.found.query == "how do" and "sky" not in stage.shown)
        assert prompts.item == "How do I bake bread?"
        await stage.pilot.press("ctrl+r")
        assert prompts.item == "How do I brew tea?"
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.composer.text == "How do I brew tea?")
        assert stage.composer.has_focus
        assert stage.messages == ()


async def test_esc_leaves_the_composer_as_it_was(opened: Opener) -> None:
    async with opened() as stage:
        asked(stage, "How do I brew tea?")
        await stage.type("a draft")
        prompts = await searched(stage)
        await stage.until(lambda: prompts.item is not None)
        await stage.pilot.press("escape")
        assert stage.composer.text == "a draft"
        assert stage.composer.has_focus


async def test_what_is_read_as_one_character_is_passed_and_deleted_as_one(opened: Opener) -> None:
    async with opened() as stage:
        await searched(stage)
        field = stage.app.screen.query_one(PromptFilter)
        field.value = "a👨\u200d👩\u200d👧🇩🇪e\u0301"
        await stage.pilot.press("end", "backspace", "left", "left", "right", "x", "delete", "shift+left", "backspace")
        assert field.value == "a👨\u200d👩\u200d👧"
        await stage.pilot.press("left", "y")
        assert field.value == "ay👨\u200d👩\u200d👧"


async def test_where_one_types_a_line_the_keys_of_the_composer_work(opened: Opener) -> None:
    async with opened() as stage:
        await searched(stage, "one two three four five")
        field = stage.app.screen.query_one(PromptFilter)
        await stage.pilot.press(
            "alt+backspace", "ctrl+backspace", "alt+b", "alt+left", "ctrl+delete", "x", "alt+f", "y"
        )
        assert field.value == "one xthree y"
        await stage.pilot.press("alt+a", "z")
        assert field.value == "z"


async def test_what_is_written_already_is_kept(opened: Opener) -> None:
    async with opened() as stage:
        asked(stage, "How do I brew tea?")
        await stage.type("in the rain")
        prompts = await searched(stage)
        await stage.until(lambda: prompts.item is not None)
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.composer.text == "How do I brew tea?\nin the rain")


async def test_what_nobody_asked_is_said_so(opened: Opener) -> None:
    async with opened() as stage:
        await searched(stage)
        await stage.until(lambda: "No earlier prompts yet." in stage.shown)
        await stage.pilot.press("x", "enter")
        await stage.until(lambda: "No prompts match “x”." in stage.shown)


async def test_the_words_that_were_found_are_in_sight_and_cannot_steer_the_terminal(opened: Opener) -> None:
    async with opened() as stage:
        asked(stage, "\n".join(["word \x1b[31m"] * 400 + ["the Needle\x9b2J"] + ["more"] * 400))
        await searched(stage, "needle")
        await stage.until(lambda: "the Needle\ufffd2J more" in stage.shown)
        assert "\x1b" not in stage.shown
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.composer.text != "")
        assert "\x1b" not in stage.composer.prompt
