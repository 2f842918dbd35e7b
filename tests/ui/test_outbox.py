"""A prompt that was sent has a place from then on: among the messages, in the queue, or in the composer."""

from __future__ import annotations

import pytest
from textual import events

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.held_replies import Held
from tui_chat.chat.message import StreamingStatus
from tui_chat.chat.prompt import Prompt


async def begin_edit(stage: Stage) -> None:
    """Write the first prompt anew."""
    await stage.pilot.press("tab", *["k"] * len(stage.messages), "e")
    await stage.until(lambda: "Editing" in stage.shown and stage.composer.has_focus)


def prompts(stage: Stage) -> list[str]:
    """Return the prompts of the branch that is looked at."""
    return [message.text for message in stage.messages if message.role.value == "user"]


async def test_an_edit_that_is_sent_while_a_reply_comes_waits_and_then_takes_its_place(
    opened: Opener, held: Held
) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 3\nOne")
        held.tokens = 0
        await stage.send("Two")
        await stage.screen.session.submit(Prompt("/tokens 3\nEdited", in_place_of=stage.messages[0].id))
        assert [prompt.text for prompt in stage.screen.session.queued(stage.screen.session.conversation.id)] == [
            "/tokens 3\nEdited"
        ]
        held.go_on()
        await stage.until(lambda: prompts(stage) == ["/tokens 3\nEdited"])
        await stage.ready()
        await stage.until(lambda: "queued" not in stage.shown and "2/2" in stage.shown)


@pytest.mark.parametrize("key", ["f5", "f8"])
async def test_an_edit_that_is_sent_after_another_reply_was_begun_is_not_lost(opened: Opener, key: str) -> None:
    async with opened() as stage:
        await stage.send("/fault stall@5xall\nOne")
        await stage.streaming()
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.last.status is StreamingStatus.STOPPED)
        await begin_edit(stage)
        await stage.pilot.press(key)
        await stage.until(lambda: stage.last.status.live)
        await stage.send("/tokens 3\nEdited")
        assert "queued  /tokens 3 Edited" in stage.shown
        await stage.pilot.press("escape")
        await stage.until(lambda: "held    /tokens 3 Edited" in stage.shown)
        await stage.pilot.press("enter")
        await stage.until(lambda: prompts(stage) == ["/tokens 3\nEdited"])
        await stage.ready()


async def test_an_edit_that_waits_is_still_one_when_it_is_taken_back_and_after_a_restart(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 3\nOne")
        await stage.send("/fault stall@1xall\nTwo")
        await begin_edit(stage)
        await stage.send("Edited")
        await stage.pilot.press("up")
        assert (stage.composer.prompt, "Editing" in stage.shown) == ("Edited", True)
        await stage.pilot.press("enter")
        await stage.until(lambda: "queued  Edited" in stage.shown)
    async with opened(resume=True) as stage:
        await stage.until(lambda: "held    Edited" in stage.shown)
        await stage.pilot.press("enter")
        await stage.until(lambda: prompts(stage) == ["Edited"])
        await stage.ready()


async def test_a_discarded_edit_is_an_edit_again(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 3\nOne")
        await begin_edit(stage)
        await stage.send("/fault stall@1xall\nEdited")
        await stage.until(lambda: stage.word in ("Waiting", "Streaming") or stage.word.startswith("Waiting"))
        await stage.pilot.press("ctrl+c")
        await stage.until(lambda: "Editing" in stage.shown)
        await stage.until(lambda: "Edited" in stage.program.store.draft(stage.screen.session.conversation.id))
        assert prompts(stage) == ["/tokens 3\nOne"]
        await stage.send("/tokens 3\nEdited")
        await stage.until(lambda: prompts(stage) == ["/tokens 3\nEdited"])
        await stage.ready()


async def test_a_discarded_prompt_does_not_mix_with_one_that_is_being_written_anew(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 3\nOne")
        await stage.send("/fault stall@1xall\nTwo")
        await begin_edit(stage)
        await stage.pilot.press("ctrl+c")
        await stage.until(lambda: "held    /fault stall@1xall Two" in stage.shown)
        assert (stage.composer.prompt, "Editing" in stage.shown) == ("/tokens 3\nOne", True)


async def test_a_prompt_is_on_disk_before_the_screen_shows_that_it_was_taken(opened: Opener) -> None:
    async with opened() as stage:
        stage.composer.text = "Hello"
        stage.composer.action_send()
        await stage.until(lambda: stage.composer.text == "" and bool(stage.messages))
        stored = stage.program.store.conversation(stage.screen.session.conversation.id)
        assert stored is not None
        assert stored.messages[0].text == "Hello"
        await stage.ready()


async def test_what_is_typed_right_after_up_and_down_is_typed_where_these_lead(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 3\nOne")
        for key in ("up", "up", "down", "down"):
            stage.app.post_message(events.Key(key, None))
        stage.dash_off("Two")
        stage.app.post_message(events.Key("enter", "\r"))
        await stage.until(lambda: prompts(stage) == ["/tokens 3\nOne", "Two"])
        await stage.ready()


async def test_what_is_changed_in_an_earlier_prompt_stays_while_one_goes_back_and_forth(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 3 One")
        await stage.ask("/tokens 3 Two")
        await stage.type("a draft")
        await stage.pilot.press("up", "!", "up", "down")
        assert stage.composer.prompt == "/tokens 3 Two!"
        await stage.pilot.press("down")
        assert stage.composer.prompt == "a draft"
