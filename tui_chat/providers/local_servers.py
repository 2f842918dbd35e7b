"""Servers on this machine that run models, found by asking each likely port which models it has.

Ollama, llama.cpp, vLLM and LM Studio all answer `GET /v1/models`. Any program may listen at such a port, so it hears
nothing but that one line: no key and no cookie, through no proxy, and no redirect is followed.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from types import SimpleNamespace

from tui_chat.chat.models import Model
from tui_chat.patterns import pattern
from tui_chat.providers.config import LAST_PORT
from tui_chat.providers.model_info import context_told
from tui_chat.records import dataclass
from tui_chat.text import clean_line, reading
from tui_chat.text.limits import LARGEST_MODEL_LIST_BYTES, LONGEST_NAME, MOST_LISTED_MODELS

PATIENCE_S = 0.5
"""Seconds that a port may take for all of its answer."""
HOSTS = ("127.0.0.1", "[::1]")
OLLAMA_PORT = 11434
_ANYWHERE = ("0.0.0.0", "[::]", "::", "::1", "localhost", "", *HOSTS)
"""The hosts of `OLLAMA_HOST` at which a server can be reached on this machine."""
_OK = pattern(rb"HTTP/1\.[01] 200\b")
_LENGTH = pattern(rb"^content-length:[ \t]*([0-9]{1,9})[ \t]*\r$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A server on this machine, and the models that it offers."""

    address: str
    models: tuple[Model, ...]


async def find_servers(ports: Iterable[int]) -> Sequence[FoundServer]:
    """Return the servers at these ports that offer models, within half a second."""
    found = await asyncio.gather(*(_found_at(port) for port in dict.fromkeys(ports)))
    return [server for server in found if server is not None]


def ollama_port(host: str) -> int | None:
    """Return the port that `OLLAMA_HOST` names, by Ollama's own rules; None where that is another machine's."""
    scheme, _, rest = host.strip().rpartition("://")
    place = rest.partition("/")[0]
    name, colon, port = place.rpartition(":")
    if place in _ANYWHERE or not colon:  # an IPv6 address without a port has colons, too
        name, port = place, ""
    if scheme.lower() not in ("", "http") or name.lower() not in _ANYWHERE:
        return None
    usual = 80 if scheme else OLLAMA_PORT
    return int(port) if re.fullmatch(r"[0-9]{1,5}", port) and 0 < int(port) <= LAST_PORT else usual


def models_in(answer: bytes) -> tuple[Model, ...]:
    """Return the models that an answer lists; none of one that is no such list."""
    try:
        data = reading.mapping(reading.bounded(reading.parsed(answer)))
    except ValueError:
        return ()
    listed = data.get("data") if data.get("object") == "list" else None
    items = map(reading.mapping, listed[:MOST_LISTED_MODELS] if isinstance(listed, list) else ())
    models = {
        id: Model(id, context_window=context_told(SimpleNamespace(**item)))
        for item in items
        if isinstance(id := item.get("id"), str) and _is_plain(id)
    }
    return tuple(models.values())


def _is_plain(id: str) -> bool:
    """True if an id can be shown, kept and asked for as it is: whoever listens there may have made it up."""
    return 0 < len(id) <= LONGEST_NAME and clean_line(id).strip() == id


async def _found_at(port: int) -> FoundServer | None:
    """Return the server at a port, if there is one that offers models."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            for host in HOSTS:
                if models := models_in(await _answer(host, port)):
                    return FoundServer(f"http://{host}:{port}/v1", models)
    except TimeoutError:
        pass
    return None


async def _answer(host: str, port: int) -> bytes:
    """Return the body of an answer; nothing of one that is an error, too large or not HTTP."""
    try:
        reader, writer = await asyncio.open_connection(host.strip("[]"), port, limit=LARGEST_MODEL_LIST_BYTES)
    except OSError:
        return b""
    try:
        # HTTP/1.0: the body is not sent in chunks, and ends with the connection.
        writer.write(f"GET /v1/models HTTP/1.0\r\nHost: {host}:{port}\r\nAccept: application/json\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        return await _body(reader, head) if _OK.match(head) else b""
    except (OSError, EOFError, asyncio.LimitOverrunError):
        return b""
    finally:
        writer.transport.abort()


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    """Return what follows the head, unless it is too large."""
    said = _LENGTH.search(head)
    length, body = int(said[1]) if said else LARGEST_MODEL_LIST_BYTES + 1, b""
    if said and length > LARGEST_MODEL_LIST_BYTES:
        return b""
    while len(body) < length and (more := await reader.read(length - len(body))):
        body += more
    return body if len(body) <= LARGEST_MODEL_LIST_BYTES else b""
