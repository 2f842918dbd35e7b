"""Money and context in the app: what is shown, and what is asked before a request is sent."""

from __future__ import annotations

from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import pytest
from textual.widgets import Static

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.held_replies import Held
from tests.ui.pages import notices, run_command
from tui_chat.chat.message import Conversation, StreamingStatus
from tui_chat.demo import DemoServer
from tui_chat.demo.log import Log
from tui_chat.program.request_factory import RequestFactory
from tui_chat.program.wiring import Program
from tui_chat.settings import Value
from tui_chat.ui.chat.send_warning import SendWarningScreen
from tui_chat.ui.chat.status_bar import StatusBar


@pytest.fixture
def paid(opened: Opener) -> Opener:
    """Opens the app with a provider whose replies cost something."""

    def open_app(
        *, size: tuple[int, int] = (120, 40), messages: int = 0, **settings: Value
    ) -> AbstractAsyncContextManager[Stage]:
        chosen: dict[str, Value] = {
            "provider__name": "anthropic",
            "provider__model": "claude-haiku-4-5",
            "provider__vendor_prices": True,
            **settings,
        }
        stored = partial(long_talk, count=messages) if messages else None
        return opened(size=size, stored=stored, environ={"ANTHROPIC_API_KEY": "sk-ant-test"}, **chosen)

    return open_app


def long_talk(program: Program, count: int) -> Conversation:
    """Return a conversation of messages that have some 9,000 tokens each."""
    text = "word " * 5_500  # one paragraph: none but its length counts
    roles = ("user", "assistant")
    messages = [{"role": roles[place % 2], "text": f"{place} {text}"} for place in range(count)]
    return program.store.import_({"title": "A long one", "messages": messages})


def bar(stage: Stage) -> str:
    """Return the status bar's row; "" while it is in none of those that have been drawn."""
    row = stage.screen.query_one(StatusBar).region.y
    return next(iter(stage.shown.split("\n")[row : row + 1]), "")


async def asked(stage: Stage) -> str:
    """Wait until the app asks something; what it asks."""
    await stage.until(lambda: isinstance(stage.app.screen, SendWarningScreen))
    await stage.pilot.pause()
    return str(stage.app.screen.query(Static).first().content)


def counted(log: Log) -> int:
    """Return the number of times that the provider was asked to count."""
    return sum(exchange.path.endswith("count_tokens") for exchange in log.exchanges)


async def test_a_request_over_budget_is_sent_if_the_user_says_so(paid: Opener, server: DemoServer) -> None:
    async with paid(provider__budget_usd_per_day=0.000001) as stage:
        await stage.send("Hello")
        assert "provider.budget_usd_per_day" in await asked(stage)
        assert server.log.replies == ()
        await stage.pilot.press("up", "enter")
        await stage.until(lambda: len(stage.messages) == 2)
        await stage.ready()
        assert stage.last.status is StreamingStatus.COMPLETE
        assert stage.composer.text == ""


async def test_a_request_that_is_not_sent_leaves_its_prompt_in_the_composer(paid: Opener, server: DemoServer) -> None:
    async with paid(provider__budget_usd_per_day=0.000001) as stage:
        await stage.type("Hello\nthere")
        for key in ("escape", "enter"):
            await stage.pilot.press("enter")
            await asked(stage)
            await stage.pilot.press(key)
            await stage.until(lambda: not isinstance(stage.app.screen, SendWarningScreen))
            assert (stage.composer.prompt, stage.messages, server.log.replies) == ("Hello\nthere", (), ()), key
            assert stage.composer.has_focus, key
        await stage.pilot.press("enter")
        await asked(stage)


async def test_what_was_being_written_stays_when_a_queued_prompt_is_asked_about(paid: Opener, held: Held) -> None:
    held.tokens = 0
    async with paid() as stage:
        await stage.send("Hello")
        await stage.until(lambda: stage.screen.session.live is not None)
        stage.program.settings.set("provider.budget_usd_per_day", 0.000001)
        await stage.send("Second")
        await stage.type("a draft")
        held.go_on()
        await asked(stage)
        assert (stage.composer.prompt, "queued  Second" in stage.shown) == ("a draft", False)
        await stage.pilot.press("up", "enter")
        await stage.until(lambda: len(stage.messages) == 4)
        assert stage.composer.prompt == "a draft"
        await stage.ready()


