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
            await stage.pilot.press("tab", "S")
            await over(stage, 2)
            assert [branch.contender for branch in comparison(stage).branches] == list(chosen)
            await stage.pilot.press("tab")
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
        await stage.pilot.press("tab", "S")
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
