"""A temporary conversation: nothing of it on the disk, and no way out of it without a word."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.ui.app_driver import Stage
from tests.ui.comparisons import WIDE
from tests.ui.conftest import Opener
from tests.ui.pages import notices
from tui_chat.chat.message import Message
from tui_chat.chat.prompt import Prompt
from tui_chat.program.contenders import contenders_named
from tui_chat.ui.chat.temporary import LeaveQuestion, TemporaryChat

SECRET = "the-word-that-is-nowhere"


def _messages(stage: Stage) -> tuple[Message, ...]:
    """Return the messages of the chat that is looked at."""
    return stage.app.chat.session.conversation.messages


async def _begun(stage: Stage) -> TemporaryChat:
    await stage.pilot.press("shift+f7")
    await stage.until(lambda: "temporary: nothing is kept" in stage.shown)
    chat = stage.app.chat
    assert isinstance(chat, TemporaryChat)
    chat.composer.text = f"{SECRET} a prompt"
    await stage.pilot.press("enter")
    await stage.until(lambda: len(_messages(stage)) == 2 and chat.session.live is None)
    return chat


def _on_disk(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]


async def test_nothing_of_it_is_on_the_disk(opened: Opener, tmp_path: Path) -> None:
    async with opened() as stage:
        chat = await _begun(stage)
        chat.composer.text = f"{SECRET} a draft"
        await stage.pilot.press("ctrl+q")
        await stage.until(lambda: isinstance(stage.app.screen, LeaveQuestion))
        assert _on_disk(tmp_path) == []
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.app.screen is chat)
        assert chat.composer.text == f"{SECRET} a draft"
    assert _on_disk(tmp_path) == []


async def test_it_is_left_without_a_trace(opened: Opener) -> None:
    async with opened() as stage:
        kept = await stage.ask("Kept")
        await _begun(stage)
        await stage.pilot.press("shift+f7")
        await stage.until(lambda: isinstance(stage.app.screen, LeaveQuestion))
        await stage.pilot.press("right", "enter")
        await stage.until(lambda: stage.app.screen is stage.screen)
        assert stage.last == kept
        store = stage.program.store
        assert [summary.title for summary in await asyncio.to_thread(store.conversations)] == ["Kept"]
        assert await asyncio.to_thread(store.search, SECRET, 9) == []
        assert await asyncio.to_thread(store.prompts, 9) == ["Kept"]


async def test_it_can_be_kept_after_all(opened: Opener) -> None:
    async with opened() as stage:
        await _begun(stage)
        await stage.pilot.press("ctrl+n")
        await stage.until(lambda: isinstance(stage.app.screen, LeaveQuestion))
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.app.screen is stage.screen and not stage.messages)
        (summary,) = await asyncio.to_thread(stage.program.store.conversations)
        conversation = await asyncio.to_thread(stage.program.store.conversation, summary.id)
        assert conversation is not None
        assert conversation.messages[0].text == f"{SECRET} a prompt"
        assert conversation.messages[1].text


async def test_one_that_was_not_used_is_left_without_a_question(opened: Opener) -> None:
    async with opened() as stage:
        await stage.pilot.press("shift+f7")
        await stage.until(lambda: isinstance(stage.app.screen, TemporaryChat))
        await stage.pilot.press("ctrl+o")
        await stage.until(lambda: "No conversations yet." in stage.shown)
        assert stage.app.chat is stage.screen


async def test_a_reply_that_is_coming_is_kept_as_far_as_it_came(opened: Opener) -> None:
    async with opened() as stage:
        await stage.pilot.press("shift+f7")
        await stage.until(lambda: isinstance(stage.app.screen, TemporaryChat))
        chat = stage.app.chat
        chat.composer.text = "/fault stall@30xall\nA story"
        await stage.pilot.press("enter")
        await stage.until(lambda: chat.session.live is not None and bool(chat.session.live.caught_up().text))
        await stage.pilot.press("shift+f7")
        await stage.until(lambda: isinstance(stage.app.screen, LeaveQuestion))
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.app.screen is stage.screen and len(stage.messages) == 2)
        assert stage.last.status.partial
        assert stage.last.text


async def test_what_it_costs_counts_for_the_day(opened: Opener) -> None:
    async with opened() as stage:
        chat = await _begun(stage)
        stage.program.settings.set("provider.budget_usd_per_day", 5.0)
        budget = await asyncio.to_thread(chat.session.send_checks.budget)
        assert budget is not None
        assert budget.replies == 1


async def test_a_reply_that_ends_in_the_other_chat_is_told_of(opened: Opener) -> None:
    async with opened(notices=True) as stage:
        await stage.pilot.press("shift+f7")
        await stage.until(lambda: "temporary: nothing is kept" in stage.shown)
        await stage.screen.session.submit(Prompt("/tokens 5\nOver there"))  # as a prompt that waited is sent
        await stage.until(lambda: any("Over there" in notice for notice in _notices(stage)))


def _notices(stage: Stage) -> list[str]:
    return [notice.message for notice in stage.app._notifications]


async def test_a_judge_is_asked_in_a_conversation_that_is_kept(opened: Opener) -> None:
    async with opened(size=WIDE, notices=True) as stage:
        await stage.screen.begin_temporary("/tokens 5\nHello", contenders_named("demo,demo-fast", stage.program))
        await stage.until(lambda: stage.shown.count("Complete") == 2)
        await stage.pilot.press("tab", "J")
        await stage.until(lambda: "A judge needs a conversation that is kept." in notices(stage))
