"""Leaving lets go: of the widgets of a conversation that is not shown any more, and of all their lines."""

from __future__ import annotations

import gc
from weakref import ref

import pytest
from textual.strip import Strip

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.test_long_conversations import long_conversation
from tui_chat.chat.message import Conversation, Message, Role
from tui_chat.chat.parts import TextPart
from tui_chat.ui.messages.message_widget import MessageWidget

LINES_ON_A_SCREEN = 24
ONE_CONVERSATION = 2
"""The messages of one: Textual may hold on to some that it saw last, but not to more with each that is left."""


@pytest.fixture(autouse=True)
def frames() -> None:
    """Each is drawn: what that leaves behind is what this is about."""


async def left(stage: Stage) -> list[ref[MessageWidget]]:
    """Show a new conversation with a reply that has just come, and tell of the widgets that showed it."""
    await stage.screen.session.open(Conversation())
    await stage.ask("/tokens 5\nHello")
    return [ref(widget) for widget in stage.list.widgets]


async def test_the_messages_of_conversations_that_were_left_are_let_go(opened: Opener) -> None:
    async with opened() as stage:
        before = [widget for _ in range(6) for widget in await left(stage)]
        prompt = Message(Role.USER, (TextPart("Another"),))
        await stage.screen.session.open(Conversation(messages=(prompt,)))
        await stage.pilot.pause()

        def let_go() -> bool:
            gc.collect()
            return sum(widget() is not None for widget in before) <= ONE_CONVERSATION

        await stage.until(let_go)
        assert len(before) == 6 * ONE_CONVERSATION


@pytest.mark.usefixtures("few_are_laid_out")
async def test_the_lines_of_messages_that_were_scrolled_away_are_let_go(opened: Opener) -> None:
    async with opened(conversation=long_conversation()) as stage:

        async def go_to_and_fro() -> int:
            for _ in range(2):
                await stage.pilot.press("ctrl+home")
                await stage.until(lambda: "This is message 0." in stage.shown)
                await stage.pilot.press("ctrl+end")
                await stage.until(lambda: stage.list.following)
            gc.collect()
            return sum(isinstance(found, Strip) for found in gc.get_objects())

        await go_to_and_fro()
        before = await go_to_and_fro()
        assert await go_to_and_fro() < before + LINES_ON_A_SCREEN * 4
