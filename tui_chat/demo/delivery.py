"""How a reply goes out: token by token at its pace, or whole; and the faults that break it off."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from tui_chat.demo.answers import EVENT_ERRORS
from tui_chat.demo.blocks import Json
from tui_chat.demo.events import PING, Event, error_of
from tui_chat.demo.faults import Fault
from tui_chat.demo.http import Hangup
from tui_chat.demo.log import Log
from tui_chat.demo.pace import Pace
from tui_chat.demo.respond import Response

_TICK_S = 0.008
"""The shortest wait: faster tokens share a write."""
_WRITE_BYTES = 16 * 1024
_PING_EVERY_S = 0.5


@dataclass(slots=True)
class Delivery:
    """One reply on its way to the client."""

    response: Response
    log: Log
    pace: Pace
    cuts: Sequence[Fault]
    """The faults that break it off, the earliest first."""

    async def stream(self, events: Iterable[Event], pings_s: float) -> None:
        """Send the reply as events, after a time of nothing but pings."""
        cuts, buffer, sent = list(self.cuts), bytearray(), 0
        clock = asyncio.get_running_loop().time
        began = clock()
        for event in events:
            if event.tokens or event.type == "message_delta":
                if cuts and (sent >= cuts[0].at or not event.tokens):
                    await self._flush(buffer, sent)
                    if await self._broken_by(cuts.pop(0), event):
                        return
                    continue
                wait_s = began + self.pace.due_s(sent) - clock()
                if wait_s > 0:
                    await self._flush(buffer, sent)
                    await asyncio.sleep(max(wait_s, _TICK_S))
                sent += event.tokens
            buffer += event.encoded()
            if len(buffer) >= _WRITE_BYTES:
                await self._flush(buffer, sent)
            if event.type == "message_start" and pings_s:
                await self._flush(buffer, sent)
                await self._only_pings(pings_s)
                began = clock()
        self.response.exchange.tokens_sent = sent
        self.response.exchange.completed = True
        await self.response.outbox.send(bytes(buffer), last=True)

    async def whole(self, message: Json, tokens: int) -> None:
        """Send the reply as one message once all of it is due, broken off by the earliest fault."""
        cut = self.cuts[0] if self.cuts else None
        await asyncio.sleep(self.pace.due_s(min(tokens, cut.at) if cut else tokens))
        data, name = json.dumps(message).encode(), cut.name if cut else ""
        half = len(data) // 2
        if cut:
            self.response.strike(cut)
        if name in EVENT_ERRORS:
            await self.response.error(EVENT_ERRORS[name])
            return
        self.response.begin(200, {"content-type": "application/json"}, length=len(data))
        if name == "badjson":
            data = data[:-1] + b" "
        elif name == "badutf8":
            data = data[:half] + b"\xff" + data[half + 1 :]
        elif name:
            await self.response.outbox.send(data[:half])
            await self._abandoned(name)
        self.response.exchange.tokens_sent = tokens
        self.response.exchange.completed = not name
        await self.response.outbox.send(data, last=True)

    async def _abandoned(self, name: str) -> NoReturn:
        """Leave the answer as it is: quiet, reset, or closed before its end."""
        if name == "stall":
            await asyncio.Event().wait()
        if name == "reset":
            self.response.outbox.reset()
        raise Hangup

    async def _only_pings(self, seconds: float) -> None:
        clock = asyncio.get_running_loop().time
        until = clock() + seconds
        while (left := until - clock()) > 0:
            await self.response.outbox.send(PING.encoded())
            await asyncio.sleep(min(_PING_EVERY_S, left))

    async def _flush(self, buffer: bytearray, sent: int) -> None:
        if buffer:
            data = bytes(buffer)
            buffer.clear()
            self.response.exchange.tokens_sent = sent
            await self.response.outbox.send(data)
            self.log.changed()

    async def _broken_by(self, cut: Fault, event: Event) -> bool:
        """Break the stream off in the place of this event; False if it goes on after it."""
        self.response.strike(cut)
        data = event.encoded()
        match cut.name:
            case "badjson":
                await self.response.outbox.send(data.rstrip(b"}\n") + b"\n\n")
                return False
            case "badutf8":
                await self.response.outbox.send(data.replace(b'":"', b'":"\xff\xfe', 1))
                return False
            case "error" | "error-api":
                error = EVENT_ERRORS[cut.name]
                body = error_of(error.type, error.message, self.response.exchange.request_id)
                await self.response.outbox.send(Event("error", body).encoded(), last=True)
            case "eof":
                await self.response.outbox.send(b"", last=True)
            case "cut":
                await self.response.outbox.send(data[: len(data) // 2])
                raise Hangup
            case _:
                await self._abandoned(cut.name)
        return True
