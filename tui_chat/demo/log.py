"""A record of what happened at the server, for tests: requests, what was sent, and who closed the connection."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

from tui_chat.demo.faults import FAULTS, FaultPhase
from tui_chat.records import dataclass, field

_MAX_EXCHANGES = 1000
_MAX_SIZE = 4_000_000


@dataclass(slots=True, eq=False)
class LoggedRequest:
    """One request and what became of it. Times are from `time.monotonic()`."""

    number: int
    method: str
    path: str
    headers: Mapping[str, str]
    """Names in lower case; what could hold a key is redacted."""
    body: Any = None
    """The parsed JSON body; None if there was none."""
    size: int = 0
    """The body's length in bytes, and that of the text."""
    status: int | None = None
    """The status of the answer; None until one is sent."""
    request_id: str = ""
    text: str = ""
    """The whole text that this answer was to have."""
    tokens_sent: int = 0
    faults: list[str] = field(default_factory=list)
    """The names of the faults that struck, in their order."""
    began_at: float = field(default_factory=monotonic)
    ended_at: float | None = None
    """The time at which the server was done with it, in whatever way."""
    finished: bool = False
    """True if the server sent all that it was going to send."""
    client_closed_at: float | None = None
    """The time at which the client closed its connection before the end; None if it did not."""

    @property
    def completed(self) -> bool:
        """True if a whole answer went out: all of it, and not broken off by a fault."""
        return self.finished and not any(FAULTS[fault].phase is FaultPhase.CUT for fault in self.faults)

    @property
    def closed_early(self) -> bool:
        """True if the client closed its connection before the answer had ended, as Stop does."""
        return self.client_closed_at is not None


class Log:
    """The newest exchanges, safe to read from any thread. Old ones are dropped, so that it stays small."""

    def __init__(self) -> None:
        self._changed = threading.Condition(threading.RLock())
        self._exchanges: deque[LoggedRequest] = deque()
        self._kept_size = 0
        self._total = 0
        self._open_connections = 0

    @property
    def exchanges(self) -> tuple[LoggedRequest, ...]:
        """The newest exchanges, oldest first."""
        with self._changed:
            return tuple(self._exchanges)

    @property
    def replies(self) -> tuple[LoggedRequest, ...]:
        """The requests for a reply among them."""
        return tuple(exchange for exchange in self.exchanges if exchange.path == "/v1/messages")

    @property
    def closed_early(self) -> tuple[LoggedRequest, ...]:
        """Those whose client closed its connection before the end."""
        return tuple(exchange for exchange in self.exchanges if exchange.closed_early)

    @property
    def total(self) -> int:
        """The number of requests so far, dropped ones included."""
        return self._total

    @property
    def open_connections(self) -> int:
        """The number of connections that are open now."""
        return self._open_connections

    def wait_for(self, predicate: Callable[[Log], bool], timeout_s: float) -> bool:
        """Wait until the predicate holds of this log; False if it does not within the time."""
        with self._changed:
            return self._changed.wait_for(lambda: predicate(self), timeout_s)

    def changed(self) -> None:
        """Wake the threads that wait for a change."""
        with self._changed:
            self._changed.notify_all()

    def connected(self, change: int) -> None:
        """Count a connection that opened (+1) or closed (-1)."""
        with self._changed:
            self._open_connections += change
            self._changed.notify_all()

    def begin(self, method: str, path: str, headers: Mapping[str, str], body: Any, size: int) -> LoggedRequest:
        """Record a request."""
        with self._changed:
            self._total += 1
            number = self._total
            exchange = LoggedRequest(number, method, path, headers, body, size, request_id=f"req_demo_{number:06}")
            self._exchanges.append(exchange)
            self._keep(size)
            self._changed.notify_all()
        return exchange

    def expect(self, exchange: LoggedRequest, text: str) -> None:
        """Record the text that an answer is to have."""
        with self._changed:
            exchange.text = text
            exchange.size += len(text)
            self._keep(len(text))

    def struck(self, exchange: LoggedRequest, fault: str) -> None:
        """Record that a fault acts on an answer."""
        with self._changed:
            exchange.faults.append(fault)
            self._changed.notify_all()

    def end(self, exchange: LoggedRequest, *, client_closed: bool) -> None:
        """Record how an exchange ended."""
        with self._changed:
            exchange.ended_at = monotonic()
            if client_closed and not exchange.finished:
                exchange.client_closed_at = exchange.ended_at
            self._changed.notify_all()

    def _keep(self, size: int) -> None:
        """Make room for what was added."""
        self._kept_size += size
        while len(self._exchanges) > _MAX_EXCHANGES or (len(self._exchanges) > 1 and self._kept_size > _MAX_SIZE):
            self._kept_size -= self._exchanges.popleft().size
