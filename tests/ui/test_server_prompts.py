"""Prompts of MCP servers behind a /: offered once their server runs, filled, and put into the composer."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from pathlib import Path

import pytest

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.pages import notices
from tests.ui.test_mcp_servers import with_stub
from tui_chat.chat.message import Conversation
from tui_chat.ui.composer.fields_form import FieldsForm


def offered(stage: Stage) -> list[str]:
    return [offer.text for offer in stage.composer.offers.offers]


async def start(stage: Stage) -> None:
    """Start the server, as a first reply does."""
    tools, servers = stage.program.tools, stage.program.settings.now.mcp.servers
    await asyncio.wrap_future(tools.servers.tools([tools.spec(name, server) for name, server in servers.items()]))


async def test_a_prompt_is_offered_filled_and_put_into_the_composer(opened: Opener, tmp_path: Path) -> None:
    with_stub(tmp_path, "echo")
    async with opened() as stage:
        await start(stage)
        await stage.pilot.press("slash", *"stub")
        await stage.until(lambda: offered(stage) == ["/stub review", "/stub hello"])
        await stage.until(lambda: "Reviews a text" in stage.shown)
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, FieldsForm))
        await stage.pilot.press(*"Emma", "enter")
        await stage.until(lambda: stage.composer.text == "Review Emma, please.")
        assert stage.composer.has_focus


async def test_a_prompt_without_fields_comes_at_once(opened: Opener, tmp_path: Path) -> None:
    with_stub(tmp_path, "echo")
    async with opened() as stage:
        await start(stage)
        await stage.pilot.press("slash", *"hello")
        await stage.until(lambda: "/stub hello" in offered(stage))
        while stage.composer.offers.chosen.text != "/stub hello":
            await stage.pilot.press("down")
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.composer.text == "Review this, please.")


async def test_no_server_is_started_for_a_slash(opened: Opener, tmp_path: Path) -> None:
    with_stub(tmp_path, "echo")
    async with opened() as stage:
        await stage.pilot.press("slash", *"stub")
        await stage.until(lambda: stage.program.tools.servers.status("stub").state == "not started")
        assert offered(stage) == []


async def test_a_prompt_of_a_server_that_has_gone_says_why(opened: Opener, tmp_path: Path) -> None:
    with_stub(tmp_path, "echo")
    async with opened(notices=True, size=(120, 30)) as stage:
        await start(stage)
        await stage.pilot.press("slash", *"stub")
        await stage.until(lambda: len(offered(stage)) == 2)
        with_stub(tmp_path, "echo", "die-at-start")
        stage.program.settings.reload()
        await stage.pilot.press("down", "enter")
        await stage.until(lambda: "no licence found" in notices(stage))
        assert stage.composer.text == "/stub"


async def test_a_prompt_that_comes_late_is_not_put_into_another_conversation(
    opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_stub(tmp_path, "echo")
    async with opened(notices=True) as stage:
        await start(stage)
        made = Future[str]()
        monkeypatch.setattr(stage.program.tools, "prompt_text", lambda *_: made)
        await stage.pilot.press("slash", *"hello")
        await stage.until(lambda: "/stub hello" in offered(stage))
        while stage.composer.offers.chosen.text != "/stub hello":
            await stage.pilot.press("down")
        await stage.pilot.press("enter")
        await stage.until(lambda: any(worker.group == "server prompt" for worker in stage.app.workers))
        await stage.screen.session.open(Conversation())
        made.set_result("Review this, please.")
        await stage.until(lambda: "You left the conversation" in notices(stage))
        assert stage.composer.text == ""
