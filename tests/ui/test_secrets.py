"""What is asked before a prompt with a key in it leaves this machine."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

import pytest
from textual import events
from textual.widgets import Static

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tui_chat.demo import DemoServer
from tui_chat.settings import Value
from tui_chat.ui.chat.send_warning import SendWarningScreen

KEY = "ghp_aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zCaB3d"
PROMPT = f"Why is {KEY} refused?"
REDACTED = "Why is [redacted GitHub token] refused?"


@pytest.fixture
def away(opened: Opener) -> Opener:
    """Opens the app with a provider whose server is only the way to one that is elsewhere."""

    def open_app(**settings: Value) -> AbstractAsyncContextManager[Stage]:
        chosen: dict[str, Value] = {
            "provider__name": "anthropic",
            "provider__model": "claude-haiku-4-5",
            "provider__vendor_prices": True,
            "provider__secret_check": True,
            **settings,
        }
        return opened(environ={"ANTHROPIC_API_KEY": "sk-ant-test"}, **chosen)

    return open_app


async def asked(stage: Stage) -> str:
    """Wait until the app asks something; what it asks."""
    await stage.until(lambda: isinstance(stage.app.screen, SendWarningScreen))
    await stage.pilot.pause()
    return str(stage.app.screen.query(Static).first().content)


def sent(server: DemoServer) -> str:
    """The prompt that the server was sent last."""
    return str(server.log.replies[-1].body["messages"][-1]["content"])


async def test_a_secret_is_shown_masked_and_redacted_by_enter(away: Opener, server: DemoServer) -> None:
    async with away() as stage:
        await stage.send(PROMPT)
        assert await asked(stage) == "Your prompt seems to contain a secret:\n  GitHub token ghp_…"
        assert KEY[:6] not in stage.shown.split("refused?")[-1]
        assert server.log.replies == ()
        await stage.pilot.press("enter")
        await stage.until(lambda: len(stage.messages) == 2)
        await stage.ready()
        assert (stage.messages[0].text, stage.composer.text) == (REDACTED, "")
        assert stage.screen.session.conversation.title == REDACTED
        assert KEY not in sent(server)
        assert REDACTED in sent(server)


async def test_it_is_sent_as_it_is_if_the_user_says_so(away: Opener, server: DemoServer) -> None:
    async with away() as stage:
        await stage.send(PROMPT)
        await asked(stage)
        await stage.pilot.press("down", "enter")
        await stage.until(lambda: len(stage.messages) == 2)
        await stage.ready()
        assert PROMPT in sent(server)


async def test_going_back_leaves_the_prompt_in_the_composer(away: Opener, server: DemoServer) -> None:
    async with away() as stage:
        await stage.type(PROMPT)
        for keys in (("escape",), ("up", "enter")):
            await stage.pilot.press("enter")
            await asked(stage)
            await stage.pilot.press(*keys)
            await stage.until(lambda: not isinstance(stage.app.screen, SendWarningScreen))
            assert (stage.composer.prompt, stage.messages, server.log.replies) == (PROMPT, (), ()), keys


async def test_a_secret_in_a_folded_paste_is_found(away: Opener, server: DemoServer) -> None:
    async with away() as stage:
        stage.composer.post_message(events.Paste("line\n" * 50 + PROMPT))
        await stage.until(lambda: "51 lines pasted" in stage.composer.text)
        await stage.pilot.press("enter")
        await asked(stage)
        await stage.pilot.press("enter")
        await stage.until(lambda: len(stage.messages) == 2)
        await stage.ready()
        assert REDACTED in sent(server)


@pytest.mark.parametrize(
    "settings", [{"provider__secret_check": False}, {"provider__name": "demo", "provider__vendor_prices": False}]
)
async def test_nothing_is_asked_without_the_setting_or_of_what_stays_here(
    away: Opener, server: DemoServer, settings: dict[str, Value]
) -> None:
    async with away(**settings) as stage:
        await stage.ask(PROMPT)
        assert PROMPT in sent(server)


async def test_a_reply_that_is_asked_for_again_is_not_asked_about(away: Opener) -> None:
    async with away() as stage:
        await stage.send(PROMPT)
        await asked(stage)
        await stage.pilot.press("down", "enter")
        await stage.until(lambda: len(stage.messages) == 2)
        await stage.ready()
        before = stage.last.id
        await stage.pilot.press("f5")
        await stage.until(lambda: stage.last.id != before)
        await stage.ready()