async def test_quitting_while_asked_keeps_the_prompt(paid: Opener, tmp_path: Path) -> None:
    async with paid(provider__budget_usd_per_day=0.000001) as stage:
        await stage.send("Do not lose me")
        await asked(stage)
        await stage.pilot.press("ctrl+q")
        await stage.until(lambda: not stage.app.is_running)
    async with paid() as stage:
        await stage.until(lambda: "held    Do not lose me" in stage.shown)
        await stage.pilot.press("up")
        assert stage.composer.prompt == "Do not lose me"


async def test_the_app_warns_when_the_budget_is_nearly_spent(paid: Opener) -> None:
    async with paid() as stage:
        reply = await stage.ask("Hello")
        assert reply.metadata.cost_usd is not None
        stage.program.settings.set("provider.budget_usd_per_day", round(reply.metadata.cost_usd * 2.4, 6))
        await stage.ask("/tokens 220\nAgain")
        await stage.until(lambda: "You've spent" in notices(stage))


async def test_a_deprecated_model_is_said_to_be_so(paid: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    table = {"claude-going": "November 30th, 2126"}
    monkeypatch.setattr("tui_chat.providers.anthropic_retirement.vendor_table", lambda: table)
    async with paid() as stage:
        assert "deprecated" not in notices(stage)
        stage.program.settings.set("provider.model", "claude-going")
        await stage.until(lambda: "The model claude-going is deprecated and retires on 2126-11-30." in notices(stage))


async def test_what_the_sdk_knows_of_the_model_is_said_once_it_is_loaded(
    paid: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    sdk, table = Future[object](), {"claude-haiku-4-5": "soon"}
    sdk.set_running_or_notify_cancel()
    monkeypatch.setattr(RequestFactory, "preload", lambda _: sdk)
    monkeypatch.setattr("tui_chat.providers.anthropic_retirement.vendor_table", lambda: table if sdk.done() else {})
    async with paid() as stage:
        assert "deprecated" not in notices(stage)
        sdk.set_result(None)
        await stage.until(lambda: "The model claude-haiku-4-5 is deprecated. Choose another one." in notices(stage))
        await stage.ask("Hello")
        assert notices(stage).count("is deprecated") == 1


async def test_the_status_bar_tells_tokens_cost_and_how_full_the_context_is(paid: Opener) -> None:
    async with paid(size=(200, 40)) as stage:
        reply = await stage.ask("Hello")
        usage = reply.metadata.usage
        await stage.until(lambda: f"{usage.prompt_tokens} in / {usage.output_tokens} out" in bar(stage))
        assert f"${reply.metadata.cost_usd:.4f}" in bar(stage)
        assert "context ▕░░░░░▏ <1% of 200k" in bar(stage)
        searched = await stage.ask("/fault search\nAgain")
        await stage.until(lambda: "in all" in bar(stage))
        assert " · 1 search · " in bar(stage)
        assert (searched.metadata.cost_usd or 0) > 0.01


async def test_what_was_read_from_the_cache_is_shown_and_costs_less(paid: Opener) -> None:
    async with paid(size=(200, 40), messages=2) as stage:
        first = (await stage.ask("Hello")).metadata
        second = (await stage.ask("Again")).metadata
        assert second.usage.cache_read_input_tokens == first.usage.cache_creation_input_tokens
        assert (second.cost_usd or 1) < (first.cost_usd or 0) / 2
        await stage.until(lambda: "k cached) / " in bar(stage))


async def test_the_bar_folds_on_a_narrow_screen_and_the_word_stays(paid: Opener) -> None:
    async with paid() as stage:
        await stage.ask("/tokens 5\nHello")
        for width in (20, 40, 60, 80, 120):
            await stage.pilot.resize_terminal(width, 24)
            await stage.until(lambda width: 0 < len(bar(stage)) <= width, width)
            assert bar(stage).strip().startswith("● Ready"), width


async def test_while_a_reply_comes_the_bar_tells_its_time_its_tokens_and_its_speed(paid: Opener) -> None:
    async with paid() as stage:
        await stage.send("/rate 30\n/tokens 20000\nLong")
        await stage.until(lambda: "tok/s" in bar(stage))
        shown = bar(stage)
        assert shown.index(" s · ") < shown.index(" tokens · ") < shown.index(" tok/s")
        await stage.pilot.press("escape")
        await stage.ready()


async def test_figures_can_be_hidden_and_plain_glyphs_draw_a_meter_that_can_be_read(paid: Opener) -> None:
    async with paid(ui__show_usage=False) as stage:
        await stage.ask("/tokens 5\nHello")
        assert bar(stage).strip() == "● Ready         stream · claude-haiku-4-5"
        stage.program.settings.set("ui.show_usage", True)
        stage.program.settings.set("ui.ascii", True)
        await stage.until(lambda: "[-----] <1%" in bar(stage))


async def test_nothing_is_counted_before_a_reply_nor_when_its_figures_tell(paid: Opener, server: DemoServer) -> None:
    async with paid(messages=2) as stage:
        await stage.type("not yet sent")
        await stage.until(lambda: "~9%" in bar(stage))
        assert server.log.exchanges == ()
        await stage.ask("Hello")
        await stage.until(lambda: "~" not in bar(stage).partition("next")[0])
        assert counted(server.log) == 0


async def test_a_stopped_reply_has_its_conversation_counted_in_the_background(paid: Opener, server: DemoServer) -> None:
    async with paid() as stage:
        await stage.send("/fault stall@20xall\nHello")
        await stage.streaming()
        await stage.pilot.press("escape")
        await stage.ready()
        await stage.until(lambda: counted(server.log) == 1)


async def test_a_reply_that_is_coming_is_counted_once_and_the_same_after_a_stop(opened: Opener) -> None:
    async with opened(provider__model="mine") as stage:

        def size() -> int:
            forecast = stage.screen.query_one(StatusBar).status.forecast
            return forecast.tokens if forecast is not None else 0

        await stage.send("/fault stall@60xall\nTell me a story")
        await stage.streaming()
        await stage.until(lambda: stage.server.log.replies[-1].tokens_sent == 60 and "nothing for" in stage.shown)
        first = size()
        await stage.pilot.press("ctrl+n", "f6")
        await stage.until(lambda: len(stage.messages) == 2 and "nothing for" in stage.shown)
        assert size() == first
        await stage.pilot.press("escape")
        await stage.ready()
        await stage.until(lambda: size() == first)


async def test_the_oldest_messages_of_a_long_conversation_can_be_left_out(paid: Opener, server: DemoServer) -> None:
    async with paid(messages=22) as stage:
        await stage.send("And now?")
        assert "The oldest messages can be left out" in await asked(stage)
        await stage.pilot.press("enter")
        await stage.until(lambda: len(stage.messages) == 24)
        await stage.ready()
        (sent,) = (len(exchange.body["messages"]) for exchange in server.log.replies)
        assert sent % 2 == 1
        assert sent < 23
        assert f"The oldest {23 - sent} messages are no longer sent" in notices(stage)
        assert "left out" in bar(stage)


async def test_the_palette_leaves_out_the_oldest_messages_and_sends_all_again(paid: Opener) -> None:
    async with paid(messages=6) as stage:
        for words, found, fact in (
            ("leave out the oldest", "Leave out the oldest", lambda: "4 messages left out" in bar(stage)),
            ("send the whole", "Send the whole", lambda: "left out" not in bar(stage)),
        ):
            await run_command(stage, words, found)
            await stage.until(fact)


async def test_a_missing_persona_is_said_and_the_prompt_stays(paid: Opener, server: DemoServer) -> None:
    async with paid(provider__persona="nobody") as stage:
        await stage.send("Hello")
        await stage.until(lambda: "There is no persona nobody" in notices(stage))
        assert (stage.composer.prompt, stage.messages) == ("Hello", ())
