"""The request for a summary: a model that is asked for one has no tools to call, unless it has called some before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tui_chat.chat.compaction import summary_to_be
from tui_chat.chat.message import Conversation, Message, Role, utc_now
from tui_chat.chat.parts import OpaquePart, Part, TextPart, ToolCallPart, ToolResultPart
from tui_chat.chat.protocols import PendingReply
from tui_chat.chat.request import ReplyRequest, Tool
from tui_chat.program.wiring import Flags, Program
from tui_chat.providers.anthropic_request import message_params

PROMPT = Message(Role.USER, (TextPart("Look it up."),))
CALL = (ToolCallPart("t1", "stub__echo", "{}"), ToolResultPart("t1", "found"), TextPart("There."))
SEARCH = (
    ToolCallPart("s1", "web_search", "{}", server=True),
    OpaquePart("web_search_tool_result", {"type": "web_search_tool_result", "tool_use_id": "s1", "content": []}),
    TextPart("There."),
)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    flags = Flags({"provider.name": "anthropic", "provider.web_search": True}, config_file=tmp_path / "config.toml")
    environ = {"ANTHROPIC_API_KEY": "sk-ant-test", "TUI_CHAT_DATA_DIR": str(tmp_path)}
    program = Program.open(flags, environ, pytest.fail)
    yield program
    program.close()


def asked(program: Program, *parts: Part) -> ReplyRequest:
    """Return the request for a summary of a prompt and this reply."""
    pending = PendingReply(Conversation(), None, summary_to_be(program.requests.about(), utc_now()))
    return program.requests.summary_job(pending, (PROMPT, Message(Role.ASSISTANT, parts))).request


def test_there_are_no_tools_where_none_was_called(program: Program) -> None:
    request = asked(program, TextPart("I know it."))
    assert not request.web_search
    assert "tools" not in message_params(request)


@pytest.mark.parametrize("called", [CALL, SEARCH], ids=["of a server", "of the provider"])
def test_tools_stay_where_the_messages_have_calls(program: Program, called: tuple[Part, ...]) -> None:
    request = asked(program, *called)
    assert request.web_search
    offered = replace(request, tools=(Tool("stub__echo", "Says it again.", {"type": "object"}),))
    assert {tool["name"] for tool in message_params(offered)["tools"]} == {"web_search", "stub__echo"}


def test_tools_that_were_called_and_are_gone_are_defined_and_cannot_be_called(program: Program) -> None:
    program.settings.set("provider.web_search", False)
    params = message_params(asked(program, *CALL))
    assert [tool["name"] for tool in params["tools"]] == ["stub__echo"]
    assert params["tool_choice"] == {"type": "none"}
