"""Whether a tool may run is asked without taking a key from whoever writes."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.held_replies import Held
from tests.ui.tool_runner import Runner, runs_tools
from tui_chat.chat.message import StreamingStatus
from tui_chat.chat.parts import ToolResultPart
from tui_chat.ui.chat.tool_question_bar import Answers, ToolQuestionBar


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> Runner:
    """Runs the tools of every reply."""
    return runs_tools(monkeypatch)


async def asked(stage: Stage, orders: str = "/tokens 5") -> ToolQuestionBar:
    """Send a prompt whose reply calls a tool, and wait for the question."""
    await stage.send(f"/fault tools\n{orders}\nCall")
    bar = stage.screen.desk.questions
    await stage.until(lambda: bar.display)
    return bar


async def test_nothing_that_is_typed_answers_it(opened: Opener, runner: Runner) -> None:
    async with opened() as stage:
        bar = await asked(stage)
        await stage.pilot.press(*"yacnx")
        assert stage.composer.has_focus
        assert stage.composer.text == "yacnx"
        assert bar.display
        assert runner.ran == []
        assert "⚙ get_weather (sky) wants to run · shift+f9 answers" in stage.shown


async def test_the_status_says_that_the_call_waits_for_leave_not_that_it_runs(opened: Opener, runner: Runner) -> None:
    runner.goes_on = asyncio.Event()
    async with opened() as stage:
        await asked(stage)
        await stage.until(lambda: "asks about get_weather (sky)" in stage.shown)
        assert "running get_weather" not in stage.shown
        await stage.pilot.press("shift+f9", "y")
        await stage.until(lambda: "running get_weather" in stage.shown and "asks about" not in stage.shown)
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.screen.session.live is None)


async def answered(stage: Stage, key: str) -> None:
    """Answer the question with a key, and wait for the end of the reply."""
    await stage.pilot.press("shift+f9")
    await stage.until(lambda: '"city": "Reykjavík"' in stage.shown)
    await stage.pilot.press(key)
    await stage.until(lambda: stage.composer.has_focus)
    await stage.ready()


async def test_a_call_runs_once_it_is_allowed_and_the_next_is_asked_about(opened: Opener, runner: Runner) -> None:
    async with opened() as stage:
        await asked(stage)
        await answered(stage, "y")
        assert len(runner.ran) == 1
        await asked(stage)
        await answered(stage, "n")
        assert len(runner.ran) == 1
        refusal = ToolResultPart("toolu_demo_01", "The user did not allow this call.", failed=True, refused=True)
        assert refusal in stage.last.parts
        assert "▸ ⚙ get_weather · not allowed  city: Reykjavík, days: 3" in stage.text_of(stage.reply)


async def test_leave_for_the_conversation_is_kept_with_it_and_holds_nowhere_else(
    opened: Opener, runner: Runner
) -> None:
    async with opened() as stage:
        await asked(stage)
        await answered(stage, "c")
        await stage.ask("/fault tools\n/tokens 5\nAgain")
        assert len(runner.ran) == 2
    async with opened(resume=True) as stage:
        await stage.ask("/fault tools\n/tokens 5\nOnce more")
        assert len(runner.ran) == 3
        await stage.pilot.press("ctrl+n")
        await asked(stage)


@pytest.mark.parametrize(("key", "setting", "runs"), [("a", "always", 3), ("x", "never", 0)])
async def test_always_and_never_are_kept_in_the_settings_file(
    opened: Opener, runner: Runner, tmp_path: Path, key: str, setting: str, runs: int
) -> None:
    async with opened() as stage:
        await asked(stage)
        await answered(stage, key)
        await stage.ask("/fault tools\n/tokens 5\nAgain")
        assert f'{setting} = ["sky:get_weather"]' in (tmp_path / "config.toml").read_text()
    async with opened() as stage:
        await stage.ask("/fault tools\n/tokens 5\nOnce more")
    assert len(runner.ran) == runs


async def test_what_only_reads_may_run_unasked_by_a_setting(opened: Opener, runner: Runner) -> None:
    runner.read_only = True
    async with opened() as stage:
        bar = await asked(stage)
        await stage.pilot.press("escape")
        await stage.until(lambda: not bar.display)
    async with opened(mcp__allow_read_only=True) as stage:
        await stage.ask("/fault tools\n/tokens 5\nCall")
    assert len(runner.ran) == 1


async def test_stopping_takes_the_question_away(opened: Opener, runner: Runner) -> None:
    async with opened() as stage:
        for key, inside in product(("escape", "ctrl+c"), (True, False)):
            bar = await asked(stage)
            if inside:
                await stage.pilot.press("shift+f9")
                await stage.until(lambda bar: bar.has_focus, bar)
            await stage.pilot.press(key)
            await stage.until(lambda bar: not bar.display and stage.screen.session.live is None, bar)
            assert stage.composer.has_focus, (key, inside)
            assert runner.ran == [], (key, inside)
            assert stage.last.status is StreamingStatus.STOPPED, "what is discarded leaves the reply before it"


async def test_tab_leaves_the_question_for_later(opened: Opener, runner: Runner) -> None:
    async with opened() as stage:
        bar = await asked(stage)
        await stage.pilot.click(ToolQuestionBar)
        await stage.until(lambda: bar.has_focus)
        await stage.pilot.press("tab", "y")
        assert stage.composer.text == "y"
        assert bar.display


async def test_a_click_on_an_answer_gives_it(opened: Opener, runner: Runner) -> None:
    async with opened() as stage:
        bar = await asked(stage)
        await stage.pilot.click(ToolQuestionBar)
        await stage.until(lambda: bar.has_focus and bar.query_one(Answers).size.height > 0)
        await stage.pilot.click(Answers, offset=(3, 0))
        await stage.ready()
        assert len(runner.ran) == 1


async def test_a_question_elsewhere_is_told_and_waits_there(opened: Opener, runner: Runner) -> None:
    async with opened(notices=True, size=(110, 24)) as stage:
        bar = await asked(stage)
        live, session = stage.screen.session.live, stage.screen.session
        assert live is not None
        await stage.pilot.press("ctrl+n")
        await stage.until(lambda: not bar.display)
        again = session.tool_questions.of(live.conversation_id)[0]
        session.view.call_asked(live, replace(again, allowed=Future()))
        await stage.until(lambda: "get_weather (sky) wants to run in “" in stage.shown)
        assert "1 asking · 1 replying · f6" in stage.shown
        await stage.pilot.press("f6")
        await stage.until(lambda: bar.display)
        assert stage.composer.has_focus
        await stage.pilot.press("shift+f9")
        await stage.until(lambda: bar.has_focus)
        assert "1 of 2" in stage.shown
        await stage.pilot.press("a")
        await stage.ready()


async def test_whoever_answers_one_question_is_not_led_to_another(opened: Opener, runner: Runner) -> None:
    async with opened() as stage:
        bar = await asked(stage)
        await stage.pilot.press("ctrl+n")
        await asked(stage)
        await stage.pilot.press("shift+f9")
        await stage.until(lambda: bar.has_focus)
        await stage.pilot.press("f6")
        await stage.until(lambda: stage.composer.has_focus)
        await stage.pilot.press("y")
        assert bar.display
        assert runner.ran == []


def journalled(data: Path) -> str:
    """Return what is journalled of the reply that is coming."""
    with closing(sqlite3.connect(data / "tui-chat.db")) as connection:
        return str(connection.execute("SELECT group_concat(events) FROM chunks").fetchone()[0])


@contextmanager
def killed(data: Path) -> Iterator[None]:
    """Leave, once the app is closed, what the disk has now: as if the program had been killed at this moment."""
    copy = data / "killed.db"
    with closing(sqlite3.connect(data / "tui-chat.db")) as live, closing(sqlite3.connect(copy)) as kept:
        live.backup(kept)
    yield
    for rest in data.glob("tui-chat.db-*"):
        rest.unlink()
    copy.replace(data / "tui-chat.db")


@pytest.mark.parametrize("ran", [False, True])
async def test_after_a_kill_a_call_says_what_came_of_it_and_waits_for_nothing(
    opened: Opener, runner: Runner, held: Held, tmp_path: Path, ran: bool
) -> None:
    with ExitStack() as stack:
        async with opened() as stage:
            await asked(stage, "/tokens 30")
            held.tokens = 3  # of what follows, so that the reply does not end
            if ran:
                await stage.pilot.press("shift+f9", "y")
            await stage.until(lambda: ("tool_answered" if ran else "input_json") in journalled(tmp_path / "data"))
            stack.enter_context(killed(tmp_path / "data"))
            await stage.pilot.press("escape")
    async with opened(resume=True) as stage:
        said = "▸ ⚙ get_weather · ok · " if ran else "▸ ⚙ get_weather  city: Reykjavík"
        await stage.until(lambda: said in stage.shown)
        assert stage.last.status is StreamingStatus.INTERRUPTED
        assert not stage.screen.desk.questions.display
        assert "waiting" not in stage.text_of(stage.reply)
