"""The results of tools that a provider runs itself, as far as there is something to show."""

from __future__ import annotations

from typing import Any

import pytest

from tui_chat.chat.parts import OpaquePart, TextPart, ToolResultPart
from tui_chat.chat.server_results import ServerResult, made_files, result_in, server_result

RUN = {"type": "bash_code_execution_result", "stdout": "55\n", "stderr": "", "return_code": 0, "content": []}
MADE = [{"type": "bash_code_execution_output", "file_id": "file_1"}, {"file_id": "../x"}, {"file_id": 3}, "y"]


def result(kind: str, content: Any) -> ServerResult | None:
    return server_result(kind, {"type": kind, "tool_use_id": "s1", "content": content})


@pytest.mark.parametrize(
    ("kind", "content", "shown"),
    [
        ("bash_code_execution_tool_result", RUN, ServerResult("s1", "55")),
        ("code_execution_tool_result", {**RUN, "type": "code_execution_result"}, ServerResult("s1", "55")),
        (
            "bash_code_execution_tool_result",
            {**RUN, "stderr": "no\n", "return_code": 2, "content": MADE},
            ServerResult("s1", "55\nno\nIt ended with status 2.", True, ("file_1",)),
        ),
        (
            "bash_code_execution_tool_result",
            {"type": "bash_code_execution_tool_result_error", "error_code": "execution_time_exceeded"},
            ServerResult("s1", "execution time exceeded", True),
        ),
        (
            "web_search_tool_result",
            {"type": "web_search_tool_result_error", "error_code": "x_y", "error_message": "Too many."},
            ServerResult("s1", "Too many.\nx y", True),
        ),
        (
            "web_search_tool_result",
            {"type": "web_search_tool_result_error", "error_code": "max_uses_exceeded"},
            ServerResult("s1", "max uses exceeded", True),
        ),
        (
            "text_editor_code_execution_tool_result",
            {"type": "text_editor_code_execution_view_result", "content": "a\nb\n"},
            ServerResult("s1", "a\nb"),
        ),
        (
            "text_editor_code_execution_tool_result",
            {"type": "text_editor_code_execution_create_result", "is_file_update": True},
            ServerResult("s1", "It changed the file."),
        ),
        (
            "text_editor_code_execution_tool_result",
            {"type": "text_editor_code_execution_str_replace_result", "lines": ["-a", "+b", 3]},
            ServerResult("s1", "-a\n+b"),
        ),
        ("web_search_tool_result", [{"type": "web_search_result", "title": "A"}], None),
        ("code_execution_tool_result", {"type": "novel"}, None),
        ("redacted_thinking", RUN, None),
    ],
)
def test_what_is_shown_of_a_result(kind: str, content: Any, shown: ServerResult | None) -> None:
    assert result(kind, content) == shown


@pytest.mark.parametrize("content", [None, 3, [], {}, {"type": 3}, {"type": "x_code_execution_result", "content": {}}])
def test_no_content_is_a_crash(content: Any) -> None:
    found = result("code_execution_tool_result", content)
    assert found is None or found.files == ()


def test_the_files_of_a_reply_are_named_once() -> None:
    block = {"type": "bash_code_execution_tool_result", "tool_use_id": "s1", "content": {**RUN, "content": MADE}}
    part = OpaquePart("bash_code_execution_tool_result", block)
    assert made_files([TextPart("a"), part, part]) == ("file_1",)


def test_a_part_that_is_the_result_of_a_call_is_one_whoever_ran_it() -> None:
    ours = ToolResultPart("t1", "noon")
    ran = OpaquePart("bash_code_execution_tool_result", {"tool_use_id": "s1", "content": {**RUN, "return_code": 2}})
    found = OpaquePart("web_search_tool_result", {"tool_use_id": "s2", "content": [{"title": "A"}]})
    assert result_in(ours) == ours
    assert result_in(ran) == ToolResultPart("s1", "55\nIt ended with status 2.", failed=True)
    assert result_in(found) == ToolResultPart("s2", "")
    assert result_in(OpaquePart("redacted_thinking", {"tool_use_id": "s1"})) is None
    assert result_in(TextPart("x")) is None
