"""The calls of tools in a reply: each with the user's leave, all at once, each result as soon as it is there."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable, Sequence

from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.events import ToolAnswered
from tui_chat.chat.parts import Part, ToolCallPart, ToolResultPart
from tui_chat.chat.protocols import ToolRunner
from tui_chat.chat.request import ReplyRequest, turns_of
from tui_chat.patterns import pattern
from tui_chat.records import replace
from tui_chat.streaming.phase import ReplyWatcher

log = logging.getLogger(__name__)

_REFUSED = "The user did not allow this call."
_NOT_JSON = "The arguments of this call are not a JSON object."
NO_TOOLS = "This model takes no tools; asking without them."
_REFUSING = r"\b(?:support|requir|allow|enabl|unknown|unrecogni|unexpected|extra|permit)"
_NAMING = r"\b(?:tools?|tool_choice|functions?)\b"
_TOOLS_REFUSED = pattern(rf"{_REFUSING}.{{0,100}}{_NAMING}|{_NAMING}.{{0,100}}{_REFUSING}", re.IGNORECASE | re.DOTALL)
"""Words of servers about a request that offers tools, where the model takes none or they are to be told to."""
_FAULT = "The tool could not be run: a fault of the program."


def open_calls(parts: Sequence[Part]) -> list[ToolCallPart]:
    """Return the calls of tools of ours that have no result yet."""
    answered = {part.call_id for part in parts if isinstance(part, ToolResultPart)}
    return [part for part in parts if isinstance(part, ToolCallPart) and not part.server and part.id not in answered]


def request_after_results(request: ReplyRequest, parts: tuple[Part, ...]) -> ReplyRequest:
    """Return the request that has a reply go on after the results of its calls; the same where there are none."""
    return replace(request, turns=(*request.turns, *turns_of(parts))) if parts else request


def takes_no_tools(error: ChatError, request: ReplyRequest) -> bool:
    """True if a request was refused because it offers tools."""
    refused = error.kind in (ErrorKind.INVALID_REQUEST, ErrorKind.SERVER) and _TOOLS_REFUSED.search(error.sentence)
    return bool(request.tools) and bool(refused)


async def answer(
    calls: Sequence[ToolCallPart], runner: ToolRunner, watcher: ReplyWatcher, keep: Callable[[ToolAnswered], None]
) -> None:
    """Run calls beside each other, and have each result kept; cancelled, all of them end."""

    async def run(call: ToolCallPart) -> None:
        result = await _result_of(call, runner, watcher)
        keep(ToolAnswered(call.id, result.text, result.failed, result.refused, result.duration_ms))

    async with asyncio.TaskGroup() as group:
        for call in calls:
            group.create_task(run(call))


async def _result_of(call: ToolCallPart, runner: ToolRunner, watcher: ReplyWatcher) -> ToolResultPart:
    if not isinstance(call.input, dict):
        return ToolResultPart(call.id, _NOT_JSON, failed=True)
    if not await watcher.may_run(call):
        return ToolResultPart(call.id, _REFUSED, failed=True, refused=True)
    since = time.monotonic()
    result = await _run(call, runner)
    return replace(result, duration_ms=(time.monotonic() - since) * 1000)


async def _run(call: ToolCallPart, runner: ToolRunner) -> ToolResultPart:
    try:
        return await runner.run(call)
    except Exception:  # whatever it is, the model and the user are told, and the reply goes on
        log.exception("a tool could not be run")
        return ToolResultPart(call.id, _FAULT, failed=True)
