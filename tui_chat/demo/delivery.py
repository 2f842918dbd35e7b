"""Sends a reply: token by token at its pace, or whole; and the faults that break it off."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from typing import NoReturn

from tui_chat.demo.answers import EVENT_ERRORS
from tui_chat.demo.blocks import Json
from tui_chat.demo.events import PING, Event, error_of
from tui_chat.demo.faults import Fault
from tui_chat.demo.http import Hangup, Manner
from tui_chat.demo.pace import Pace
from tui_chat.demo.respond import Response
from tui_chat.records import dataclass, field

_TICK_S = 0.008
"""The shortest wait: faster tokens share a write."""
_WRITE_BYTES = 16 * 1024
_PING_EVERY_S = 0.5
_READ_S = 0.05
"""Enough for a client on this machine to read what has been sent."""


@dataclass(slots=True)
class Delivery:
    """One reply on its way to the client."""

    response: Response
    pace: Pace
    cuts: Sequence[Fault]
    """The faults that break it off, the earliest first."""
    _buffer: bytearray = field(default_factory=bytearray)
    _tokens: int = 0
    """The number of tokens that are sent or in the buffer."""

    async def stream(self, events: Iterable[Event], pings_s: float) -> None:
        """Send the reply as events, after a time of nothing but pings."""
        cuts, clock = list(self.cuts), asyncio.get_running_loop().time
        write_bytes = _WRITE_BYTES if self.response.outbox.manner is Manner.WHOLE else 1
        began = clock()
        for event in events:
            if event.tokens or event.type == "message_delta":
                if cuts and (self._tokens >= cuts[0].at or not event.tokens):
                    await self._flush()
                    if await self._broken_by(cuts.pop(0), event):
                        return
                    continue
                await self._wait_until(began + self.pace.due_s(self._tokens))
            self._tokens += event.tokens
            self._buffer += event.encoded()
            if len(self._buffer) >= write_bytes:
                await self._flush()
            if event.type == "message_start" and pings_s:
                await self._flush()
                await self._only_pings(pings_s)
                began = clock()
        self.response.exchange.tokens_sent = self._tokens
        await self.response.finish(bytes(self._buffer))

    async def whole(self, message: Json, tokens: int) -> None:
        """Send the reply as one message once all of it is due, broken off by the earliest fault."""
        cut = self.cuts[0] if self.cuts else None
        await asyncio.sleep(self.pace.due_s(min(tokens, cut.at) if cut else tokens))
        if cut:
            self.response.strike(cut)
        if cut and cut.name in EVENT_ERRORS:
            await self.response.error(EVENT_ERRORS[cut.name])
            return
        data, name = json.dumps(message).encode(), cut.name if cut else ""
        half = len(data) // 2
        self.response.begin(200, {"content-type": "application/json"}, length=len(data))
        if name == "badjson":
            data = data[:-1] + b" "
        elif name == "badutf8":
            data = data[:half] + b"\xff" + data[half + 1 :]
        elif name:
            await self.response.send(data[:half], tokens=0)
            await self._abandoned(name)
        self.response.exchange.tokens_sent = tokens
        await self.response.finish(data)

    async def _wait_until(self, due: float) -> None:
        """Send what is buffered, then wait; tokens that are already due do not wait, and share a write."""
        wait_s = due - asyncio.get_running_loop().time()
        if wait_s > 0:
            await self._flush()
            await asyncio.sleep(max(wait_s, _TICK_S))

    async def _flush(self) -> None:
        if self._buffer:
            data = bytes(self._buffer)
            self._buffer.clear()
            await self.response.send(data, tokens=self._tokens)

    async def _only_pings(self, seconds: float) -> None:
        clock = asyncio.get_running_loop().time
        until = clock() + seconds
        while (left_s := until - clock()) > 0:
            await self.response.send(PING.encoded(), tokens=self._tokens)
            await asyncio.sleep(min(_PING_EVERY_S, left_s))

    async def _broken_by(self, cut: Fault, event: Event) -> bool:
        """Break the stream off in the place of this event; False if it goes on after it."""
        response, data = self.response, event.encoded()
        response.strike(cut)
        match cut.name:
            case "badjson":
                await response.send(data.rstrip(b"}\n") + b"\n\n", tokens=self._tokens)
                return False
            case "badutf8":
                await response.send(data.replace(b'":"', b'":"\xff\xfe', 1), tokens=self._tokens)
                return False
            case "error" | "error-api":
                error = EVENT_ERRORS[cut.name]
                body = error_of(error.type, error.message, response.exchange.request_id)
                await response.finish(Event("error", body).encoded())
            case "eof":
                await response.finish(b"")
            case "cut":
                await response.send(data[: len(data) // 2], tokens=self._tokens)
                raise Hangup
            case _:
                await self._abandoned(cut.name)
        return True

    async def _abandoned(self, name: str) -> NoReturn:
        """Leave the answer as it is: quiet, reset, or closed before its end."""
        if name == "stall":
            await asyncio.Event().wait()
        if name == "reset":
            # Some systems throw away what a client has not read when a reset comes; the tokens before it count as sent.
            await asyncio.sleep(_READ_S)
            self.response.outbox.reset()
        raise Hangup
