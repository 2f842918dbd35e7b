"""The answer to one request: heads, bodies, errors, and a record of the faults that strike it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from tui_chat.demo.answers import ErrorAnswer, PageAnswer, answer_to
from tui_chat.demo.events import error_of
from tui_chat.demo.faults import Fault, FaultPhase
from tui_chat.demo.http import Outbox
from tui_chat.demo.log import Log, LoggedRequest
from tui_chat.demo.turns import Turns
from tui_chat.records import dataclass


@dataclass(slots=True)
class Response:
    """One answer while it is given."""

    exchange: LoggedRequest
    outbox: Outbox
    log: Log
    turns: Turns
    keep_alive: bool
    turn: str = ""
    """The turn that faults are counted in."""

    def begin(self, status: int, headers: Mapping[str, str], *, length: int | None) -> None:
        """Send the head; without a length the body comes in chunks."""
        self.exchange.status = status
        named = {"request-id": self.exchange.request_id, **headers}
        self.outbox.head(status, named, length=length, keep_alive=self.keep_alive)

    async def json(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        """Answer with JSON."""
        await self._body(status, json.dumps(body).encode(), {"content-type": "application/json", **(headers or {})})

    async def error(self, error: ErrorAnswer) -> None:
        """Answer with an error of the API."""
        body = error_of(error.type, error.message, self.exchange.request_id)
        await self.json(error.status, body, error.headers)

    async def page(self, page: PageAnswer) -> None:
        """Answer with a page of HTML."""
        await self._body(page.status, page.page.encode(), {"content-type": "text/html; charset=utf-8", **page.headers})

    async def file(self, content: bytes, media_type: str) -> None:
        """Answer with a file."""
        await self._body(200, content, {"content-type": media_type})

    async def refused(self, faults: Sequence[Fault], model: str) -> bool:
        """Answer with the first fault that takes the reply's place; False if there is none."""
        fault = next((fault for fault in faults if fault.kind.phase is FaultPhase.ANSWER), None)
        if fault is None:
            return False
        self.strike(fault)
        if fault.name == "silent":
            await asyncio.Event().wait()
        answer = answer_to(fault, model)
        await (self.error(answer) if isinstance(answer, ErrorAnswer) else self.page(answer))
        return True

    def strike(self, fault: Fault) -> None:
        """Record that a fault acts on this answer."""
        self.turns.hit(self.turn, fault)
        self.log.struck(self.exchange, fault.name)

    async def send(self, data: bytes, *, tokens: int) -> None:
        """Send a piece of the body; `tokens` is how many have been sent with it."""
        self.exchange.tokens_sent = tokens
        await self.outbox.send(data)
        self.log.changed()

    async def finish(self, data: bytes) -> None:
        """Send the last piece of the body."""
        # Noted first: a client may leave as soon as it has the last byte.
        self.exchange.finished = True
        await self.outbox.send(data, last=True)

    async def _body(self, status: int, data: bytes, headers: Mapping[str, str]) -> None:
        self.begin(status, headers, length=len(data))
        await self.finish(data)
