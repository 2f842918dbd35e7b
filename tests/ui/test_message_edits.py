"""Replies that are written anew; messages that are deleted and brought back."""

from __future__ import annotations

import asyncio
import threading

import pytest

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.pages import keys_on_top, notices, run_command
from tests.waiting import PATIENCE_S
from tui_chat.chat.message import Conversation
from tui_chat.storage import Store
from tui_chat.text import clean


async def choose(stage: Stage, place: int) -> None:
    """Choose the message at a place among all."""
    stage.list.focus()
    await stage.pilot.pause()
    stage.list.chosen = stage.messages[place].id


async def test_a_reply_is_written_anew_beside_the_one_it_was_and_nothing_is_sent(opened: Opener) -> None:
    async with opened() as stage:
        reply = await stage.ask("/tokens 5\none")
        await stage.ask("/tokens 5\ntwo")
        sent = len(stage.server.log.replies)
        await choose(stage, 1)
        await stage.pilot.press("E")
        await stage.until(lambda: stage.composer.prompt == clean(reply.text))
        assert "Rewriting a reply" in stage.shown
        await stage.until(lambda: "⏎ Save" in keys_on_top(stage) and "Send" not in keys_on_top(stage))
        await stage.type("What I would have said")
        await stage.pilot.press("enter")
        await stage.until(lambda: len(stage.messages) == 2 and stage.last.text == "What I would have said")
        assert stage.last.metadata.edited
        assert not stage.last.thinking
        assert "edited" in stage.shown
        await stage.until(lambda: "2/2" in stage.shown)
        assert len(stage.server.log.replies) == sent
        assert not stage.composer.text
        await stage.until(lambda: "⏎ Send" in keys_on_top(stage))
        await choose(stage, 1)
        await stage.pilot.press("left")
        await stage.until(lambda: len(stage.messages) == 4)
        assert stage.messages[1].text == reply.text


async def test_what_was_rewritten_is_what_is_sent(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 5\none")
        await choose(stage, 1)
        await stage.pilot.press("E")
        await stage.until(lambda: bool(stage.composer.text))
        await stage.type("My own words")
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.last.text == "My own words")
        await stage.ask("/tokens 5\ntwo")
        assert "My own words" in str(stage.server.log.replies[-1].body)


async def test_escape_leaves_a_reply_as_it_was(opened: Opener) -> None:
    async with opened() as stage:
        reply = await stage.ask("/tokens 5\none")
        await stage.type("half a prompt")
        await choose(stage, 1)
        await stage.pilot.press("E")
        await stage.until(lambda: "Rewriting a reply" in stage.shown)
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.composer.text == "half a prompt")
        assert stage.last == reply


async def test_text_of_a_reply_never_becomes_a_prompt_when_its_branch_is_left(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 5\none")
        await choose(stage, 1)
        await stage.pilot.press("r")
        await stage.until(lambda: len(stage.messages) == 2 and stage.screen.session.live is None)
        await stage.ready()
        await choose(stage, 1)
        await stage.pilot.press("E")
        await stage.until(lambda: "Rewriting a reply" in stage.shown)
        await stage.screen.session.turn_branch(stage.last.id, -1)
        before = stage.messages
        await stage.pilot.press("enter")
        await stage.pilot.pause()
        assert stage.messages == before
        assert stage.composer.text


async def test_any_message_is_deleted_and_brought_back(opened: Opener) -> None:
    async with opened(notices=True) as stage:
        await stage.ask("/tokens 5\none")
        await stage.ask("/tokens 5\ntwo")
        before = stage.messages
        for gone in before:
            stage.list.focus()
            await stage.pilot.pause()
            stage.list.chosen = gone.id
            await stage.pilot.press("d")
            await stage.until(lambda: len(stage.messages) == 3)
            assert gone not in stage.messages
            await stage.until(lambda: "Deleted the message." in stage.shown)
            await choose(stage, 0)
            await stage.pilot.press("u")
            await stage.until(lambda id: stage.messages == before and stage.list.chosen == id, gone.id)
            assert "Deleted the message." not in notices(stage)


async def test_the_only_messages_are_deleted_and_the_palette_brings_them_back(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 5\none")
        before = stage.messages
        for left in (1, 0):
            await choose(stage, 0)
            await stage.pilot.press("delete")
            await stage.until(lambda count: len(stage.messages) == count, left)
        for count in (1, 2):
            await run_command(stage, "bring back", "bring back the message")
            await stage.until(lambda count: len(stage.messages) == count, count)
        assert stage.messages == before


async def test_a_deletion_on_a_slow_disk_leads_nobody_back_who_has_gone_on(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, may_go_on = Store.conversation, threading.Event()

    def slowly(store: Store, conversation_id: str) -> Conversation | None:
        may_go_on.wait(PATIENCE_S)
        return read(store, conversation_id)

    async with opened() as stage:
        await stage.ask("/tokens 5\none")
        await choose(stage, 0)
        monkeypatch.setattr(Store, "conversation", slowly)
        await stage.pilot.press("d")
        await stage.until(lambda: bool(stage.screen.edits.deleted))
        await stage.pilot.press("ctrl+n")
        await stage.until(lambda: not stage.messages)
        may_go_on.set()
        await stage.until(lambda: not any(worker.group == "deleting messages" for worker in stage.app.workers))
        assert not stage.messages


async def test_after_a_prompt_is_deleted_the_next_one_is_answered(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 5\none")
        await stage.ask("/tokens 5\ntwo")
        await choose(stage, 2)
        await stage.pilot.press("d")
        await stage.until(lambda: len(stage.messages) == 3)
        await choose(stage, 2)
        await stage.pilot.press("r")  # its prompt is gone: nothing can be asked
        await stage.pilot.pause()
        assert len(stage.messages) == 3
        reply = await stage.ask("/tokens 5\nthree")
        assert reply.text


async def test_nothing_is_deleted_while_a_reply_is_coming(opened: Opener) -> None:
    async with opened(notices=True) as stage:
        await stage.ask("/tokens 5\none")
        await stage.send("/fault stall@20xall\ntwo")
        await stage.streaming()
        await choose(stage, 0)
        await stage.pilot.press("d")
        await stage.until(lambda: "Nothing was deleted" in stage.shown)
        assert len(stage.messages) == 4
        await stage.pilot.press("E")
        await stage.pilot.press("escape")


async def test_an_edit_of_a_reply_that_was_cut_off_comes_back_as_a_draft(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 5\none")
        await choose(stage, 1)
        await stage.pilot.press("E")
        await stage.until(lambda: bool(stage.composer.text))
        await stage.type("Half of another reply")
        stage.screen.desk.drafts.save()
        conversation = stage.screen.session.conversation.id
        await stage.until(lambda: stage.program.store.flush(5))
        found = await asyncio.to_thread(stage.program.store.draft, conversation)
        assert "Half of another reply" in found
