"""A reply that is coming, where its thread and the screen meet."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable

from tui_chat.chat.accumulator import ReplyAccumulator
from tui_chat.chat.events import StreamEvent, coalesced
from tui_chat.chat.parts import Part
from tui_chat.streaming.block_order import BlockOrder


class TokenBuffer:
    """Holds what has come of a reply, and knows what of it has yet to be shown.

    The reply's thread puts each event and need only wake the UI when there was nothing to show; the UI drains it at its
    own pace, with runs of tokens joined, so that fast tokens cost the screen no more than slow ones.
    """

    def __init__(self, parts: tuple[Part, ...] = ()) -> None:
        self.reply = ReplyAccumulator(parts)
        """The reply so far. Only its own thread may read its parts, which change; the others have `parts`."""
        self.arrived = 0
        """The number of events so far."""
        self._order = BlockOrder()
        self._unshown: deque[StreamEvent] = deque()
        self._lock = threading.Lock()

    @property
    def unshown(self) -> int:
        """The number of events that have yet to be shown."""
        return len(self._unshown)

    @property
    def out_of_order(self) -> bool:
        """True if something came of a later block before an earlier one has ended."""
        return bool(self._order.held)

    def put(self, event: StreamEvent) -> bool:
        """Add an event; True if from now on there is something to show, so that whoever shows it must be told."""
        with self._lock:
            self.arrived += 1
            self.reply.add(event)
            return self._let_through(self._order.put(event))

    def end(self) -> bool:
        """Let through what waits for blocks that have never ended; True as for `put`."""
        with self._lock:
            return self._let_through(self._order.flush())

    def drain(self) -> list[StreamEvent]:
        """Take out what has yet to be shown, in order, runs of deltas joined."""
        with self._lock:
            taken, self._unshown = self._unshown, deque()
        return list(coalesced(taken))

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts so far, but for what waits for its turn."""
        with self._lock:
            return self.reply.parts_without(self._order.held)

    def catch_up(self) -> tuple[Part, ...]:
        """Return the parts so far, to be shown as a whole: nothing of them is left to be drained."""
        with self._lock:
            self._unshown.clear()
            return self.reply.parts_without(self._order.held)

    def _let_through(self, events: Iterable[StreamEvent]) -> bool:
        was_empty = not self._unshown
        self._unshown.extend(events)
        return was_empty and bool(self._unshown)
