"""The demo server: a thread with an event loop of its own, on a port of this machine."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tui_chat.demo.batches import Batches
from tui_chat.demo.faults import Fault
from tui_chat.demo.log import Log

if TYPE_CHECKING:
    import asyncio


class DemoServer:
    """A server that speaks the Messages wire; its replies are scripted, and its faults are made to order."""

    def __init__(
        self,
        port: int = 0,
        host: str = "127.0.0.1",
        *,
        rate: float = 60.0,
        faults: Sequence[Fault] = (),
        seed: int = 0,
        latency_s: float = 0.15,
    ) -> None:
        self.log = Log()
        """The record of what happened; see `Log`."""
        self.batches = Batches()
        """The batches of requests that it was sent."""
        self._address = (host, port)
        self._rate, self._faults, self._seed, self._latency_s = rate, tuple(faults), seed, latency_s
        self._url = ""
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._ready = threading.Event()

    @property
    def url(self) -> str:
        """The base URL; empty while it does not run."""
        return self._url

    def start(self) -> str:
        """Open the port and serve from a thread of its own; return the base URL. An OSError says why it cannot."""
        if self._thread is None:
            listener = self._listen()
            host, port = listener.getsockname()[:2]
            self._url = f"http://{host}:{port}"
            self._ready.clear()
            self._thread = threading.Thread(target=self._run, args=(listener,), name="demo-server", daemon=True)
            self._thread.start()
        return self._url

    def stop(self) -> None:
        """Close every connection, and end the thread."""
        if self._thread is None:
            return
        self._ready.wait()
        if self._loop is not None and self._stopping is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()
        self._thread, self._url = None, ""

    def serve(self, ready: Callable[[str], object] | None = None) -> None:
        """Serve until SIGINT or SIGTERM; `ready` is told the base URL. To be called in the main thread."""
        ended = threading.Event()
        signals = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, lambda *_: ended.set()) for number in signals}
        try:
            url = self.start()
            if ready is not None:
                ready(url)
            ended.wait()
        finally:
            self.stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def wait_for(self, predicate: Callable[[Log], bool], timeout_s: float) -> bool:
        """Wait until the predicate holds of the log; False if it does not within the time."""
        return self.log.wait_for(predicate, timeout_s)

    def __enter__(self) -> DemoServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _listen(self) -> socket.socket:
        """Bind in the caller's thread: the port is taken, or refused, by the time `start` returns."""
        host, port = self._address
        try:
            return socket.create_server((host, port), backlog=128)
        except OSError as error:
            reason = error.strerror or str(error)
            raise OSError(error.errno, f"The demo server cannot listen on {host}:{port}: {reason}") from error

    def _run(self, listener: socket.socket) -> None:
        # Imported here so that whoever starts the server does not wait for it.
        import asyncio

        try:
            # The one event loop that can watch a listener on every system.
            with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
                runner.run(self._main(listener))
        finally:
            self._loop = self._stopping = None
            self._ready.set()

    async def _main(self, listener: socket.socket) -> None:
        import asyncio

        from tui_chat.demo.listener import Reception
        from tui_chat.demo.service import DemoService

        service = DemoService(self._rate, self._latency_s, self._seed, self._faults, self.log, batches=self.batches)
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        reception = Reception(service, listener)
        reception.open()
        self._ready.set()
        await self._stopping.wait()
        await reception.close()
