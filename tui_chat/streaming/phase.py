"""The present phase of a reply, for whoever shows it."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from tui_chat.chat.errors import ChatError
from tui_chat.chat.parts import ToolCallPart
from tui_chat.records import dataclass
from tui_chat.streaming.buffer import TokenBuffer

RUNNING = "running"
"""The first word of a notice that tools run, or wait to be allowed."""


class Step(StrEnum):
    """The steps of one reply."""

    CONNECTING = "connecting"
    WAITING = "waiting"
    STREAMING = "streaming"
    RETRYING = "retrying"


@dataclass(frozen=True, slots=True)
class Phase:
    """A step, when it began (monotonic seconds), and what led to it."""

    step: Step
    since: float
    until: float | None = None
    """The end of a countdown (monotonic seconds)."""
    attempt: int = 0
    """The number of this retry, from 1."""
    attempts: int = 0
    """The number of retries there may be."""
    error: ChatError | None = None
    """The failure that is retried."""
    notice: str = ""
    """A sentence about a change of plan, such as the fallback to batch."""


class ReplyWatcher(Protocol):
    """Sees a reply as it comes; called in the reply's thread, and returns at once."""

    @property
    def behind(self) -> bool:
        """True if it has so much left to show that the reply should wait for it."""
        ...

    @property
    def unseen(self) -> bool:
        """True if nobody sees the reply come, so that it may come some tokens at a time."""
        ...

    async def may_run(self, call: ToolCallPart) -> bool:
        """Return whether the user lets a tool be called so; this alone may take its time, and may be cancelled."""
        ...

    def on_phase(self, phase: Phase) -> None:
        """Take up a phase that the reply has entered."""
        ...

    def on_arrival(self, buffer: TokenBuffer) -> None:
        """Note that there is something to show again; nothing more is said of it until the buffer is drained."""
        ...
