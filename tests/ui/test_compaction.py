"""Earlier messages that are summarized, as one meets that on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest
from textual.widgets import Button

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.held_replies import Held
from tests.ui.pages import notices
from tests.ui.test_budget import long_talk
from tui_chat.chat.message import Conversation
from tui_chat.program.wiring import Program
from tui_chat.streaming.phase import Step
from tui_chat.ui.chat.send_warning import SendWarningScreen
from tui_chat.ui.messages.summary_message import SummaryMessage


def talked(program: Program) -> Conversation:
    """Return a conversation of four exchanges."""
    messages = [
        {"role": role, "text": text}
        for prompt in (f"Prompt {number}" for number in range(1, 5))
        for role, text in (("user", prompt), ("assistant", f"To {prompt}. " * 40))
    ]
    return program.store.import_({"title": "Four", "messages": messages})


def summary(stage: Stage) -> SummaryMessage | None:
    """Return the summary on the screen."""
    return next(iter(stage.screen.query(SummaryMessage)), None)


def sent(stage: Stage) -> Sequence[dict[str, Any]]:
    """Return the messages of the last request."""
    messages: Sequence[dict[str, Any]] = stage.server.log.replies[-1].body["messages"]
    return messages


def marks(stage: Stage) -> list[bool]:
    """True for each message on the screen that says in its first line that it is summarized."""
    return ["summarized" in stage.text_of(widget).partition("\n")[0] for widget in stage.list.widgets]


async def compacted(stage: Stage) -> SummaryMessage:
    """Have the earlier messages summarized, and return the summary on the screen."""
    before = len(stage.server.log.replies)
    await stage.pilot.press("shift+f8")
    await stage.until(lambda: len(stage.server.log.replies) > before and stage.screen.session.live is None)
    await stage.until(lambda: summary(stage) is not None)
    found = summary(stage)
    assert found is not None
    return found


async def test_a_summary_is_sent_in_place_of_all_but_the_last_two_exchanges(opened: Opener) -> None:
    async with opened(stored=talked, notices=True) as stage:
        shown = await compacted(stage)
        assert stage.text_of(shown).startswith("▸ Summary of 4 earlier messages · saves ")
        assert len(stage.text_of(shown).splitlines()) == 1
        assert any("Summarized 4 messages: saves" in notice for notice in notices(stage).splitlines())
        places = [type(widget) is SummaryMessage for widget in stage.list.widgets]
        assert places == [False] * 4 + [True] + [False] * 4
        await stage.until(lambda: marks(stage) == [True] * 4 + [False] * 5)
        assert len(stage.messages) == 8
        await stage.ask("/tokens 5\nAnd now?")
        assert [message["role"] for message in sent(stage)] == ["user", "assistant", "user", "assistant", "user"]
        assert all(words in str(sent(stage)[0]) for words in ("<summary>", "Prompt 1", "Prompt 2", "Prompt 3"))


async def test_a_later_summary_takes_up_the_earlier_one_and_is_found_again(opened: Opener) -> None:
    async with opened(stored=talked) as stage:
        await compacted(stage)
        await stage.ask("/tokens 5\nAnd now?")
        shown = await compacted(stage)
        assert "<summary>" in str(sent(stage)[0])
        assert stage.text_of(shown).startswith("▸ Summary of 6 earlier messages")
        assert len(stage.screen.query(SummaryMessage)) == 1
    async with opened(resume=True) as stage:
        await stage.until(lambda: summary(stage) is not None)
        await stage.ask("/tokens 5\nAnd then?")
        assert all(f"Prompt {number}" in str(sent(stage)[0]) for number in (1, 2, 3, 4))
        assert len(sent(stage)) == 5


async def test_the_keys_unfold_edit_remove_and_bring_back_a_summary(opened: Opener) -> None:
    async with opened(stored=talked, notices=True) as stage:
        shown = await compacted(stage)
        await stage.pilot.press("tab", "up", "up", "up", "up", "enter")
        await stage.until(lambda: "What you have asked so far" in stage.text_of(shown))
        await stage.pilot.press("x", "m", "e")
        await stage.until(lambda: stage.composer.text.startswith("*A scripted summary"))
        assert "Editing the summary" in stage.shown
        await stage.type("Remember the milk.")
        await stage.pilot.press("enter")
        await stage.until(lambda: "Remember the milk." in stage.text_of(shown))
        assert "edited" in stage.text_of(shown)
        assert stage.composer.text == ""
        await stage.ask("/tokens 5\nAnd now?")
        assert "Remember the milk." in str(sent(stage)[0])
        await stage.pilot.press("tab", *["up"] * 6, "d")
        await stage.until(lambda: summary(stage) is None)
        assert "earlier messages are sent again" in notices(stage)
        await stage.pilot.press("u")
        await stage.until(lambda: summary(stage) is not None)
        await stage.until(lambda: "earlier messages are sent again" not in notices(stage))
        await stage.screen.run_action("remove_summary")
        await stage.until(lambda: summary(stage) is None)
        stage.composer.focus()
        await stage.ask("/tokens 5\nAnd then?")
        assert len(sent(stage)) == len(stage.messages) - 1


@pytest.mark.parametrize("key", ["escape", "ctrl+c"])
async def test_a_summary_that_is_stopped_changes_nothing_but_is_counted(opened: Opener, key: str) -> None:
    async with opened(stored=talked, notices=True, provider__model="demo+stall@8xall") as stage:
        before = stage.messages
        await stage.pilot.press("shift+f8")
        await stage.until(lambda: (now := stage.screen.session.live) is not None and now.phase.step is Step.STREAMING)
        await stage.until(lambda: "summarizing" in stage.shown and "A scripted" in stage.shown)
        await stage.pilot.press(key)
        await stage.until(lambda: stage.screen.session.live is None and "Stopped summarizing" in notices(stage))
        assert stage.messages == before
        assert summary(stage) is None
        assert len(stage.list.widgets) == 8
        counted = await asyncio.to_thread(stage.program.store.statistics)
        assert counted.usage.output_tokens
        assert counted.replies == 0


@pytest.mark.parametrize(
    ("fault", "said"),
    [("400", "rejected"), ("max_tokens@3", "hit its output limit"), ("empty", "wrote no summary")],
)
async def test_a_summary_that_fails_changes_nothing(opened: Opener, fault: str, said: str) -> None:
    async with opened(stored=talked, notices=True, provider__model=f"demo+{fault}") as stage:
        before = stage.messages
        await stage.pilot.press("shift+f8")
        await stage.until(lambda: said in notices(stage) and "Nothing changed" in notices(stage))
        assert stage.messages == before
        assert summary(stage) is None


async def test_a_prompt_that_is_sent_meanwhile_waits_for_the_summary(opened: Opener, held: Held) -> None:
    held.tokens = 4
    async with opened(stored=talked) as stage:
        await stage.pilot.press("shift+f8")
        await stage.until(lambda: stage.screen.session.live is not None)
        await stage.send("/tokens 5\nAnd now?")
        held.go_on()
        await stage.until(lambda: len(stage.messages) == 10 and stage.screen.session.live is None)
        assert "<summary>" in str(sent(stage)[0])


async def test_there_is_nothing_to_summarize_in_one_exchange(opened: Opener) -> None:
    async with opened(notices=True) as stage:
        await stage.ask("/tokens 5\nHi")
        await stage.pilot.press("shift+f8")
        await stage.until(lambda: "nothing to summarize yet" in notices(stage))
        assert len(stage.server.log.replies) == 1


async def test_what_is_summarized_cannot_be_left_out(opened: Opener) -> None:
    async with opened(stored=talked, notices=True) as stage:
        await compacted(stage)
        await stage.pilot.press("tab", *["up"] * 5, "x")
        await stage.until(lambda: "The summary stands for this" in notices(stage))


async def test_the_question_before_a_long_conversation_is_sent_offers_a_summary(opened: Opener) -> None:
    async with opened(
        stored=partial(long_talk, count=22),
        size=(120, 40),
        environ={"ANTHROPIC_API_KEY": "sk-ant-test"},
        provider__name="anthropic",
        provider__model="claude-haiku-4-5",
        provider__vendor_prices=True,
    ) as stage:
        await stage.send("And now?")
        await stage.until(lambda: isinstance(stage.app.screen, SendWarningScreen))
        await stage.pilot.pause()
        labels = [str(button.label) for button in stage.app.screen.query(Button)]
        (place,) = [at for at, label in enumerate(labels) if label.startswith("Summarize the oldest ")]
        await stage.pilot.press(*["down"] * place, "enter")
        await stage.until(lambda: len(stage.messages) == 24 and stage.screen.session.live is None)
        assert summary(stage) is not None
        summarizing, replying = [exchange.body["messages"] for exchange in stage.server.log.replies]
        assert "Summarize our conversation" in str(summarizing[-1])
        assert "<summary>" in str(replying[0])
        assert "And now?" in str(replying[-1])
        assert len(replying) in (5, 7)  # no more is summarized at once than fits
