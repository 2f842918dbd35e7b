"""A tool of ours for the demo's script, without a server of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tui_chat.chat.parts import ToolCallPart, ToolResultPart
from tui_chat.chat.request import Tool
from tui_chat.program.request_factory import RequestFactory
from tui_chat.streaming.job import ReplyJob


@dataclass
class Runner:
    """Runs the one tool of the demo's script."""

    read_only: bool = False
    ran: list[str] = field(default_factory=list)
    goes_on: asyncio.Event | None = None
    waits_for: Sequence[str] = ()
    own_name: str = "get_weather"
    """Its name on its server."""

    async def offered(self) -> Sequence[Tool]:
        return [self.tool("get_weather")]

    def tool(self, name: str) -> Tool:
        return Tool(name, "The weather.", {"type": "object"}, "sky", self.own_name, self.read_only)

    async def run(self, call: ToolCallPart) -> ToolResultPart:
        self.ran.append(call.arguments)
        if self.goes_on is not None:
            await self.goes_on.wait()
        return ToolResultPart(call.id, '{"sky": "clear"}')


def runs_tools(monkeypatch: pytest.MonkeyPatch) -> Runner:
    """Return what runs the tools of every reply from now on."""
    runner, job = Runner(), RequestFactory.job

    def with_tools(self: RequestFactory, *args: Any, **more: Any) -> ReplyJob:
        made = job(self, *args, **more)
        return replace(made, tools=runner, options=replace(made.options, tool_rounds=1))

    monkeypatch.setattr(RequestFactory, "job", with_tools)
    return runner
