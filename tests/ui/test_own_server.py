"""A server of one's own in the app: which model is asked, and that no prompt is lost over the question."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.own_server import TEXT, OwnServer, own_server
from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tui_chat.ui.chat.model_picker import ModelPicker
from tui_chat.ui.chat.status_bar import StatusBar

LLAMA = {"id": "llama", "object": "model", "meta": {"n_ctx": 4096}}
QWEN = {"id": "qwen", "object": "model", "max_model_len": 8192}


def settings(server: OwnServer) -> dict[str, Any]:
    return {"provider__name": "openai", "provider__base_url": f"{server.url}/v1"}


async def sent(stage: Stage, prompt: str) -> None:
    await stage.type(prompt)
    await stage.pilot.press("enter")


async def test_the_only_model_is_known_before_anything_is_sent(opened: Opener) -> None:
    with own_server(LLAMA) as server:
        async with opened(**settings(server)) as stage:
            await stage.until(lambda: stage.screen.query_one(StatusBar).status.model == "llama")
            assert stage.composer.placeholder == "Message llama"
            await sent(stage, "Why?")
            await stage.until(lambda: bool(stage.messages) and stage.last.text == TEXT)
            assert (stage.last.metadata.model, stage.last.metadata.cost_usd) == ("llama", None)
            forecast = stage.screen.session.estimator.forecast(stage.screen.session.conversation)
            assert (forecast.window, forecast.cost_usd) == (4096, None)


async def test_of_several_models_one_is_chosen_when_the_first_prompt_is_sent(opened: Opener) -> None:
    with own_server(LLAMA, QWEN) as server:
        async with opened(**settings(server), notices=True) as stage:
            await stage.until(lambda: "offers 2 models" in stage.shown)
            await sent(stage, "Why?")
            await stage.until(lambda: isinstance(stage.app.screen, ModelPicker) and "qwen" in stage.shown)
            await stage.pilot.press("down", "enter")
            await stage.until(lambda: bool(stage.messages) and stage.last.text == TEXT)
            assert [asked["model"] for asked in server.asked] == ["qwen"]
            assert stage.program.provider.model == "qwen"
            await sent(stage, "And why?")
            await stage.until(lambda: len(server.asked) == 2 and stage.last.text == TEXT)
    assert stage.program.settings.file.load().settings.provider.model == "", "the address was given for this run"


async def test_who_chooses_none_has_the_prompt_back(opened: Opener) -> None:
    with own_server(LLAMA, QWEN) as server:
        async with opened(**settings(server)) as stage:
            await sent(stage, "Why?")
            await stage.until(lambda: isinstance(stage.app.screen, ModelPicker))
            await stage.pilot.press("escape")
            await stage.until(lambda: stage.composer.text == "Why?")
            assert (stage.messages, server.asked) == ((), [])


@pytest.mark.parametrize("dead", [False, True])
async def test_where_no_list_is_to_be_had_it_is_said_and_the_prompt_comes_back(opened: Opener, dead: bool) -> None:
    with own_server(lists=False) as server:
        chosen = settings(server) | ({"provider__base_url": "http://127.0.0.1:9/v1"} if dead else {})
        async with opened(**chosen, notices=True, size=(120, 30)) as stage:
            await sent(stage, "Why?")
            await stage.until(lambda: stage.composer.text == "Why?" and "No model is chosen" in stage.shown)
            assert not stage.messages
