"""The calls of tools of a reply, summed by tool: as they stand in the reply's row of figures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from tui_chat.chat.parts import Part, ToolCallPart, ToolResultPart
from tui_chat.chat.request import tool_key
from tui_chat.chat.server_results import result_in
from tui_chat.records import asdict, dataclass
from tui_chat.text import reading


@dataclass(frozen=True, slots=True)
class CallSums:
    """The calls of one tool."""

    calls: int = 0
    failed: int = 0
    refused: int = 0
    """Calls that did not run, as the user did not allow them; they did not fail."""
    duration_ms: float | None = None
    """All calls together; None where no time is known."""

    @classmethod
    def of(cls, result: ToolResultPart) -> CallSums:
        """Return one call by its result."""
        return cls(1, int(result.failed and not result.refused), int(result.refused), result.duration_ms)

    @classmethod
    def from_json(cls, value: object) -> CallSums:
        """Return sums that were stored; what cannot be read of them is not known."""
        data = reading.mapping(value)
        calls, failed, refused = (reading.count(data.get(name)) or 0 for name in ("calls", "failed", "refused"))
        return cls(calls, failed, refused, reading.figure(data.get("duration_ms")))

    def __add__(self, other: CallSums) -> CallSums:
        """Return both together."""
        known = [each.duration_ms for each in (self, other) if each.duration_ms is not None]
        return CallSums(
            self.calls + other.calls,
            self.failed + other.failed,
            self.refused + other.refused,
            sum(known) if known else None,
        )


def calls_by_tool(parts: Iterable[Part], before: Sequence[Part] = ()) -> dict[str, CallSums]:
    """Return the calls with a result, by tool; those in what came `before` have been counted."""
    names: dict[str, str] = {}
    sums: dict[str, CallSums] = {}
    counted = sum(result_in(part) is not None for part in before)
    for part in parts:
        if isinstance(part, ToolCallPart):
            names[part.id] = part.name  # a server may give one id to the calls of two rounds
        elif (result := result_in(part)) is not None:
            counted -= 1
            if counted < 0 and (name := names.get(result.call_id)):
                sums = added(sums, {tool_key(name): CallSums.of(result)})
    return sums


def added(sums: Mapping[str, CallSums], more: Mapping[str, CallSums]) -> dict[str, CallSums]:
    """Return the sums of both."""
    return {**sums, **{name: sums.get(name, CallSums()) + each for name, each in more.items()}}


def calls_to_column(sums: Mapping[str, CallSums]) -> str | None:
    """Return sums as they are stored; None where nothing was called."""
    return json.dumps({name: asdict(each) for name, each in sums.items()}) if sums else None


def calls_from_column(column: object) -> dict[str, CallSums]:
    """Return sums that were stored; none where they cannot be read."""
    try:
        stored = reading.mapping(reading.parsed(column)) if isinstance(column, str) else {}
    except ValueError:
        return {}
    return {reading.name(name): CallSums.from_json(each) for name, each in stored.items()}
