"""The reason behind an exception of the HTTP library, read from its type and from what caused it."""

from __future__ import annotations

import json
import os
import socket
import ssl
from collections.abc import Iterator
from enum import Enum, auto
from urllib.parse import urlsplit

from tui_chat.providers.config import LOOPBACK
from tui_chat.providers.loading import CertificatesUnreadable


class Reason(Enum):
    """Why there is no reply, where the provider did not say it itself."""

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


def reason_of(error: BaseException, *, answered: bool) -> tuple[Reason, str]:
    """The reason, and the few words that the system has for it."""
    import httpx2

    from tui_chat.providers.incoming import AnswerTooLarge, EncodedAnswer

    for cause in _chain(error):
        match cause:
            case EncodedAnswer():
                return Reason.ENCODED, ""
            case AnswerTooLarge():
                return Reason.TOO_LARGE, ""
            case socket.gaierror():
                return Reason.UNKNOWN_HOST, ""
            case ssl.SSLCertVerificationError():
                return Reason.CERTIFICATE, cause.verify_message
            case ConnectionRefusedError():
                return Reason.REFUSED, ""
            case ssl.SSLError() if "WRONG_VERSION_NUMBER" in str(cause):
                return Reason.NOT_TLS, ""
    for cause in _chain(error):
        match cause:
            case httpx2.ConnectTimeout() | httpx2.PoolTimeout():
                return Reason.CONNECT_TIMEOUT, ""
            case httpx2.TimeoutException() | TimeoutError():
                return (Reason.STALLED if answered else Reason.SILENT), ""
            case httpx2.UnsupportedProtocol() | httpx2.InvalidURL() | OverflowError():  # the last: no such port
                return Reason.NOT_AN_ADDRESS, ""
            case httpx2.ProxyError():
                return Reason.PROXY, str(cause)
            case httpx2.ConnectError():
                return Reason.UNREACHABLE, _words(error)
            case httpx2.HTTPError():
                return (Reason.LOST if answered else Reason.BROKEN), _words(error)
            case json.JSONDecodeError() | UnicodeDecodeError() | RecursionError() | AttributeError() | LookupError():
                return Reason.UNREADABLE, ""  # the last two: the SDK stumbled over what it read
            case ValueError() if "integer string conversion" in str(cause):
                return Reason.UNREADABLE, ""  # a number of thousands of digits
    if isinstance(error, CertificatesUnreadable):
        return Reason.CERTIFICATES_UNREADABLE, str(error).lower()
    if isinstance(error, ModuleNotFoundError) or type(error).__name__ == "MissingDependencyError":
        return Reason.MISSING_PACKAGE, ""
    # After its first sentence, an SDK tells programmers what to do.
    words = str(error).partition(". ")[0] or type(error).__name__
    return (Reason.PROXY_UNUSABLE if "proxy" in words.lower() else Reason.UNUSABLE), words


def proxy_to(address: str) -> str:
    """The proxy of the environment on the way to an address, without its password; "" where there is none."""
    from urllib.request import getproxies, proxy_bypass

    url, proxies = urlsplit(address), getproxies()
    host = url.hostname or ""
    if host in LOOPBACK or proxy_bypass(host):
        return ""
    proxy = proxies.get(url.scheme) or proxies.get("all") or ""
    return proxy.rpartition("@")[2].rpartition("//")[2].rstrip("/")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and all that caused it, the nearest first."""
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
    """What the system says of a broken line; what the layers above it say is for their authors."""
    for cause in _chain(error):
        if isinstance(cause, ssl.SSLError):
            return (cause.reason or "TLS failed").replace("_", " ").lower()
        if isinstance(cause, OSError) and cause.errno is not None and cause.errno > 0:
            return os.strerror(cause.errno).lower()
    return ""
