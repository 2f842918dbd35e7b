"""The app, at the other end of two pipes, spoken with as Textual's driver for browsers does."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from asyncio import IncompleteReadError
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import NamedTuple

HELLO = b"__GANGLION__\n"
"""The first words of the app; what comes before is none of its own."""
SCREEN, ABOUT = b"D", b"M"
"""The kinds of packets: what goes to the screen or was typed; and what there is to say beside that."""
SIZE_BYTES = 4
PATIENCE_S = {None: 3.0, signal.SIGTERM: 3.0}
"""Seconds that the app may take to end once it was asked to, and after a signal."""


class Size(NamedTuple):
    """The columns and rows that a page has room for."""

    width: int
    height: int


class AppProcess:
    """One run of the app. It ends by itself when nobody is at the other end of the pipes any more."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, command: Sequence[str], size: Size) -> AppProcess:
        """Start it, for a page of this size."""
        environment = {
            **os.environ,
            "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver",
            "TEXTUAL_COLOR_SYSTEM": "truecolor",
            "TERM_PROGRAM": "textual",
            "COLUMNS": str(size.width),
            "ROWS": str(size.height),
        }
        # In a session of its own, Ctrl+C in the terminal is only the server's, which ends the app in good order.
        return cls(
            await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, env=environment, start_new_session=True
            )
        )

    async def frames(self) -> AsyncIterator[bytes]:
        """Yield what it writes on its screen, until it ends."""
        output = self._process.stdout
        assert output is not None
        with suppress(IncompleteReadError):
            await output.readuntil(HELLO)
            while True:
                kind = await output.readexactly(1)
                size = int.from_bytes(await output.readexactly(SIZE_BYTES), "big")
                packet = await output.readexactly(size)
                if kind == SCREEN:
                    yield packet
        await self._process.wait()

    async def type(self, text: str) -> None:
        """Type something; a lone surrogate, which a page can send, is no text."""
        await self._send(SCREEN, text.encode("utf-8", "replace"))

    async def tell(self, what: str, **about: int) -> None:
        """Say something beside what is typed."""
        await self._send(ABOUT, json.dumps({"type": what, **about}).encode())

    async def end(self) -> None:
        """End it, so that what came is kept; by force only if it does not listen."""
        await self.tell("quit")
        for number, patience_s in PATIENCE_S.items():
            if number is not None:
                self._signal(number)
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._process.wait(), patience_s)
                return
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            self._process.send_signal(number)

    async def _send(self, kind: bytes, payload: bytes) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        with suppress(ConnectionError):  # it has ended, as the end of its output says, too
            pipe.write(kind + len(payload).to_bytes(SIZE_BYTES, "big") + payload)
            await pipe.drain()
