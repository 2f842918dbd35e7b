"""The places of messages on the screen when others come in theirs, or the terminal has another size."""

from __future__ import annotations

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.held_replies import Held

TALL = (120, 100)
"""A size in which three short replies are in sight as a whole, and two leave room."""


def at_end(stage: Stage) -> bool:
    """True if the last line of the last message is the last one in sight."""
    last = stage.list.widgets[-1].region
    return bool(last.bottom + 1 == stage.list.region.bottom)


async def test_a_longer_branch_is_in_sight_as_a_whole_after_another_conversation(opened: Opener) -> None:
    async with opened(size=TALL) as stage:
        await stage.ask("hi")
        await stage.pilot.press("ctrl+n")
        for prompt in ("one", "two", "three"):
            await stage.ask(prompt)
        await stage.pilot.press("tab", "up", "up", "up", "e")
        await stage.until(lambda: stage.composer.text == "two")
        await stage.pilot.press("enter")
        await stage.until(lambda: len(stage.messages) == 4)
        await stage.ready()
        await stage.until(lambda: at_end(stage))
        await stage.pilot.press("tab", "up", "left")
        await stage.until(lambda: len(stage.messages) == 6)
        await stage.until(lambda: at_end(stage) and "three" in stage.shown)
        await stage.pilot.press("right")
        await stage.until(lambda: len(stage.messages) == 4)
        await stage.until(lambda: at_end(stage))


async def test_the_end_stays_in_sight_in_another_height(opened: Opener) -> None:
    async with opened(size=(80, 24)) as stage:
        await stage.ask("/tokens 600\nSomething long")
        for height in (24, 12, 40):
            await stage.pilot.resize_terminal(80, height)
            await stage.until(lambda height: stage.app.size.height == height and at_end(stage), height)
            assert stage.list.following, height


async def test_new_text_is_told_of_no_longer_when_a_higher_terminal_shows_it(opened: Opener, held: Held) -> None:
    held.tokens = 400
    async with opened(size=(80, 24)) as stage:
        await stage.send("/tokens 600\nSomething long")
        await stage.until(lambda: stage.list.max_scroll_y > 2 and not stage.list.laying_out)
        await stage.pilot.press("pageup")
        await stage.until(lambda: not stage.list.following)
        held.go_on(500)
        await stage.until(lambda: "↓ new text" in stage.shown)
        stage.screen.action_stop()
        await stage.pilot.resize_terminal(80, 200)
        await stage.ready()
        await stage.until(lambda: "↓ new text" not in stage.shown and at_end(stage))


async def test_whoever_follows_still_does_where_what_was_in_sight_as_a_whole_is_no_longer(
    opened: Opener, held: Held
) -> None:
    held.tokens = 300
    async with opened(size=(80, 93)) as stage:
        await stage.send("/tokens 600\nSomething long")
        await stage.streaming(800)
        await stage.pilot.resize_terminal(107, 12)
        await stage.until(lambda: stage.list.size.height < 12)
        held.go_on()
        await stage.ready()
        await stage.until(lambda: at_end(stage))
        assert stage.list.following
        assert "↓ new text" not in stage.shown


async def test_a_key_for_further_down_at_the_end_goes_on_following(opened: Opener, held: Held) -> None:
    held.tokens = 300
    async with opened() as stage:
        await stage.send("/tokens 500\nSomething long")
        await stage.until(lambda: stage.list.max_scroll_y > 2)
        await stage.pilot.press("pagedown")
        held.go_on()
        await stage.ready()
        await stage.until(lambda: at_end(stage))
        assert stage.list.following


async def test_nothing_is_wrapped_anew_when_a_reply_outgrows_the_screen(opened: Opener) -> None:
    async with opened() as stage:
        await stage.send("/fault stall@30xall\nHello")
        await stage.streaming(40)
        await stage.pilot.press("escape")
        await stage.ready()
        assert stage.list.max_scroll_y == 0
        before = stage.reply.size.width
        await stage.ask("/tokens 300\nSomething long")
        await stage.until(lambda: stage.list.virtual_size.height > stage.list.size.height)
        assert stage.reply.size.width == before
