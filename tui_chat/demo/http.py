"""As much of HTTP/1.1 as a loopback server needs: requests read, answers written whole or in chunks."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Mapping
from contextlib import suppress
from enum import Enum

from tui_chat.records import dataclass

MAX_BODY_BYTES = 32 * 1024 * 1024
"""The API's own limit."""
_MAX_HEAD_BYTES = 64 * 1024
_READ_BYTES = 64 * 1024

_REASONS = {
    200: "OK",
    302: "Found",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Payload Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    529: "Overloaded",
}


class BadRequest(Exception):
    """A request that this server cannot read; the connection closes after the answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Hangup(Exception):
    """The connection ends here, in the middle of an answer."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request, read whole."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    keep_alive: bool


class Inbox:
    """The requests of a client."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._buffer = bytearray()

    async def request(self) -> Request | None:
        """Return the next request; None once the client has closed."""
        head = await self._until(b"\r\n\r\n")
        if head is None:
            return None
        method, path, version, headers = _parse_head(head)
        if headers.get("expect", "").lower() == "100-continue":
            self._writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await self._body(headers)
        if body is None:
            return None
        connection = headers.get("connection", "").lower()
        keep_alive = "close" not in connection and (version != "HTTP/1.0" or "keep-alive" in connection)
        return Request(method, path, headers, body, keep_alive)

    async def closed(self) -> None:
        """Return once the client has closed; a request that it sends meanwhile is kept."""
        while await self._fill():
            if len(self._buffer) > MAX_BODY_BYTES:
                return

    async def rest(self, patience_s: float) -> None:
        """Read on, for nothing, until the client has closed, or has sent nothing for so long."""
        with suppress(TimeoutError):
            while await asyncio.wait_for(self._fill(), patience_s):
                self._buffer.clear()

    async def _body(self, headers: Mapping[str, str]) -> bytes | None:
        if "chunked" in headers.get("transfer-encoding", "").lower():
            return await self._chunked_body()
        length = headers.get("content-length", "0")
        if not length.isdecimal():
            raise BadRequest(400, "Content-Length is not a number")
        if int(length) > MAX_BODY_BYTES:
            raise BadRequest(413, "Request exceeds the maximum size")
        return await self._exactly(int(length))

    async def _chunked_body(self) -> bytes | None:
        body = bytearray()
        while (line := await self._until(b"\r\n")) is not None:
            try:
                length = int(line.partition(b";")[0], 16)
            except ValueError:
                raise BadRequest(400, "A chunk's length is not a number") from None
            if length < 0 or len(body) + length > MAX_BODY_BYTES:
                raise BadRequest(413, "Request exceeds the maximum size")
            if length == 0:
                while await self._until(b"\r\n"):  # trailers
                    pass
                return bytes(body)
            piece = await self._exactly(length)
            if piece is None or await self._exactly(2) is None:
                return None
            body += piece
        return None

    async def _until(self, end: bytes) -> bytes | None:
        """Return the bytes before `end`; None once the client has closed."""
        searched = 0
        while (found := self._buffer.find(end, searched)) < 0:
            if len(self._buffer) > _MAX_HEAD_BYTES:
                raise BadRequest(400, "The head of the request is too long")
            searched = max(0, len(self._buffer) - len(end))
            if not await self._fill():
                return None
        return self._take(found, len(end))

    async def _exactly(self, length: int) -> bytes | None:
        while len(self._buffer) < length:
            if not await self._fill():
                return None
        return self._take(length, 0)

    def _take(self, length: int, skip: int) -> bytes:
        taken = bytes(self._buffer[:length])
        del self._buffer[: length + skip]
        return taken

    async def _fill(self) -> bool:
        try:
            data = await self._reader.read(_READ_BYTES)
        except ConnectionError:
            return False
        self._buffer += data
        return bool(data)


def _parse_head(head: bytes) -> tuple[str, str, str, dict[str, str]]:
    line, *rest = head.decode("latin-1").lstrip("\r\n").split("\r\n")
    words = line.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise BadRequest(400, "This is not an HTTP/1.1 request")
    headers = {}
    for item in rest:
        name, colon, value = item.partition(":")
        if not colon:
            raise BadRequest(400, "A header has no colon")
        headers[name.strip().lower()] = value.strip()
    return words[0], words[1].partition("?")[0], words[2], headers


class Manner(Enum):
    """The way the bytes of a body are cut."""

    WHOLE = "whole"
    """As they are."""
    SPLIT = "split"
    """Each piece in two, at each of its bytes in turn; within a UTF-8 sequence if there is one."""
    TRICKLE = "trickle"
    """One byte at a time."""


class Outbox:
    """The answers to a client."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._chunked = False
        self._pieces = 0
        self.manner = Manner.WHOLE
        self.byte_pause_s = 0.0
        """The pause after each byte that trickles."""

    def head(self, status: int, headers: Mapping[str, str], *, length: int | None, keep_alive: bool) -> None:
        """Begin an answer; without a length its body comes in chunks."""
        self._chunked = length is None
        self._pieces = 0
        framing = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
        lines = [f"HTTP/1.1 {status} {_REASONS[status]}", *(f"{name}: {value}" for name, value in headers.items())]
        lines += [framing, f"Connection: {'keep-alive' if keep_alive else 'close'}", "", ""]
        self._writer.write("\r\n".join(lines).encode("latin-1"))

    async def send(self, data: bytes, *, last: bool = False) -> None:
        """Send a piece of the body; other tasks get their turn after each write. The last piece ends the answer."""
        *parts, final = self._cut(data)
        for part in parts:
            await self._write(self._framed(part))
        # The end goes with the last bytes: a client may close as soon as it has seen them.
        end = b"0\r\n\r\n" if last and self._chunked else b""
        await self._write(self._framed(final) + end)

    def close(self) -> None:
        """Say that nothing more will come; the client may still send."""
        self._writer.write_eof()

    def abort(self) -> None:
        """End the connection; what is not sent yet never is."""
        self._writer.transport.abort()

    def reset(self) -> None:
        """End the connection with a TCP reset."""
        self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.abort()

    async def _write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()
        await asyncio.sleep(self.byte_pause_s if self.manner is Manner.TRICKLE else 0)

    def _framed(self, data: bytes) -> bytes:
        return b"%x\r\n%b\r\n" % (len(data), data) if self._chunked and data else data

    def _cut(self, data: bytes) -> list[bytes]:
        match self.manner:
            case Manner.TRICKLE if data:
                return [data[at : at + 1] for at in range(len(data))]
            case Manner.SPLIT if len(data) > 1:
                inside = [at for at in range(1, len(data)) if data[at] & 0xC0 == 0x80] or range(1, len(data))
                at = inside[self._pieces % len(inside)]
                self._pieces += 1
                return [data[:at], data[at:]]
        return [data]
