"""One connection: requests answered one after the other, and a client that leaves noticed at once."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from tui_chat.demo.answers import ErrorAnswer
from tui_chat.demo.http import BadRequest, Hangup, Inbox, Outbox, Request
from tui_chat.demo.log import LoggedRequest
from tui_chat.demo.respond import Response
from tui_chat.demo.service import DemoService

_SECRET = ("authorization", "x-api-key", "proxy-authorization", "cookie")
_LINGER_S = 2.0
"""Seconds of silence after which a client that is still to send something is left."""
_ERROR_TYPES = {400: "invalid_request_error", 413: "request_too_large"}


async def converse(service: DemoService, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer requests until either side ends the connection."""
    inbox, outbox = Inbox(reader, writer), Outbox(writer)
    try:
        while (request := await inbox.request()) is not None:
            await _answer(service, request, inbox, outbox)
            if not request.keep_alive:
                break
    except BadRequest as error:
        await _reject(service, error, inbox, outbox)
    except (Hangup, ConnectionError):
        pass


async def _answer(service: DemoService, request: Request, inbox: Inbox, outbox: Outbox) -> None:
    """Answer a request, unless its client leaves first."""
    exchange = _logged(service, request)
    answer = asyncio.create_task(service.answer(request, exchange, outbox))
    gone = asyncio.create_task(inbox.closed())
    left = False
    try:
        await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
        left = not answer.done()
    finally:
        gone.cancel()
        answer.cancel()
        _, failure = await asyncio.gather(gone, answer, return_exceptions=True)
        left = left or isinstance(failure, ConnectionError)
        service.log.end(exchange, client_closed=left)
    if left:
        outbox.abort()
        raise Hangup
    if isinstance(failure, BaseException):
        raise failure


async def _reject(service: DemoService, error: BadRequest, inbox: Inbox, outbox: Outbox) -> None:
    """Answer to what is not a request; what may follow it cannot be told from it, so the connection ends."""
    exchange = service.log.begin("", "", {}, None, 0)
    response = Response(exchange, outbox, service.log, service.turns, keep_alive=False)
    await response.error(ErrorAnswer(error.status, _ERROR_TYPES[error.status], str(error)))
    service.log.end(exchange, client_closed=False)
    # A client that is still sending would meet a reset, and never see the answer.
    outbox.close()
    await inbox.rest(_LINGER_S)


def _logged(service: DemoService, request: Request) -> LoggedRequest:
    headers = {name: "[redacted]" if name in _SECRET else value for name, value in request.headers.items()}
    return service.log.begin(request.method, request.path, headers, _parsed(request.body), len(request.body))


def _parsed(body: bytes) -> Any:
    """Return the JSON value; None if it is not one, or one nested beyond reason."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
