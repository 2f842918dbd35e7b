"""What follows for a call from the leave that was given."""

from __future__ import annotations

import pytest

from tui_chat.chat.leave import Answer, Leave, tool_id
from tui_chat.chat.request import Tool

READ = Tool("files__read", "", {}, "files", "read", read_only=True)
WRITE = Tool("files__write", "", {}, "files", "write")
ID = "files:write"


@pytest.mark.parametrize(
    ("leave", "tool", "verdict"),
    [
        (Leave(), WRITE, None),
        (Leave(), READ, None),
        (Leave(read_only=True), READ, True),
        (Leave(read_only=True), WRITE, None),
        (Leave(always=(ID,)), WRITE, True),
        (Leave(conversation=(ID,)), WRITE, True),
        (Leave(always=("other:write",), conversation=("files:writ",)), WRITE, None),
        (Leave(never=(ID,)), WRITE, False),
        (Leave(always=(ID,), never=(ID,), conversation=(ID,)), WRITE, False),
        (Leave(never=("files:read",), read_only=True), READ, False),
    ],
)
def test_a_call_runs_is_refused_or_asked_about(leave: Leave, tool: Tool, verdict: bool | None) -> None:
    assert leave.verdict(tool) is verdict


def test_a_tool_of_another_server_is_another_one() -> None:
    assert tool_id(WRITE) == ID
    assert tool_id(Tool("mail__write", "", {}, "mail", "write")) != ID


def test_an_answer_is_told_by_its_name() -> None:
    assert [*Answer] == [answer.name.lower() for answer in Answer]


def test_three_answers_allow_a_call() -> None:
    assert [answer for answer in Answer if answer.allows] == [Answer.ONCE, Answer.CONVERSATION, Answer.ALWAYS]
