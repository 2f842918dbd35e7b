"""Accepting connections, and closing every one of them at the end."""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import suppress

from tui_chat.demo.connection import converse
from tui_chat.demo.service import DemoService

_PAUSE_S = 0.01


class Reception:
    """Accepts the connections to a listener.

    asyncio's own server loses a connection when it is closed between accepting it and handing it over.
    """

    def __init__(self, service: DemoService, listener: socket.socket) -> None:
        self._service = service
        self._listener = listener
        self._connections: dict[asyncio.Task[None], socket.socket] = {}

    def open(self) -> None:
        """Begin to accept."""
        self._listener.setblocking(False)
        asyncio.get_running_loop().add_reader(self._listener, self._accept)

    async def close(self) -> None:
        """Accept no more, and end every connection."""
        asyncio.get_running_loop().remove_reader(self._listener)
        self._listener.close()
        sockets = list(self._connections.values())
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        # A task that is cancelled before its first step has closed nothing.
        for connection in sockets:
            connection.close()

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except BlockingIOError:
            return
        except OSError:
            # Out of descriptors, for example. The listener stays readable, so the loop calls this again at once.
            time.sleep(_PAUSE_S)  # in the loop, which could accept nothing anyway
            return
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # each token leaves at once, as elsewhere
        task = asyncio.create_task(_serve(self._service, connection))
        self._connections[task] = connection
        task.add_done_callback(self._connections.pop)


async def _serve(service: DemoService, connection: socket.socket) -> None:
    reader, writer = await asyncio.open_connection(sock=connection)
    service.log.connected(+1)
    try:
        await converse(service, reader, writer)
    except asyncio.CancelledError:
        writer.transport.abort()
        raise
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        service.log.connected(-1)
