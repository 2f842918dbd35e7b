"""The sizes of batches."""

from __future__ import annotations

from tui_chat.chat.message import Role
from tui_chat.chat.parts import TextPart
from tui_chat.chat.request import ReplyRequest, Turn
from tui_chat.cli.evaluate_batches import MOST_BYTES, MOST_REQUESTS, in_chunks


def request(text: str, system: str = "") -> ReplyRequest:
    return ReplyRequest("m", (Turn(Role.USER, (TextPart(text),)),), system)


def test_a_batch_has_so_many_requests_at_the_most() -> None:
    chunks = list(in_chunks((str(number), request("x")) for number in range(2 * MOST_REQUESTS + 1)))
    assert [len(chunk) for chunk in chunks] == [MOST_REQUESTS, MOST_REQUESTS, 1]
    assert list(chunks[2]) == [str(2 * MOST_REQUESTS)]
    assert list(in_chunks([])) == []


def test_a_batch_has_so_many_bytes_at_the_most() -> None:
    half = "é" * (MOST_BYTES // 8)
    chunks = list(in_chunks((str(number), request(half, half)) for number in range(5)))
    assert [len(chunk) for chunk in chunks] == [2, 2, 1]
