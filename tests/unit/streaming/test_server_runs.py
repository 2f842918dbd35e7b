"""Calls of tools that the provider runs, by the events of a reply."""

from __future__ import annotations

from typing import Any

from tui_chat.chat.events import BlockStart, BlockStop, InputJsonDelta, MessageStart, StreamEvent, TextDelta
from tui_chat.chat.parts import ToolCallPart, ToolResultPart
from tui_chat.chat.protocols import ToolRun
from tui_chat.streaming.server_runs import ServerRuns


class Clock:
    """A clock that goes on by a second at each look."""

    now = 0.0

    def __call__(self) -> float:
        self.now += 1000
        return self.now


def call(index: int, id: str, name: str, kind: str = "server_tool_use") -> list[StreamEvent]:
    begin = BlockStart(index, kind, {"id": id, "name": name, "input": {}})
    return [begin, InputJsonDelta(index, '{"query":'), InputJsonDelta(index, '"x"}'), BlockStop(index)]


def result(index: int, id: str, kind: str, content: Any) -> list[StreamEvent]:
    return [BlockStart(index, kind, {"tool_use_id": id, "content": content}), BlockStop(index)]


def ended(*events: list[StreamEvent]) -> list[ToolRun]:
    runs = ServerRuns(Clock())
    return [run for some in events for event in some if (run := runs.take(event)) is not None]


def test_a_search_runs_from_the_end_of_its_call_to_its_result() -> None:
    found = result(1, "s1", "web_search_tool_result", [{"type": "web_search_result", "url": "https://a.example"}])
    (run,) = ended(call(0, "s1", "web_search"), found, [TextDelta(2, "So.")])
    assert run == ToolRun(
        ToolCallPart("s1", "web_search", '{"query":"x"}', server=True), ToolResultPart("s1", "", False), 2000
    )
    assert run.result.duration_ms == 1000


def test_code_that_fails_and_a_search_that_is_refused_have_failed() -> None:
    code = {"type": "bash_code_execution_result", "stdout": "", "stderr": "no", "return_code": 1, "content": []}
    error = {"type": "web_search_tool_result_error", "error_code": "max_uses_exceeded"}
    runs = ended(
        call(0, "c1", "bash_code_execution"),
        call(1, "s1", "web_search"),
        result(2, "s1", "web_search_tool_result", error),
        result(3, "c1", "bash_code_execution_tool_result", code),
    )
    assert [(run.call.name, run.result.text, run.result.failed) for run in runs] == [
        ("web_search", "max uses exceeded", True),
        ("bash_code_execution", "no\nIt ended with status 1.", True),
    ]


def test_calls_of_ours_and_results_without_a_call_are_none_of_these() -> None:
    found = result(1, "s1", "web_search_tool_result", [])
    assert ended(call(0, "s1", "look", "tool_use"), found) == []
    assert ended(found, [BlockStart(2, "text", {})]) == []
    assert ended(call(0, "s1", "web_search"), [MessageStart()], found) == []
    *begun, end = call(0, "s1", "web_search")
    assert ended(begun, [MessageStart()], [end], found) == []
