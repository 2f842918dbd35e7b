"""The kinds of failure: the words that head each, and whether another attempt makes sense."""

from __future__ import annotations

import pytest

from tui_chat.chat.errors import ChatError, ErrorKind

KINDS = {
    ErrorKind.AUTHENTICATION: ("Key rejected", False),
    ErrorKind.PERMISSION: ("Not allowed", False),
    ErrorKind.MODEL_NOT_FOUND: ("No such model", False),
    ErrorKind.INVALID_REQUEST: ("Request rejected", False),
    ErrorKind.TOO_LARGE: ("Too large", False),
    ErrorKind.RATE_LIMITED: ("Rate limit reached", True),
    ErrorKind.OVERLOADED: ("Provider overloaded", True),
    ErrorKind.SERVER: ("Provider failed", True),
    ErrorKind.NETWORK: ("No connection", True),
    ErrorKind.TIMEOUT: ("No answer in time", True),
    ErrorKind.STALLED: ("Reply stalled", True),
    ErrorKind.PROTOCOL: ("Not a valid reply", True),
    ErrorKind.CANCELLED: ("Cancelled", False),
    ErrorKind.INTERNAL: ("A fault of tui-chat", False),
}


@pytest.mark.parametrize("kind", ErrorKind)
def test_each_kind_has_a_headline_and_is_tried_again_or_not(kind: ErrorKind) -> None:
    assert (kind.headline, kind.retryable) == KINDS[kind]
    assert ChatError(kind, "Said.").retryable is kind.retryable


@pytest.mark.parametrize("retryable", [True, False])
def test_one_failure_may_differ_from_its_kind(retryable: bool) -> None:
    assert ChatError(ErrorKind.NETWORK, "Said.", retryable=retryable).retryable is retryable


def test_it_streams_unless_said_otherwise() -> None:
    assert not ChatError(ErrorKind.SERVER, "Said.").streaming_unavailable
