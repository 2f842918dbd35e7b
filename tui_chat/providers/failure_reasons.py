"""The reason behind an exception, read from its type and from what caused it."""

from __future__ import annotations

import json
import os
import socket
import ssl
from collections.abc import Callable, Iterator
from enum import Enum, auto
from urllib.parse import urlsplit

from tui_chat.providers.config import LOOPBACK


class Reason(Enum):
    """The reasons for having no reply, where the provider did not say it itself."""

    REFUSED = auto()
    UNKNOWN_HOST = auto()
    CERTIFICATE = auto()
    NOT_TLS = auto()
    NOT_AN_ADDRESS = auto()
    PROXY = auto()
    """It answers, and refuses."""
    PROXY_AWAY = auto()
    PROXY_UNUSABLE = auto()
    CERTIFICATES_UNREADABLE = auto()
    """Those that the environment names."""
    UNREACHABLE = auto()
    CONNECT_TIMEOUT = auto()
    SILENT = auto()
    """Connected, and never a byte of an answer."""
    STALLED = auto()
    """The line went quiet in mid-reply."""
    BROKEN = auto()
    """Closed before the answer."""
    LOST = auto()
    """Closed in mid-reply."""
    UNREADABLE = auto()
    ENCODED = auto()
    """In a content encoding that was not asked for."""
    TOO_LARGE = auto()
    """More than the program takes."""
    MISSING_PACKAGE = auto()
    UNUSABLE = auto()


UNANSWERED = {Reason.STALLED: Reason.SILENT, Reason.LOST: Reason.BROKEN}
"""The reasons that take the place of others while no answer has begun."""


def reason_of(
    error: BaseException, of_sdk: Callable[[BaseException], Reason | None], *, answered: bool
) -> tuple[Reason, str]:
    """Return the reason, and the few words that there are for it; `of_sdk` knows the SDK's own exceptions."""
    for cause in _chain(error):
        if reason := _of_network(cause):
            return reason, cause.verify_message if isinstance(cause, ssl.SSLCertVerificationError) else ""
    for cause in _chain(error):
        if reason := of_sdk(cause) or _of_answer(cause):
            own_words = reason in (Reason.PROXY, Reason.CERTIFICATES_UNREADABLE)
            return reason if answered else UNANSWERED.get(reason, reason), str(cause) if own_words else _words(error)
    if isinstance(error, ModuleNotFoundError):
        return Reason.MISSING_PACKAGE, ""
    # After its first sentence, an SDK tells programmers what to do.
    words = str(error).partition(". ")[0] or type(error).__name__
    return (Reason.PROXY_UNUSABLE if "proxy" in words.lower() else Reason.UNUSABLE), words


def _of_network(cause: BaseException) -> Reason | None:
    """Return the reason for a connection that failed, by what the system says."""
    match cause:
        case socket.gaierror():
            return Reason.UNKNOWN_HOST
        case ssl.SSLCertVerificationError():
            return Reason.CERTIFICATE
        case ConnectionRefusedError():
            return Reason.REFUSED
        case ssl.SSLError() if "WRONG_VERSION_NUMBER" in str(cause):
            return Reason.NOT_TLS
    return None


def _of_answer(cause: BaseException) -> Reason | None:
    """Return the reason that an exception of Python's own gives for a bad answer, or for none."""
    match cause:
        case TimeoutError():
            return Reason.STALLED
        case OverflowError():  # there is no such port
            return Reason.NOT_AN_ADDRESS
        case json.JSONDecodeError() | UnicodeDecodeError() | RecursionError() | AttributeError() | LookupError():
            return Reason.UNREADABLE  # the last two: the SDK stumbled over what it read
        case ValueError() if "integer string conversion" in str(cause):
            return Reason.UNREADABLE  # a number of thousands of digits
    return None


def proxy_to(address: str) -> str:
    """Return the environment's proxy on the way to an address, without its password; "" where there is none."""
    from urllib.request import getproxies, proxy_bypass

    url, proxies = urlsplit(address), getproxies()
    host = url.hostname or ""
    if host in LOOPBACK or proxy_bypass(host):
        return ""
    proxy = proxies.get(url.scheme) or proxies.get("all") or ""
    return proxy.rpartition("@")[2].rpartition("//")[2].rstrip("/")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the exception and all that caused it, the nearest first."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        cause = waiting.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        if isinstance(cause, BaseExceptionGroup):
            waiting += cause.exceptions
        waiting += [next for next in (cause.__cause__, cause.__context__) if next is not None]


def _words(error: BaseException) -> str:
    """Return the system's words for a broken line; those of the layers above it are for their authors."""
    for cause in _chain(error):
        if isinstance(cause, ssl.SSLError):
            # One that was raised in Python has no reason at all.
            return (getattr(cause, "reason", None) or "TLS failed").replace("_", " ").lower()
        if isinstance(cause, OSError) and cause.errno is not None and cause.errno > 0:
            return os.strerror(cause.errno).lower()
    return ""
