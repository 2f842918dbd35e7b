"""A judge: a model is asked which reply is better, without names and in any order, and says so in a conversation."""

from __future__ import annotations

import asyncio
import json
import re

from tests.ui.app_driver import Stage
from tests.ui.comparisons import WIDE, columns, compare, comparison, over
from tests.ui.conftest import Opener
from tests.ui.pages import notices
from tui_chat.chat.message import StreamingStatus


async def judged(stage: Stage, *keys: str) -> None:
    """Ask the judge, and wait for its reply."""
    await stage.pilot.press("tab", "J")
    await stage.until(lambda: "Which answer is better?" in stage.shown and "Asked: " in stage.shown)
    await stage.pilot.press(*keys, "enter")
    await stage.until(lambda: bool(stage.messages) and "Name one" in stage.messages[-2].text)
    await stage.ready()


async def test_a_model_is_asked_without_names_and_the_reply_says_whose_they_were(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await compare(stage, "demo-fast,demo-thinking")
        await stage.send("/tokens 30\nHello")
        await over(stage, 2)
        texts = [branch.reply.text.strip() for branch in comparison(stage).branches]
        there = stage.screen.session.conversation.id
        await judged(stage, *"Be_quick.")
        prompt, reply = stage.messages
        assert "Be_quick." in prompt.text
        assert all(text in prompt.text for text in texts)
        assert "demo-" not in prompt.text.replace("scripted demo-", "")
        assert "----- answer A -----" in prompt.text
        assert reply.status is StreamingStatus.COMPLETE
        assert stage.screen.session.conversation.title.startswith("Which answer is better? ")
        await stage.until(
            lambda: (
                re.search(r"Answer A: demo-(fast|thinking) · Answer B: demo-(fast|thinking)", stage.shown) is not None
            )
        )
        store, judging = stage.program.store, stage.screen.session.conversation.id
        exported = await asyncio.to_thread(store.export, judging)
        names = exported["settings"]
        assert isinstance(names, dict)
        assert sorted((names["answer.A"], names["answer.B"])) == ["demo-fast", "demo-thinking"]
        copy = await asyncio.to_thread(store.import_, json.loads(json.dumps(exported)))
        assert copy.title == stage.screen.session.conversation.title
        await stage.pilot.press("f6")
        await stage.until(lambda: stage.screen.session.conversation.id == there and len(columns(stage)) == 2)
        await stage.pilot.press("tab", "J")
        await stage.until(lambda: "Be_quick." in stage.shown)


async def test_the_judge_reads_what_was_said_before_and_may_be_another_model(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await stage.ask("/tokens 5\nBefore")
        await compare(stage, "demo,demo-fast")
        await stage.send("/tokens 30\nHello")
        await over(stage, 2)
        await stage.pilot.press("tab", "J")
        await stage.until(lambda: "Asked: " in stage.shown)
        await stage.pilot.press("ctrl+l")
        await stage.until(lambda: "The model that judges" in stage.shown and "demo-thinking" in stage.shown)
        await stage.pilot.press(*"thinking", "enter")
        await stage.until(lambda: "Asked: demo-thinking" in stage.shown)
        await stage.pilot.press("enter")
        await stage.until(lambda: len(stage.messages) == 4 and "answer B" in stage.messages[2].text)
        await stage.ready()
        assert stage.messages[0].text == "/tokens 5\nBefore"
        assert stage.last.metadata.model == "demo-thinking"
        assert stage.screen.session.comparing.of(stage.screen.session.conversation.id) is None


async def test_names_that_are_hidden_stay_so(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await compare(stage, "demo-fast,demo-thinking", blind=True)
        await stage.send("/tokens 30\nHello")
        await over(stage, 2)
        await judged(stage)
        await stage.until(lambda: re.search(r"Answer A: Model [AB] · Answer B: Model [AB]", stage.shown) is not None)


async def test_there_is_nothing_to_judge_before_there_are_two_answers(opened: Opener) -> None:
    async with opened(size=WIDE, notices=True) as stage:
        await compare(stage, "demo,demo")
        await stage.send("/fault auth\nHello")
        await over(stage, 2)
        await stage.pilot.press("tab", "J")
        await stage.until(lambda: "There are not yet two answers to judge." in notices(stage))
