"""Bounds on what comes over a connection: how it is encoded, how much it is, how long a line of it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2

from tui_chat.text.limits import LARGEST_ANSWER_BYTES, LARGEST_RESULTS_BYTES, LONGEST_LINE_BYTES

PLAIN = {"accept-encoding": "identity"}
"""Nothing compressed is asked for: a few KB of it may be gigabytes."""

BATCH_RESULTS = "/results"
"""The end of the address that the results of a batch are at: one in a line, and they are read line by line."""


class EncodedAnswer(Exception):
    """The answer is in a content encoding that was not asked for."""


class AnswerTooLarge(Exception):
    """The answer, or a line of it, is larger than anything that can be wanted."""


async def bound_answer(response: httpx2.Response) -> None:
    """Look at an answer's head, and see to it that no more of it is read than is good; a hook of the HTTP client's."""
    if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise EncodedAnswer
    of_batch = response.request.url.path.endswith(BATCH_RESULTS)
    of_lines = of_batch or "event-stream" in response.headers.get("content-type", "")
    largest = LARGEST_RESULTS_BYTES if of_batch else LARGEST_ANSWER_BYTES
    response.stream = _Bounded(response.stream, LONGEST_LINE_BYTES if of_lines else largest, largest)


class _Bounded(httpx2.AsyncByteStream):
    """A body that ends in an exception when it becomes too large."""

    def __init__(self, body: Any, longest_line: int, largest: int) -> None:
        self._body = body
        self._longest_line = longest_line
        self._largest = largest

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = line = 0
        async for chunk in self._body:
            size += len(chunk)
            end = chunk.rfind(b"\n")
            line = line + len(chunk) if end < 0 else len(chunk) - end - 1
            if size > self._largest or line > self._longest_line:
                yield chunk[: end + 1]  # whole events may stand before what is too much
                raise AnswerTooLarge
            yield chunk

    async def aclose(self) -> None:
        await self._body.aclose()
