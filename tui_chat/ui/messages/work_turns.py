"""Shares out time to messages whose text is not laid out yet, so that no key waits until they are done."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import Protocol

from textual.widget import Widget

from tui_chat.ui.textual_internals.delays import call_after

TURN_S = 0.008
"""Seconds of work until everything else has its turn."""
PAUSE_S = 0.003
"""Seconds for which everything else has its turn: a key passes through several queues."""


class Working(Protocol):
    """A widget that has work left."""

    @property
    def is_attached(self) -> bool:
        """True if it is still on the screen."""
        ...

    def work(self) -> bool:
        """Work until the turn is over; True once nothing is left to do."""
        ...


class WorkTurns:
    """The turns of the messages in one list."""

    def __init__(self, owner: Widget, frame_s: float) -> None:
        self.frame_s = frame_s
        """The least time between two drawings of an unfinished text."""
        self._owner = owner
        self._working: dict[Working, None] = {}
        self._planned = False
        self._ends: float | None = None

    @property
    def busy(self) -> bool:
        """True if work is left."""
        return bool(self._working)

    def may_go_on(self) -> bool:
        """True until the turn is over; it begins with the first question in a round of the event loop."""
        if self._ends is None:
            self._ends = time.perf_counter() + TURN_S
            asyncio.get_running_loop().call_soon(self._end_turn)
        return time.perf_counter() < self._ends

    def expect(self, widget: Working) -> None:
        """Give a widget turns until its work is done."""
        self._working[widget] = None
        self._plan()

    def done(self, widget: Working) -> None:
        """Note that a widget has no work left."""
        self._working.pop(widget, None)

    def waits(self, widget: Working) -> bool:
        """True if a widget has work left."""
        return widget in self._working

    def in_order(self) -> Iterable[Working]:
        """Return those that have work left, the last first: what is read is mostly at the end."""
        return reversed(list(self._working))

    def _plan(self) -> None:
        if self._working and not self._planned:
            self._planned = True
            call_after(PAUSE_S, self._owner, self._take_turns)

    def _take_turns(self) -> None:
        self._planned = False
        for widget in self.in_order():
            if not widget.is_attached or widget.work():
                self.done(widget)
            if not self.may_go_on():
                break
        self._plan()

    def _end_turn(self) -> None:
        self._ends = None
