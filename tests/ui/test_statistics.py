"""The statistics on the screen."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.ui.app_driver import Stage
from tests.ui.comparisons import WIDE, compare, over
from tests.ui.conftest import Opener
from tests.waiting import PATIENCE_S
from tui_chat.chat.message import Message, Role, StreamingStatus
from tui_chat.chat.metadata import Mode, ReplyMetadata, ReplyMetrics
from tui_chat.chat.parts import ToolCallPart, ToolResultPart
from tui_chat.chat.usage import Usage
from tui_chat.storage.statistics import record_reply
from tui_chat.ui.statistics.period_switch import PeriodSwitch
from tui_chat.ui.statistics.periods import Period
from tui_chat.ui.statistics.screen import StatisticsScreen

NOW = datetime.now(UTC)
STALLED = "/fault stall@20xall\nTell me a story"


def reply(
    status: StreamingStatus = StreamingStatus.COMPLETE, model: str = "claude-opus-5-5", retries: int = 0
) -> Message:
    """Return a reply with figures."""
    metrics = ReplyMetrics(ttft_ms=620, duration_ms=125_000, tokens_per_second=87, retries=retries)
    error = {"kind": "overloaded"} if status is StreamingStatus.FAILED else None
    about = ReplyMetadata(
        model=model, usage=Usage(1000, 500, web_search_requests=2), cost_usd=0.25, metrics=metrics, error=error
    )
    return Message(Role.ASSISTANT, status=status, metadata=about)


def record(stage: Stage, *replies: Message, ago: timedelta = timedelta(), conversation_id: str = "") -> None:
    """Count replies as the journal does."""

    def write(connection: sqlite3.Connection) -> None:
        for each in replies:
            record_reply(connection, conversation_id, each, NOW - ago)

    stage.program.store._writer.submit(write).result(PATIENCE_S)


async def summed(stage: Stage, *said: str) -> None:
    """Wait until the page says all this, wherever it is scrolled."""
    screen = stage.app.screen
    await stage.until(lambda: all(text in page_of(stage) for text in said) and screen.is_current)


def page_of(stage: Stage) -> str:
    """Return all that the page says."""
    page = stage.app.screen.query_one("#page")
    texts = [str(widget.render()) for widget in page.query("*") if widget.display and not widget.children]
    return "\n".join(texts)


async def test_replies_are_summed_with_how_they_ended_and_what_was_recovered(opened: Opener) -> None:
    async with opened(size=(120, 40)) as stage:
        record(stage, reply(), reply(retries=2), reply(StreamingStatus.STOPPED), reply(StreamingStatus.FAILED))
        await stage.pilot.press("f3")
        await summed(stage, "4\nreplies\n100% streamed", "$1.00", "4,000 tokens in, 2,000 out", "0.62 s", "87 tok/s")
        await summed(stage, "complete     2   50%", "stopped      1   25%", "Provider overloaded  1  100%")
        await summed(stage, "after a retry  1  complete; 2 requests repeated")
        await summed(stage, "searches  8  made for them")
        assert "claude-opus-5-5" in stage.shown


async def test_calls_are_counted_by_tool(opened: Opener) -> None:
    calls = (ToolCallPart("1", "sky__wind", "{}"), ToolCallPart("2", "sky__wind", "{}"))
    refused = ToolResultPart("2", "", failed=True, refused=True)
    async with opened(size=(120, 40)) as stage:
        record(stage, replace(reply(), parts=(*calls, ToolResultPart("1", "", duration_ms=2500), refused)))
        await stage.pilot.press("f3")
        await summed(stage, "calls  failed  not allowed   time", "    2       0            1  2.5 s")
        assert "sky:wind" in page_of(stage)


async def test_choices_among_models_are_told_and_nothing_where_there_are_none(opened: Opener) -> None:
    async with opened(size=WIDE) as stage:
        await stage.ask("/tokens 5\nAlone")
        await stage.pilot.press("f3")
        await summed(stage, "1\nreply")
        assert "Chosen" not in page_of(stage)
        await stage.pilot.press("escape", "ctrl+n")
        await compare(stage)
        await stage.send("/tokens 5\nHello")
        await over(stage)
        await stage.pilot.press("tab", "right", "enter", "f3")
        await summed(stage, "Chosen", "wins  rounds  mean time  mean cost")
        rows = [line.split() for line in page_of(stage).partition("Chosen")[2].split("\n")[1:4]]
        assert [row[0] for row in rows] == ["demo-fast", "demo", "demo-thinking"]
        assert "1       1" in page_of(stage)


async def test_what_this_conversation_took_is_told(opened: Opener) -> None:
    async with opened(size=(120, 40)) as stage:
        record(stage, reply(), reply(), conversation_id=stage.screen.session.conversation.id)
        record(stage, reply(), conversation_id="another")
        await stage.pilot.press("f3")
        await summed(
            stage, "3\nreplies", "2\nreplies", "4 min 10 s\ntotal streaming time", "2 min 5 s\nthe longest reply"
        )


async def test_the_period_can_be_switched_by_key_and_mouse(opened: Opener) -> None:
    async with opened() as stage:
        record(stage, reply())
        record(stage, reply(), ago=timedelta(days=20))
        record(stage, reply(), reply(), ago=timedelta(days=200))
        await stage.pilot.press("f3")
        await summed(stage, "2\nreplies", "Replies per day")
        await stage.pilot.press("right")
        await summed(stage, "4\nreplies", "Replies per week")
        await stage.pilot.click("#week")
        await summed(stage, "1\nreply")
        assert stage.app.screen.query_one(PeriodSwitch).period is Period.WEEK


async def test_keys_go_back_to_the_chat(opened: Opener) -> None:
    async with opened() as stage:
        for key in ("escape", "f3"):
            await stage.pilot.press("f3")
            await stage.until(lambda: "No replies in the last 30 days." in stage.shown)
            await stage.pilot.press(key)
            await stage.until(lambda: stage.app.screen is stage.screen)
            assert stage.composer.has_focus, key


async def test_replies_of_the_app_itself_are_counted(opened: Opener) -> None:
    async with opened(size=(120, 40)) as stage:
        await stage.ask("Hello")
        await stage.pilot.press("ctrl+t")
        await stage.ask("Hello again")
        assert stage.last.metadata.mode is Mode.BATCH
        await stage.pilot.press("f3")
        await summed(stage, "2\nreplies\n50% streamed", "batch     1   50%")


async def test_what_is_not_known_is_never_a_nought(opened: Opener) -> None:
    async with opened() as stage:
        record(stage, Message(Role.ASSISTANT, status=StreamingStatus.STOPPED))
        await stage.pilot.press("f3")
        await summed(stage, "–\ncost", "–\nto first token", "–\nspeed (median)")
        assert "$0" not in page_of(stage)
        assert "Cost per day" not in page_of(stage)


async def test_names_of_models_cannot_steer_the_terminal(opened: Opener) -> None:
    async with opened(size=(120, 40)) as stage:
        record(stage, reply(model="a\x1b[2Jmodel\x9b31m\nnew"))
        await stage.pilot.press("f3")
        await stage.until(lambda: "a\ufffd[2Jmodel\ufffd31m new" in stage.shown)


async def test_it_fits_any_screen(opened: Opener) -> None:
    async with opened() as stage:
        record(stage, *(reply(model=f"model-{number}") for number in range(30)))
        for size in ((20, 8), (40, 12), (200, 60)):
            await stage.pilot.resize_terminal(*size)
            await stage.pilot.press("f3")
            await stage.until(lambda: isinstance(stage.app.screen, StatisticsScreen) and "30" in stage.shown)
            await stage.until(lambda: stage.app.screen.query_one("#page").visible)
            assert all(len(line) <= size[0] for line in stage.shown.split("\n")), size
            await stage.pilot.press("escape")
            await stage.until(lambda: stage.app.screen is stage.screen)


async def test_a_narrow_screen_shows_every_figure_whole(opened: Opener) -> None:
    async with opened(size=(60, 40)) as stage:
        record(stage, reply())
        await stage.pilot.press("f3")
        await summed(stage, "1,000 tokens in, 500 out", "95th percentile 0.62 s", "95th percentile 87 tok/s")
