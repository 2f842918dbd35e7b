"""Checks before a round is sent: of each of those who are asked, and of all together."""

from __future__ import annotations

from textual.events import Paste
from textual.widgets import Static

from tests.ui.app_driver import Stage
from tests.ui.comparisons import WIDE, coming, compare, comparison, over
from tests.ui.conftest import Opener
from tests.ui.pages import notices
from tui_chat.demo import DemoServer
from tui_chat.ui.chat.send_warning import SendWarningScreen

KEY = "sk-ant-api03-" + "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA" * 3 + "AA"


async def asked(stage: Stage) -> str:
    """Wait until the app asks something; what it asks."""
    await stage.until(lambda: isinstance(stage.app.screen, SendWarningScreen))
    await stage.pilot.pause()
    return str(stage.app.screen.query(Static).first().content)


async def test_what_is_too_long_for_one_is_asked_about_with_its_name(opened: Opener, server: DemoServer) -> None:
    settings = {"provider__name": "anthropic", "provider__vendor_prices": True}
    async with opened(size=WIDE, environ={"ANTHROPIC_API_KEY": "k"}, **settings) as stage:
        await compare(stage, "claude-opus-5-5,claude-haiku-4-5")
        stage.composer.post_message(Paste("word " * 190_000))
        await stage.until(lambda: "characters pasted" in stage.composer.text)
        await stage.pilot.press("enter")
        sentence = await asked(stage)
        assert sentence.startswith("Haiku 4.5: This conversation is about")
        assert server.log.replies == ()
        await stage.pilot.press("up", "enter")
        await over(stage, 2)


async def test_the_budget_holds_for_all_together(opened: Opener, server: DemoServer) -> None:
    settings = {"provider__name": "anthropic", "provider__vendor_prices": True}
    async with opened(size=WIDE, environ={"ANTHROPIC_API_KEY": "k"}, **settings) as stage:
        await compare(stage, "claude-haiku-4-5,claude-haiku-4-5,claude-haiku-4-5")
        prompt = "word " * 400
        forecast = stage.screen.session.estimator.forecast
        one = len(prompt) / 4 / 1e6  # at a dollar a million, a request is less than the budget, and three are more
        stage.program.settings.set("provider.budget_usd_per_day", one * 2)
        assert forecast(stage.screen.session.conversation).cost_usd is not None
        stage.composer.text = prompt
        await stage.pilot.press("enter")
        assert "these 3 may cost" in await asked(stage)
        assert server.log.replies == ()
        await stage.pilot.press("up", "enter")
        await over(stage)


async def test_a_secret_is_asked_about_once_for_all(opened: Opener, server: DemoServer) -> None:
    settings = {"provider__name": "anthropic", "provider__secret_check": True, "provider__vendor_prices": True}
    async with opened(size=WIDE, environ={"ANTHROPIC_API_KEY": "k"}, **settings) as stage:
        await compare(stage, "claude-haiku-4-5,claude-sonnet-5,claude-haiku-4-5")
        await stage.send(f"/tokens 5\nMy key is {KEY}")
        assert "Your prompt seems to contain a secret" in await asked(stage)
        await stage.pilot.press("enter")
        await over(stage)
        assert all(KEY not in str(reply.body) for reply in server.log.replies)


async def test_a_missing_key_is_said_before_anything_is_sent(opened: Opener, server: DemoServer) -> None:
    settings = {"provider__name": "anthropic", "provider__base_url": ""}
    async with opened(size=WIDE, notices=True, environ={"ANTHROPIC_API_KEY": "k"}, **settings) as stage:
        await compare(stage, "claude-haiku-4-5,openai:some/model")
        await stage.send("Hello")
        await stage.until(lambda: "model: " in notices(stage))
        assert (stage.composer.prompt, stage.messages, server.log.replies) == ("Hello", (), ())


async def test_one_more_model_is_asked_about_too(opened: Opener) -> None:
    settings = {"provider__name": "anthropic", "provider__vendor_prices": True}
    async with opened(size=WIDE, environ={"ANTHROPIC_API_KEY": "k"}, **settings) as stage:
        await compare(stage, "claude-haiku-4-5,claude-sonnet-5")
        await stage.send("/tokens 5\nHello")
        await over(stage, 2)
        stage.program.settings.set("provider.budget_usd_per_day", 0.000001)
        choices = {"provider.name": "anthropic", "provider.model": "claude-opus-5-5"}
        await stage.screen.session.ask_also([choices])
        assert "provider.budget_usd_per_day" in await asked(stage)
        assert (len(comparison(stage).branches), coming(stage)) == (2, 0)
        await stage.pilot.press("up", "enter")
        await over(stage)
        assert comparison(stage).current.reply.metadata.model == "claude-opus-5-5"
