"""Keys are answered while a text that takes long is laid out, and what is shown in the end is all of it."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.ui.conftest import Opener
from tui_chat.chat.events import TextDelta
from tui_chat.chat.message import Conversation, Message, Role
from tui_chat.chat.parts import TextPart

ITEMS = 6_000
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


async def test_a_key_is_answered_before_a_long_list_is_laid_out(opened: Opener) -> None:
    reply = Message(role=Role.ASSISTANT, parts=(TextPart("Look:"),), created_at=NOON)
    async with opened(conversation=Conversation().with_message(reply)) as stage:
        stage.reply.feed([TextDelta(0, "\n\n" + "".join(f"- item {number}\n" for number in range(ITEMS)))])
        assert stage.list.laying_out
        stage.dash_off("x")
        answered_meanwhile: list[bool] = []

        def answered() -> bool:
            if stage.composer.text == "x":
                answered_meanwhile.append(stage.list.laying_out)
            return bool(answered_meanwhile)

        await stage.until(answered)
        assert answered_meanwhile == [True]
        await stage.until(lambda: not stage.list.laying_out)
        assert f"item {ITEMS - 1}" in stage.shown
