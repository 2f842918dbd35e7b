"""The calls of tools that the provider runs itself, timed by the events of a reply."""

from __future__ import annotations

from collections.abc import Callable

from tui_chat.chat.accumulator import OWN_CALL, TOOL_CALLS
from tui_chat.chat.events import BlockStart, BlockStop, InputJsonDelta, JsonObject, MessageStart, StreamEvent
from tui_chat.chat.parts import ToolCallPart
from tui_chat.chat.protocols import ToolRun
from tui_chat.chat.server_results import result_of_block
from tui_chat.records import replace
from tui_chat.text import reading


class ServerRuns:
    """Follows the calls of one reply: a tool runs from the end of its call to the beginning of its result."""

    def __init__(self, elapsed_ms: Callable[[], float]) -> None:
        self._elapsed_ms = elapsed_ms
        self._coming: dict[int, tuple[ToolCallPart, list[str]]] = {}
        """The calls whose arguments are coming, and these, by the index of their block."""
        self._running: dict[str, tuple[ToolCallPart, float]] = {}
        """The calls that have begun, by their ids, and when they did."""

    def take(self, event: StreamEvent) -> ToolRun | None:
        """Return the call that an event ends, if it ends one."""
        match event:
            case MessageStart():
                self._coming.clear()
                self._running.clear()
            case BlockStart(index, kind, block) if kind in TOOL_CALLS and kind != OWN_CALL:
                id, name = (reading.name(block.get(field)) for field in ("id", "name"))
                self._coming[index] = ToolCallPart(id, name, "", server=True), []
            case BlockStart(kind=kind, block=block):
                return self._ended(kind, block)
            case InputJsonDelta(index, more) if index in self._coming:
                self._coming[index][1].append(more)
            case BlockStop(index) if index in self._coming:
                call, arguments = self._coming.pop(index)
                self._running[call.id] = replace(call, arguments="".join(arguments)), self._elapsed_ms()
        return None

    def _ended(self, kind: str, block: JsonObject) -> ToolRun | None:
        result = result_of_block(kind, block)
        if result is None or result.call_id not in self._running:
            return None
        call, began_ms = self._running.pop(result.call_id)
        now_ms = self._elapsed_ms()
        return ToolRun(call, replace(result, duration_ms=now_ms - began_ms), now_ms)
