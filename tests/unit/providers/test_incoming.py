"""The bounds on what a server sends: beyond them is a failure with a sentence, and what came before is kept."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.providers.test_errors import START, TEXT, failure
from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.events import MessageStop, StreamEvent, TextDelta
from tui_chat.chat.request import ReplyRequest
from tui_chat.providers import incoming, reply_size

if TYPE_CHECKING:
    from tests.unit.providers.conftest import Loopback

RequestFor = Callable[..., ReplyRequest]
COMPLETION = {"id": "i", "choices": [{"index": 0, "delta": {"content": "so far"}}]}
WIRES = {"anthropic": (START, TEXT), "openai": (COMPLETION,)}


def encoded(body: bytes, encoding: str, content_type: str) -> bytes:
    head = f"HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-encoding: {encoding}\r\n"
    return f"{head}content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body


def event(value: str) -> bytes:
    """Return an event of a block whose input is this JSON text."""
    start = json.dumps({"type": "content_block_start", "index": 1, "content_block": {"type": "tool_use", "input": 0}})
    return f"event: content_block_start\ndata: {start.replace('0', value)}\n\n".encode()


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("encoding", ["gzip", "br", "identity, gzip"])
async def test_an_encoding_that_was_not_asked_for_is_refused_unread(
    server: Loopback, request_for: RequestFor, wire: str, encoding: str
) -> None:
    bomb = gzip.compress(b" " * 10_000_000)
    server.will(server.raw(encoded(bomb, encoding, "text/event-stream")))
    error = await failure(server.provider(wire), request_for())
    assert (error.kind, error.retryable) == (ErrorKind.PROTOCOL, False)
    assert "compressed" in error.sentence
    assert server.received[0].headers["accept-encoding"] == "identity"
    with pytest.raises(ChatError, match="compressed"):
        await server.provider(wire).create(request_for(), lambda: None)
    with pytest.raises(ChatError, match="compressed"):
        await server.provider(wire).list_models()


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("limit", ["LARGEST_ANSWER_BYTES", "LONGEST_LINE_BYTES"])
async def test_more_bytes_than_any_reply_has_end_it_and_what_came_is_kept(
    server: Loopback, request_for: RequestFor, monkeypatch: pytest.MonkeyPatch, wire: str, limit: str
) -> None:
    monkeypatch.setattr(incoming, limit, 50_000)
    came: list[StreamEvent] = []
    server.will(server.sse(*WIRES[wire], b"data: " + b"x" * 200_000, then=server.silence))
    error = await failure(server.provider(wire), request_for(), came)
    assert (error.kind, error.retryable) == (ErrorKind.PROTOCOL, False)
    assert "more than a reply may have" in error.sentence
    assert TextDelta(0, "so far") in came


async def test_a_batch_reply_has_the_same_limit(
    server: Loopback, request_for: RequestFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "LARGEST_ANSWER_BYTES", 50_000)
    server.will(server.status(200, {"type": "message", "content": [{"type": "text", "text": "x" * 60_000}]}))
    with pytest.raises(ChatError, match="more than a reply may have"):
        await server.provider().create(request_for(), lambda: None)


BLOCK = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
CITATION = {"type": "content_block_delta", "index": 0, "delta": {"type": "citations_delta", "citation": {"url": "u"}}}


@pytest.mark.parametrize(
    ("limit", "endless"), [("LONGEST_REPLY", TEXT), ("MOST_BLOCKS", BLOCK), ("MOST_CITATIONS", CITATION)]
)
async def test_an_endless_reply_has_an_end(
    server: Loopback, request_for: RequestFor, monkeypatch: pytest.MonkeyPatch, limit: str, endless: dict[str, Any]
) -> None:
    monkeypatch.setattr(reply_size, limit, 60)
    came: list[StreamEvent] = []
    server.will(server.sse(START, *[endless] * 100, then=server.silence))
    error = await failure(server.provider(), request_for(), came)
    assert (error.kind, error.retryable) == (ErrorKind.PROTOCOL, False)
    assert 10 <= len(came) - 1 <= 60


@pytest.mark.parametrize("value", ["[" * 100_000 + "]" * 100_000, "9" * 5_000], ids=["deep", "digits"])
@pytest.mark.parametrize("wire", WIRES)
async def test_json_that_no_parser_takes_is_an_unreadable_event(
    server: Loopback, request_for: RequestFor, wire: str, value: str
) -> None:
    came: list[StreamEvent] = []
    server.will(server.sse(*WIRES[wire], event(value), then=server.silence))
    error = await failure(server.provider(wire), request_for(), came)
    assert (error.kind, error.retryable) == (ErrorKind.PROTOCOL, True)
    assert "unreadable" in error.sentence
    assert TextDelta(0, "so far") in came


@pytest.mark.parametrize("rest", [event("[" * 100_000), event("9" * 5_000), b"data: " + b"x" * 200_000], ids=len)
async def test_nothing_after_the_end_of_a_reply_harms_it(
    server: Loopback, request_for: RequestFor, monkeypatch: pytest.MonkeyPatch, rest: bytes
) -> None:
    monkeypatch.setattr(incoming, "LONGEST_LINE_BYTES", 150_000)
    finished = {**COMPLETION, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    server.will(server.sse(COMPLETION, finished, rest, then=server.silence))
    came = [event async for event in server.provider("openai").stream(request_for(), lambda: None)]
    assert came[-1] == MessageStop()
