"""What goes wrong on the way to a provider, in words: one table for every vendor.

Both SDKs come from one generator, so their exceptions have one shape:

APIStatusError        an answer with an error status, or an error event in the stream (status 200: only its type tells)
APIConnectionError    no answer; the reason is its __cause__, an exception of httpx2
httpx2.HTTPError      the line broke in mid-reply: these come as they are
ValueError            an event that is not JSON, not UTF-8
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.providers.config import KEY_VARIABLES, ProviderConfig

_TYPES = {
    "authentication_error": ErrorKind.AUTHENTICATION,
    "billing_error": ErrorKind.PERMISSION,
    "permission_error": ErrorKind.PERMISSION,
    "not_found_error": ErrorKind.MODEL_NOT_FOUND,
    "invalid_request_error": ErrorKind.INVALID_REQUEST,
    "request_too_large": ErrorKind.TOO_LARGE,
    "rate_limit_error": ErrorKind.RATE_LIMITED,
    "overloaded_error": ErrorKind.OVERLOADED,
    "timeout_error": ErrorKind.TIMEOUT,
    "api_error": ErrorKind.SERVER,
}

_STATUSES = {
    401: ErrorKind.AUTHENTICATION,
    402: ErrorKind.PERMISSION,
    403: ErrorKind.PERMISSION,
    404: ErrorKind.INVALID_REQUEST,
    408: ErrorKind.TIMEOUT,
    409: ErrorKind.SERVER,
    413: ErrorKind.TOO_LARGE,
    429: ErrorKind.RATE_LIMITED,
    503: ErrorKind.OVERLOADED,
    504: ErrorKind.TIMEOUT,
    529: ErrorKind.OVERLOADED,
}

_SENTENCES = {
    ErrorKind.AUTHENTICATION: "{who} does not accept the key{detail}: set {variable} to a valid one.",
    ErrorKind.PERMISSION: "{who} does not allow this{detail}: use another model or another key.",
    ErrorKind.MODEL_NOT_FOUND: "{who} has no model “{model}”{detail}: choose another one.",
    ErrorKind.INVALID_REQUEST: "{who} rejects the request{detail}: change the prompt or the settings, then retry.",
    ErrorKind.TOO_LARGE: "The request is larger than {who} takes{detail}: leave out the oldest turns or start anew.",
    ErrorKind.RATE_LIMITED: "The rate limit of {who} is reached{detail}: wait a little, then retry.",
    ErrorKind.OVERLOADED: "{who} is overloaded{detail}: wait a little, then retry.",
    ErrorKind.SERVER: "{who} failed{detail}: retry in a moment.",
    ErrorKind.TIMEOUT: "{who} gave up waiting{detail}: retry in a moment.",
}

DETAIL_LENGTH = 160


@dataclass(slots=True)
class Exchange:
    """One request, and what a sentence about its failure needs to know."""

    config: ProviderConfig
    model: str
    address: str = ""
    request_id: str | None = None
    content_type: str = ""
    answered: bool = False

    def answered_by(self, response: Any) -> None:
        """The answer has begun."""
        self.answered = True
        self.request_id = _request_id(response)
        self.content_type = response.headers.get("content-type", "")

    @contextmanager
    def reported(self) -> Iterator[None]:
        """Whatever a vendor's SDK raises in here leaves as a `ChatError`."""
        import httpx2

        try:
            yield
        except ChatError:
            raise
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, ImportError, TimeoutError) as error:
            # The original is cut off: it holds the request with its key.
            raise self._failure(error) from None
        except Exception as error:
            if not _of_an_sdk(error):
                raise
            raise self._failure(error) from None

    def incomplete(self, *, started: bool) -> ChatError:
        """The stream ended, and the reply was not."""
        if not started and "event-stream" not in self.content_type:
            return self._not_a_stream()
        return self._error(
            ErrorKind.PROTOCOL, f"{self._who} ended the reply before it was whole: retry or continue it."
        )

    def not_a_reply(self, body: object) -> ChatError:
        """An answer of status 200 that is no message."""
        detail = self._detail(body if isinstance(body, str) else "")
        return self._error(
            ErrorKind.PROTOCOL,
            f"What came from {self._where} is not a reply{detail}: check the address and the network.",
        )

    def _not_a_stream(self) -> ChatError:
        what = self.content_type.partition(";")[0].strip() or "nothing"
        return self._error(
            ErrorKind.PROTOCOL,
            f"{self._where} sent {self._clean(what)} instead of a stream: a proxy or a sign-in page may be in the way.",
            streaming_unavailable=True,
        )

    def _failure(self, error: Exception) -> ChatError:
        import httpx2

        reason = error.__cause__ if type(error).__name__ in ("APIConnectionError", "APITimeoutError") else error
        if getattr(reason, "status_code", None) is not None:
            return self._status(reason)
        match reason:
            case httpx2.ConnectTimeout() | httpx2.PoolTimeout():
                wait_s = self.config.connect_timeout_s
                return self._error(
                    ErrorKind.TIMEOUT,
                    f"{self._where} did not answer within {wait_s:g} s: check the network, then retry.",
                )
            case httpx2.TimeoutException() | TimeoutError():
                wait_s = self.config.read_timeout_s
                return self._error(
                    ErrorKind.STALLED, f"Nothing came from {self._where} for {wait_s:g} s: retry in a moment."
                )
            case httpx2.ConnectError():
                return self._unreachable(reason)
            case httpx2.UnsupportedProtocol() | httpx2.InvalidURL():
                return self._error(
                    ErrorKind.NETWORK,
                    f"{self._where} is not an address: it must begin with http:// or https://.",
                    retryable=False,
                )
            case httpx2.HTTPError():
                return self._error(
                    ErrorKind.NETWORK, f"The connection to {self._where} broke{self._detail(str(reason))}: retry."
                )
        return self._error(
            ErrorKind.PROTOCOL, f"{self._who} sent something that cannot be read: retry, or continue the reply."
        )

    def _unreachable(self, reason: Exception) -> ChatError:
        text = str(reason)
        if "CERTIFICATE_VERIFY_FAILED" in text or isinstance(reason.__cause__, ssl.SSLCertVerificationError):
            why = re.sub(r".*certificate verify failed: |\s*\(_ssl.*", "", text)
            return self._error(
                ErrorKind.NETWORK,
                f"The certificate of {self._where} cannot be trusted{self._detail(why)}: nothing was sent.",
                retryable=False,
            )
        if re.search(r"getaddrinfo|name or service|nodename|name resolution|no address", text, re.IGNORECASE):
            return self._error(
                ErrorKind.NETWORK, f"The name {self._host} does not resolve: check the address and the network."
            )
        return self._error(
            ErrorKind.NETWORK,
            f"{self._where} cannot be reached{self._detail(text)}: check the address and the network.",
        )

    def _status(self, error: Any) -> ChatError:
        self.request_id = _request_id(error.response) or self.request_id
        if 300 <= error.status_code < 400:
            return self._not_a_stream()
        kind = _TYPES.get(str(getattr(error, "type", None)))
        if kind is None:
            kind = _STATUSES.get(error.status_code) or (
                ErrorKind.INVALID_REQUEST if 400 <= error.status_code < 500 else ErrorKind.SERVER
            )
        sentence = _SENTENCES[kind].format(
            who=self._who,
            variable=KEY_VARIABLES.get(self.config.name, "the key"),
            model=self._clean(self.model),
            detail=self._detail(getattr(error, "api_message", None) or f"status {error.status_code}"),
        )
        return self._error(kind, sentence, retry_after_s=retry_after_s(error.response.headers))

    def _error(self, kind: ErrorKind, sentence: str, **more: Any) -> ChatError:
        return ChatError(kind, sentence, request_id=self.request_id, **more)

    @property
    def _who(self) -> str:
        return self.config.display_name

    @property
    def _host(self) -> str:
        return self._clean(urlsplit(self.config.base_url or "").hostname or self._who)

    @property
    def _where(self) -> str:
        url = urlsplit(self.config.base_url or "")
        address = f"{url.scheme}://{url.netloc.rpartition('@')[2]}" if url.netloc else self.config.base_url
        return self._clean(address or self._who)

    def _detail(self, foreign: object) -> str:
        text = self._clean(str(foreign or ""))
        return f" ({text})" if text and "<" not in text else ""

    def _clean(self, foreign: str) -> str:
        key = self.config.api_key
        text = foreign.replace(key, "[key]") if key else foreign
        text = " ".join(re.sub(r"sk-[\w-]{8,}", "[key]", text).split())
        return text if len(text) <= DETAIL_LENGTH else text[: DETAIL_LENGTH - 1] + "…"


def retry_after_s(headers: Any) -> float | None:
    """The wait that an answer asks for: seconds, or a date."""
    value = headers.get("retry-after")
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _request_id(response: Any) -> str | None:
    request_id: str | None = response.headers.get("request-id") or response.headers.get("x-request-id")
    return request_id


def _of_an_sdk(error: Exception) -> bool:
    return type(error).__module__.partition(".")[0] in ("anthropic", "openai")
