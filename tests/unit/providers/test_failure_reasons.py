"""The reason behind an exception, by its type and what caused it."""

from __future__ import annotations

import errno
import json
import os
import socket
import ssl
from collections.abc import Callable

import pytest

from tui_chat.providers.failure_reasons import Reason, proxy_to, reason_of


class Lost(Exception):
    """What the SDK raises for a line that broke."""


class Refused(Exception):
    """What the SDK raises for a proxy that says no."""


def of_sdk(cause: BaseException) -> Reason | None:
    if isinstance(cause, Lost):
        return Reason.LOST
    return Reason.PROXY if isinstance(cause, Refused) else None


def caused(error: BaseException, cause: BaseException) -> BaseException:
    error.__cause__ = cause
    return error


def not_tls() -> ssl.SSLError:
    return ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number")


def system(number: int) -> str:
    return os.strerror(number).lower()


def untrusted() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError("no")
    error.verify_message = "self-signed certificate"
    return error


BAD_JSON = json.JSONDecodeError("Expecting value", "", 0)
DIGITS = ValueError("Exceeds the limit (4300 digits) for integer string conversion")


@pytest.mark.parametrize(
    ("make", "reason", "words"),
    [
        (lambda: socket.gaierror(-2, "Name or service not known"), Reason.UNKNOWN_HOST, ""),
        (lambda: ConnectionRefusedError(errno.ECONNREFUSED, "refused"), Reason.REFUSED, ""),
        (not_tls, Reason.NOT_TLS, ""),
        (untrusted, Reason.CERTIFICATE, "self-signed certificate"),
        (lambda: caused(Lost("the SDK's words"), ConnectionRefusedError()), Reason.REFUSED, ""),
        (lambda: ExceptionGroup("all", [KeyError(), ConnectionRefusedError()]), Reason.REFUSED, ""),
        (TimeoutError, Reason.STALLED, ""),
        (OverflowError, Reason.NOT_AN_ADDRESS, ""),
        (lambda: BAD_JSON, Reason.UNREADABLE, ""),
        (lambda: DIGITS, Reason.UNREADABLE, ""),
        (lambda: ValueError("a bad value. Do this."), Reason.UNUSABLE, "a bad value"),
        (lambda: ValueError("Bad Proxy. Do this."), Reason.PROXY_UNUSABLE, "Bad Proxy"),
        (ValueError, Reason.UNUSABLE, "ValueError"),
        (lambda: ModuleNotFoundError("No module named 'x'"), Reason.MISSING_PACKAGE, ""),
        (lambda: caused(Lost("the SDK's words"), OSError(errno.EPIPE, "x")), Reason.LOST, system(errno.EPIPE)),
        (lambda: caused(Lost("the SDK's words"), OSError(errno.EPERM, "x")), Reason.LOST, system(errno.EPERM)),
        (lambda: caused(Lost("the SDK's words"), OSError(0, "x")), Reason.LOST, ""),
        (lambda: caused(Lost("the SDK's words"), OSError("x")), Reason.LOST, ""),
        (lambda: caused(Lost("the SDK's words"), ssl.SSLError("x")), Reason.LOST, "tls failed"),
        (lambda: Refused("407 of the proxy"), Reason.PROXY, "407 of the proxy"),
    ],
)  # fmt: skip
def test_each_exception_has_its_reason(make: Callable[[], BaseException], reason: Reason, words: str) -> None:
    assert reason_of(make(), of_sdk, answered=True) == (reason, words)


def test_tls_has_its_own_words_for_what_broke() -> None:
    error = ssl.SSLError("x")
    error.reason = "SSLV3_ALERT_BAD_RECORD"
    assert reason_of(caused(Lost(), error), of_sdk, answered=True) == (Reason.LOST, "sslv3 alert bad record")


@pytest.mark.parametrize(
    ("make", "reason"),
    [(TimeoutError, Reason.SILENT), (Lost, Reason.BROKEN), (OverflowError, Reason.NOT_AN_ADDRESS)],
)
def test_a_line_that_fails_before_an_answer_has_another_reason(
    make: Callable[[], BaseException], reason: Reason
) -> None:
    assert reason_of(make(), of_sdk, answered=False)[0] is reason


def test_exceptions_that_cause_each_other_are_looked_at_once() -> None:
    first, second = KeyError(), Lost()
    first.__cause__, second.__cause__ = second, first
    assert reason_of(first, lambda _: None, answered=True) == (Reason.UNREADABLE, "")
    assert reason_of(caused(ValueError("so"), second), lambda _: None, answered=True)[0] is Reason.UNREADABLE
    second.__cause__ = caused(Lost("so"), second)
    assert reason_of(second, lambda _: None, answered=True) == (Reason.UNUSABLE, "Lost")


@pytest.mark.parametrize(
    ("address", "environment", "proxy"),
    [
        ("https://api.example", {}, ""),
        ("https://api.example", {"https_proxy": "http://me:secret@proxy.example:3128/"}, "proxy.example:3128"),
        ("https://api.example", {"all_proxy": "socks5://proxy.example:1080"}, "proxy.example:1080"),
        ("https://api.example", {"http_proxy": "http://proxy.example:3128"}, ""),
        ("https://api.example", {"https_proxy": "http://proxy.example", "no_proxy": "api.example"}, ""),
        ("http://127.0.0.1:8000", {"http_proxy": "http://proxy.example:3128"}, ""),
    ],
)
def test_the_proxy_on_the_way_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch, address: str, environment: dict[str, str], proxy: str
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert proxy_to(address) == proxy
