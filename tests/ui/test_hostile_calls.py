"""Nothing that a model or a server of tools writes into a call acts on the terminal."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.tool_runner import runs_tools
from tui_chat.chat.message import Conversation, Message, Role
from tui_chat.chat.parts import Part, ToolCallPart, ToolResultPart
from tui_chat.chat.request import Tool
from tui_chat.ui.chat.tool_question_bar import CallArguments
from tui_chat.ui.chat.tool_questions import ToolQuestion

CORPUS = json.loads((Path(__file__).parents[1] / "data" / "hostile.json").read_text())
BATCH = 16
"""The number of cases in a conversation, or in a question: a screen with all of them takes minutes to draw."""
BATCHES = pytest.mark.parametrize("first", range(0, len(CORPUS), BATCH))


def call_of(number: int, text: str) -> ToolCallPart:
    """Return a call that has a text in every place; every other one's arguments are broken off."""
    arguments = json.dumps({text: [text]}, ensure_ascii=False)
    return ToolCallPart(f"c{number}", f"{text}__{text}", arguments[: None if number % 2 else -2])


def check(stage: Stage, *texts: str) -> None:
    """Fail if the screen has anything that acts, or lacks one of the texts."""
    shown = stage.shown
    assert not [case["name"] for case in CORPUS for text in case["forbidden"] if text in shown]
    assert not [character for character in set(shown) - {"\n"} if unicodedata.category(character) == "Cc"]
    assert all(text in shown for text in texts)


@BATCHES
async def test_names_arguments_and_results_are_harmless_folded_and_unfolded(opened: Opener, first: int) -> None:
    parts: list[Part] = []
    texts = [case["text"] for case in CORPUS[first : first + BATCH]]
    for number, text in enumerate(texts):
        parts += (call_of(number, text), ToolResultPart(f"c{number}", f"{text}\n\nEND{number}."))
    conversation = Conversation().with_message(Message(Role.ASSISTANT, tuple(parts)))
    async with opened(size=(80, 40 * len(texts)), conversation=conversation) as stage:
        await stage.until(lambda: stage.shown.count("▸ ⚙ ") == len(texts))
        check(stage)
        await stage.pilot.press("tab", "enter")
        await stage.until(lambda: set(re.findall(r"END\d+\.", stage.shown)) == {f"END{n}." for n in range(len(texts))})
        check(stage)


@BATCHES
async def test_a_question_is_harmless(opened: Opener, monkeypatch: pytest.MonkeyPatch, first: int) -> None:
    runs_tools(monkeypatch)
    texts = [case["text"] for case in CORPUS[first : first + BATCH]]
    async with opened(size=(80, 200)) as stage:
        await stage.send("/fault tools\n/tokens 5\nCall")
        bar, session = stage.screen.desk.questions, stage.screen.session
        await stage.until(lambda: bar.display)
        session.tool_questions.withdraw(session.tool_questions.of(session.conversation.id)[0].reply_id)
        tool = Tool("tool", "", {}, server="".join(texts), own_name=f"N {''.join(texts)}")
        call = ToolCallPart("c", "tool", json.dumps({text: text for text in texts} | {"END": ""}))
        assert session.tool_questions.ask(ToolQuestion(session.conversation.id, "reply", call, tool))
        session.view.update()
        await stage.until(lambda: "asks about N " in stage.shown)
        bar.focus()
        await stage.until(lambda: '"END"' in "".join(bar.query_one(CallArguments)._rows))
        await stage.pilot.press("end")
        check(stage, "wants to run")
        await stage.pilot.press("home")
        check(stage, "wants to run")
        await stage.pilot.press("escape")
