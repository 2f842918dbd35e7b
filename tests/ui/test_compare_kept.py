"""What is kept of a comparison: after an export and import, and in another run, each goes on as it was asked."""

from __future__ import annotations

import asyncio
import json

from tests.e2e.own_server import TEXT, own_server
from tests.ui.comparisons import WIDE, compare, comparison, over
from tests.ui.conftest import Opener
from tui_chat.program.contenders import contenders

LLAMA = {"id": "llama", "object": "model", "meta": {"n_ctx": 4096}}


async def test_a_model_on_a_server_of_ones_own_goes_on_there_in_another_run(opened: Opener) -> None:
    with own_server(LLAMA) as own:
        there = {"provider.name": "openai", "provider.model": "llama", "provider.base_url": f"{own.url}/v1"}
        chosen = contenders([{"provider.name": "demo", "provider.model": "demo"}, there])
        async with opened(size=WIDE) as stage:
            await stage.screen.session.compare(chosen)
            await stage.send("/tokens 5\nHello")
            await over(stage, 2)
            assert comparison(stage).branches[1].reply.text == TEXT
        async with opened(size=WIDE, resume=True) as stage:
            await stage.until(lambda: bool(stage.messages))
            await over(stage, 2)
            assert [branch.contender for branch in comparison(stage).branches] == list(chosen)
            await stage.send("/tokens 5\nAnd further")
            await stage.until(lambda: len(stage.messages) == 4)
            await over(stage, 2)
            assert [branch.reply.text == TEXT for branch in comparison(stage).branches] == [False, True]
        assert [asked["model"] for asked in own.asked] == ["llama", "llama"]


async def test_a_round_is_the_same_after_an_export_and_an_import(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await compare(stage, "demo,demo-fast")
        await stage.send("/tokens 30\nHello")
        await over(stage, 2)
        before, store = comparison(stage), stage.program.store
        data = await asyncio.to_thread(store.export, stage.screen.session.conversation.id)
        copy = await asyncio.to_thread(store.import_, {**json.loads(json.dumps(data)), "id": "elsewhere"})
        await stage.screen.session.open(copy)
        await stage.until(lambda: len(stage.messages) == 2)
        await over(stage, 2)
        after = comparison(stage)
        assert after is not before
        assert [one.contender for one in after.branches] == [one.contender for one in before.branches]
        assert [one.reply.text for one in after.branches] == [one.reply.text for one in before.branches]
        rounds = {one.reply.metadata.round for one in after.branches}
        assert rounds == {one.reply.metadata.round for one in before.branches}


async def test_a_reply_that_is_asked_for_again_is_still_of_its_model(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await compare(stage, "demo,demo-fast")
        await stage.send("/tokens 5\nHello")
        await over(stage, 2)
        await stage.pilot.press("tab", "right", "r")
        await stage.until(lambda: comparison(stage).at == 1)
        await over(stage, 2)
        assert comparison(stage).current.reply.metadata.contender == "demo-fast"


async def test_columns_are_there_again_in_another_run_with_all_that_each_has_said(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await compare(stage)
        await stage.send("/tokens 30\nHello")
        await over(stage)
        await stage.send("/tokens 9\nAnd further")
        await stage.until(lambda: all(len(branch.conversation.messages) == 4 for branch in comparison(stage).branches))
        await over(stage)
        await stage.pilot.press("tab", "right", "r")
        await stage.until(lambda: comparison(stage).at == 1)
        await over(stage)
        before = comparison(stage)
    async with opened(size=WIDE, resume=True) as stage:
        await stage.until(lambda: bool(stage.messages))
        await over(stage)
        after = comparison(stage)
        assert after.at == 1
        assert [one.conversation.messages for one in after.branches] == [
            one.conversation.messages for one in before.branches
        ]
        assert [one.contender for one in after.branches] == [one.contender for one in before.branches]


async def test_names_that_are_hidden_stay_so_in_another_run(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await compare(stage, blind=True)
        await stage.send("/tokens 30\nHello")
        await over(stage)
        order = [branch.reply.id for branch in comparison(stage).branches]
    async with opened(size=WIDE, resume=True) as stage:
        await stage.until(lambda: bool(stage.messages))
        await over(stage)
        assert comparison(stage).names == ["Model A", "Model B", "Model C"]
        assert [branch.reply.id for branch in comparison(stage).branches] == order
        await stage.pilot.press("tab", "enter")
        await stage.until(lambda: stage.composer.has_focus)
    async with opened(size=WIDE, resume=True) as stage:
        await stage.until(lambda: bool(stage.messages))
        assert stage.screen.session.comparing.of(stage.screen.session.conversation.id) is None
        await stage.until(lambda: "Compare" not in stage.shown)


async def test_columns_come_back_with_a_conversation_that_was_deleted(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await compare(stage, "demo,demo-fast")
        await stage.send("/tokens 30\nHello")
        await over(stage, 2)
        here, library = stage.screen.session.conversation.id, stage.screen.library
        summary = next(one for one in await asyncio.to_thread(library.store.conversations) if one.id == here)
        assert await library.delete(summary)
        await stage.until(lambda: not stage.messages)
        assert library.bring_back() is not None
        assert await library.open(here)
        await over(stage, 2)
        assert comparison(stage).names == ["demo", "demo-fast"]
