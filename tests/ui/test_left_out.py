"""Exchanges that are left out of what is sent, as one meets them on the screen."""

from __future__ import annotations

import pytest

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener


def marks(stage: Stage) -> list[bool]:
    """True for each message on the screen that says in its first line that it is left out."""
    return ["left out" in stage.text_of(widget).partition("\n")[0] for widget in stage.list.widgets]


@pytest.mark.parametrize("plain", [False, True])
async def test_a_key_leaves_an_exchange_out_and_takes_it_in_again(opened: Opener, *, plain: bool) -> None:
    async with opened(ui__ascii=plain) as stage:
        await stage.ask("/tokens 5\nOne")
        await stage.ask("/tokens 5\nTwo")
        await stage.pilot.press("tab", "up", "up", "x")
        await stage.until(lambda: marks(stage) == [True, True, False, False])
        assert "saves ~" in stage.text_of(stage.list.widgets[0])
        session = stage.screen.session
        sent = session.program.conversation_settings.sent(session.conversation.id, session.conversation.messages)
        assert sent == session.conversation.messages[2:]
        await stage.pilot.press("x")
        await stage.until(lambda: not any(marks(stage)))


async def test_what_is_left_of_an_exchange_stays_left_out(opened: Opener) -> None:
    async with opened() as stage:
        for prompt in ("One", "Two", "Three"):
            await stage.ask(f"/tokens 5\n{prompt}")
        await stage.pilot.press("tab", "up", "up", "x")
        await stage.until(lambda: marks(stage) == [False, False, True, True, False, False])
        for place in (2, 3):
            gone = stage.list.chosen = stage.messages[place].id
            await stage.pilot.press("d")
            await stage.until(lambda: marks(stage) == [False, False, True, False, False])
            await stage.pilot.press("u")
            await stage.until(lambda: marks(stage) == [False, False, True, True, False, False])
            await stage.until(lambda id: stage.list.chosen == id, gone)
        stage.list.chosen = stage.messages[3].id
        await stage.pilot.press("x")
        await stage.until(lambda: not any(marks(stage)))


async def test_what_the_oldest_messages_were_cut_at_can_be_deleted(opened: Opener) -> None:
    async with opened() as stage:
        for prompt in ("One", "Two", "Three"):
            await stage.ask(f"/tokens 5\n{prompt}")
        stage.screen.session.send_from(stage.messages[2].id)
        await stage.until(lambda: marks(stage) == [True, True, False, False, False, False])
        await stage.pilot.press("tab")
        stage.list.chosen = stage.messages[2].id
        await stage.pilot.press("d")
        await stage.until(lambda: marks(stage) == [True, True, False, False, False])
        await stage.pilot.press("u")
        await stage.until(lambda: marks(stage) == [True, True, False, False, False, False])
