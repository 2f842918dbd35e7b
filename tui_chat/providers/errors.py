"""The failures on the way to a provider, in words: one table for every vendor."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.events import StreamEvent
from tui_chat.installing import installing
from tui_chat.patterns import pattern
from tui_chat.providers.config import ProviderConfig, other_form
from tui_chat.providers.failure_reasons import Reason, proxy_to, reason_of
from tui_chat.providers.reply_size import ReplySize
from tui_chat.records import dataclass, field
from tui_chat.redaction import redacted, redacted_address
from tui_chat.services import service
from tui_chat.text import clean_line, reading

KINDS_BY_NAME = {
    # a type, as Anthropic has them
    "authentication_error": ErrorKind.AUTHENTICATION,
    "billing_error": ErrorKind.PERMISSION,
    "permission_error": ErrorKind.PERMISSION,
    "request_too_large": ErrorKind.TOO_LARGE,
    "rate_limit_error": ErrorKind.RATE_LIMITED,
    "overloaded_error": ErrorKind.OVERLOADED,
    "timeout_error": ErrorKind.TIMEOUT,
    "api_error": ErrorKind.SERVER,
    # a code or a type, as OpenAI and servers like it have them
    "invalid_api_key": ErrorKind.AUTHENTICATION,
    "insufficient_quota": ErrorKind.PERMISSION,
    "budget_exceeded": ErrorKind.PERMISSION,
    "model_not_found": ErrorKind.MODEL_NOT_FOUND,
    "context_length_exceeded": ErrorKind.TOO_LARGE,
    "exceed_context_size_error": ErrorKind.TOO_LARGE,
    "rate_limit_exceeded": ErrorKind.RATE_LIMITED,
    "server_error": ErrorKind.SERVER,
}

_IN_THE_WAY = "a proxy or a sign-in page may be in the way; sign in, or use another network, then retry."

KINDS_BY_TEXT = (
    (pattern(r"prompt is too long|context (length|window|size|limit)|maximum context", re.I), ErrorKind.TOO_LARGE),
    (pattern(r"credit balance|billing|quota|budget has been exceeded", re.I), ErrorKind.PERMISSION),
    (pattern(r"(invalid|unknown|no such) model|LLM provider not provided", re.I), ErrorKind.MODEL_NOT_FOUND),
)
"""The kinds that a plain invalid_request_error may turn out to be."""

KINDS_BY_STATUS = {
    401: ErrorKind.AUTHENTICATION,
    402: ErrorKind.PERMISSION,
    403: ErrorKind.PERMISSION,
    408: ErrorKind.TIMEOUT,
    409: ErrorKind.SERVER,
    413: ErrorKind.TOO_LARGE,
    429: ErrorKind.RATE_LIMITED,
    503: ErrorKind.OVERLOADED,
    504: ErrorKind.TIMEOUT,
    529: ErrorKind.OVERLOADED,
}

ANSWERS = {
    ErrorKind.AUTHENTICATION: "{who} rejected the key{detail}: set {variable} to a valid one, then start again.",
    ErrorKind.PERMISSION: "{who} does not allow this{detail}: check the account, or use another key or model.",
    ErrorKind.MODEL_NOT_FOUND: "{who} has no model “{model}”{detail}: `tui-chat models` lists those to choose from.",
    ErrorKind.INVALID_REQUEST: "{who} rejected the request{detail}: change the prompt or the settings, then retry.",
    ErrorKind.TOO_LARGE: "This is more than {who} takes at once{detail}: leave out the oldest messages or start anew.",
    ErrorKind.RATE_LIMITED: "The rate limit of {who} is reached{detail}: wait a moment, then retry.",
    ErrorKind.OVERLOADED: "{who} is overloaded{detail}: wait a moment, then retry.",
    ErrorKind.SERVER: "{who} failed{detail}: retry in a moment.",
    ErrorKind.TIMEOUT: "{who} gave up waiting{detail}: retry in a moment.",
    ErrorKind.PROTOCOL: "{who} sent an invalid reply{detail}: retry, or continue what came.",
}
"""The sentences for what a provider says itself."""

REASONS = {
    Reason.REFUSED: (ErrorKind.NETWORK, "Nothing answers at {where} (connection refused): check the address."),
    Reason.UNKNOWN_HOST: (ErrorKind.NETWORK, "The name {host} does not resolve: check the address and the network."),
    Reason.CERTIFICATE: (
        ErrorKind.NETWORK,
        "The certificate of {host} cannot be trusted{detail}, so nothing was sent: check the address; a network with "
        "a certificate of its own needs SSL_CERT_FILE.",
    ),
    Reason.NOT_TLS: (ErrorKind.NETWORK, "{where} does not speak TLS: the address may have to begin with http://."),
    Reason.NOT_AN_ADDRESS: (
        ErrorKind.NETWORK,
        "“{where}” is not a web address: it must begin with http:// or https://.",
    ),
    Reason.PROXY: (ErrorKind.NETWORK, "The proxy does not let {host} through{detail}: check the proxy settings."),
    Reason.PROXY_AWAY: (
        ErrorKind.NETWORK,
        "The proxy {proxy} cannot be reached{detail}: check HTTPS_PROXY and HTTP_PROXY, or name {host} in NO_PROXY.",
    ),
    Reason.PROXY_UNUSABLE: (
        ErrorKind.INVALID_REQUEST,
        "The proxy settings of the environment cannot be used{detail}: check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY.",
    ),
    Reason.CERTIFICATES_UNREADABLE: (
        ErrorKind.INVALID_REQUEST,
        "The certificates that the environment names cannot be read{detail}: check SSL_CERT_FILE and SSL_CERT_DIR.",
    ),
    Reason.UNREACHABLE: (ErrorKind.NETWORK, "{where} cannot be reached{detail}: check the address and the network."),
    Reason.CONNECT_TIMEOUT: (
        ErrorKind.TIMEOUT,
        "{where} did not answer within {connect_s:g} s: check the network, then retry.",
    ),
    Reason.SILENT: (ErrorKind.STALLED, "{where} took the request and sent nothing for {patience_s:g} s: retry."),
    Reason.STALLED: (ErrorKind.STALLED, "Nothing came from {where} for {patience_s:g} s: continue the reply or retry."),
    Reason.BROKEN: (ErrorKind.NETWORK, "{where} closed the connection without an answer{detail}: retry in a moment."),
    Reason.LOST: (ErrorKind.NETWORK, "The connection to {where} was lost{detail}: continue the reply or retry."),
    Reason.UNREADABLE: (ErrorKind.PROTOCOL, "{where} sent something unreadable: continue the reply or retry."),
    Reason.ENCODED: (
        ErrorKind.PROTOCOL,
        "{where} sent a compressed answer, which was not asked for: look for a proxy on the way that does this.",
    ),
    Reason.TOO_LARGE: (
        ErrorKind.PROTOCOL,
        "{where} sent more than a reply may have, and was cut off. What came is kept: continue the reply or retry.",
    ),
    Reason.MISSING_PACKAGE: (
        ErrorKind.INVALID_REQUEST,
        "{vendor} needs a package that is not installed: `{install}`.",
    ),
    Reason.UNUSABLE: (ErrorKind.INVALID_REQUEST, "{vendor} cannot be asked{detail}: {way_out}."),
}
"""The sentences for everything else."""

FINAL = frozenset(
    {Reason.CERTIFICATE, Reason.NOT_TLS, Reason.NOT_AN_ADDRESS, Reason.PROXY, Reason.ENCODED, Reason.TOO_LARGE}
)
"""The reasons that the next attempt would meet again."""

ON_THE_WAY = {
    Reason.REFUSED: "connection refused",
    Reason.UNKNOWN_HOST: "its name does not resolve",
    Reason.CONNECT_TIMEOUT: "no answer",
    Reason.UNREACHABLE: "",
}
"""The reasons that, where a proxy is on the way, are the proxy's."""

DETAIL_LENGTH = 160
SHORTEST_KEY = 8
"""A shorter one is no key, and would be found in innocent words."""

_OF_A_MODEL = pattern(r"\bmodel\b|(?<!/)\bmodels/", re.IGNORECASE)
"""A 404 of a model; one of an address may quote its path, `/v1/models`."""
_MARKUP = pattern(r"<\s*[!/a-zA-Z]")


@dataclass(slots=True)
class RequestContext:
    """One request, and what a sentence about its failure needs to know."""

    config: ProviderConfig
    model: str = ""
    patience_s: float = 0.0
    """Seconds for which a silence of the line is borne."""
    request_id: str | None = None
    content_type: str = ""
    answered: bool = False
    """True if the answer has begun."""
    address: str = ""
    proxy: str = ""
    """The one that the way to it leads over, where that matters."""
    size: ReplySize = field(default_factory=ReplySize)

    def note_headers(self, headers: Any) -> None:
        """Take the request's id from the headers of its answer."""
        self.request_id = _request_id(headers) or self.request_id

    def bounded(self, event: StreamEvent) -> StreamEvent:
        """Return the event, unless the reply becomes larger with it than any may be."""
        if not self.size.takes(event):
            kind, sentence = REASONS[Reason.TOO_LARGE]
            raise self._error(kind, self._fill(sentence, ""), retryable=False)
        return event

    @contextmanager
    def reported(self) -> Iterator[None]:
        """Let whatever is raised in here leave as a `ChatError`."""
        try:
            yield
        except ChatError:
            raise
        except Exception as error:  # noqa: BLE001 - SDKs and credential libraries raise what they like; none may pass
            # The original stays behind: it holds the request and its key.
            raise self.failure(error) from None

    def incomplete(self, *, started: bool) -> ChatError:
        """Return the error of a stream that ended too early."""
        if not started and not re.search("event-?stream", self.content_type):
            return self._not_a_stream(self.content_type.partition(";")[0].strip() or "nothing readable")
        sentence = _capital(f"{self._who} ended the reply before it was whole: continue it or retry.")
        return self._error(ErrorKind.PROTOCOL, sentence)

    def not_a_reply(self, body: object) -> ChatError:
        """Return the error for an answer that is neither a message nor an error status; some proxies send errors so."""
        if isinstance(body, Mapping) and any(_explanation(body)):
            return self.error_event(body)
        sentence = f"What came from {self._where} is not a reply: {_IN_THE_WAY}"
        return self._error(ErrorKind.PROTOCOL, sentence)

    def error_event(self, body: object) -> ChatError:
        """Return the error that came in the place of a reply, or in the midst of one."""
        name, text = _explanation(body)
        return self._answer(_kind(200, name, text), text)

    def refused(self, status: int, body: object, headers: Any) -> ChatError:
        """Return the error for an answer with an error status."""
        self.note_headers(headers)
        if 300 <= status < 400:
            return self._not_a_stream(f"a redirect (status {status})", retryable=False)
        name, text = _explanation(body)
        kind, code = _kind(status, name, text), f"status {status}" if status >= 400 else ""
        words = self._clean(text)
        if isinstance(body, str) and words and code:
            words = f"{code}: {words}"  # of a gateway, or of a server that only resembles the vendor's
        if status == 404 and kind is ErrorKind.INVALID_REQUEST and self.config.base_url:
            wrong = f"{self._where} has nothing at this address (status 404): the base URL looks wrong"
            return self._error(kind, f"{wrong}; try {self._other_form}.")
        return self._answer(kind, words or code, retry_after_s(headers))

    def failure(self, error: Exception) -> ChatError:
        """Return the error for an exception, by what it and its causes tell."""
        reason, detail = reason_of(error, self.sdk_reason, answered=self.answered)
        if reason in ON_THE_WAY and (proxy := proxy_to(self._where)):
            self.proxy, reason, detail = proxy, Reason.PROXY_AWAY, ON_THE_WAY[reason] or detail
        elif reason is Reason.NOT_AN_ADDRESS and not (self.address or self.config.base_url):
            reason = Reason.PROXY_UNUSABLE
        kind, sentence = REASONS[reason]
        retryable = False if reason in FINAL else None
        return self._error(kind, self._fill(sentence, detail), retryable=retryable)

    def sdk_reason(self, cause: BaseException) -> Reason | None:
        """Return what an exception of the SDK's own means; None for one that says nothing by its type."""
        return None

    def _not_a_stream(self, what: str, *, retryable: bool = True) -> ChatError:
        sentence = f"{self._where} sent {self._clean(what)} instead of a stream: {_IN_THE_WAY}"
        return self._error(ErrorKind.PROTOCOL, sentence, retryable=retryable, streaming_unavailable=True)

    def _answer(self, kind: ErrorKind, detail: str, wait_s: float | None = None) -> ChatError:
        return self._error(kind, self._fill(ANSWERS[kind], detail), retry_after_s=wait_s)

    def _error(self, kind: ErrorKind, sentence: str, **more: Any) -> ChatError:
        return ChatError(kind, sentence, request_id=self.request_id, **more)

    def _fill(self, sentence: str, detail: str) -> str:
        detail, known = self._clean(detail).rstrip(".:; "), service(self.config.name)
        is_news = detail.casefold() not in sentence.casefold()  # Anthropic's "Overloaded" is not
        filled = sentence.format(
            who=self._who,
            vendor=self.config.display_name,
            where=self._where,
            proxy=self._clean(self.proxy),
            host=self._where.partition("://")[2] or self._where,
            model=self._clean(self.model),
            variable=known.key or "the key",
            way_out=f"set {known.needs}, or choose another provider" if known.needs else "check the settings",
            install=installing(known.package or known.title),
            connect_s=self.config.connect_timeout_s,
            patience_s=self.patience_s,
            detail=f" ({detail})" if is_news else "",
        )
        return _capital(filled)

    @property
    def _who(self) -> str:
        """The vendor's name, or the address where that is not the vendor's own."""
        own = self.config.base_url is None or service(self.config.name).on_this_machine
        return self.config.display_name if own else self._where

    @property
    def _other_form(self) -> str:
        return self._clean(redacted_address(other_form(self.config.base_url or "")))

    @property
    def _where(self) -> str:
        return self._clean(redacted_address(self.address or self.config.base_url or self.config.display_name))

    def _clean(self, foreign: str) -> str:
        """Return foreign text on one short line, with nothing in it that looks like a key, a password or markup."""
        if len(self.config.key) >= SHORTEST_KEY:
            foreign = foreign.replace(self.config.key, "[key]")
        foreign = redacted(foreign[: 12 * DETAIL_LENGTH])
        line = "" if _MARKUP.search(foreign) else " ".join(clean_line(foreign[: 4 * DETAIL_LENGTH]).split())
        return line if len(line) <= DETAIL_LENGTH else line[: DETAIL_LENGTH - 1] + "…"


def retry_after_s(headers: Any) -> float | None:
    """Return the wait that an answer asks for, in milliseconds, seconds, or as a date."""
    with suppress(KeyError, ValueError):
        return max(0.0, float(headers["retry-after-ms"]) / 1000)
    value = headers.get("retry-after")
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    from email.utils import parsedate_to_datetime  # few answers have a date there

    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _capital(sentence: str) -> str:
    """Return the sentence with a capital, unless it begins with an address."""
    return sentence if sentence.startswith("http") else sentence[:1].upper() + sentence[1:]


def _kind(status: int, name: str, text: str) -> ErrorKind:
    """Return the kind of an answer: its type or code knows best, then its words, then its status."""
    if name in KINDS_BY_NAME:
        return KINDS_BY_NAME[name]
    for sentence, kind in KINDS_BY_TEXT:
        if status in (200, 400, 422) and sentence.search(text):
            return kind
    if status == 404:
        return ErrorKind.MODEL_NOT_FOUND if _OF_A_MODEL.search(text) else ErrorKind.INVALID_REQUEST
    if status in KINDS_BY_STATUS:
        return KINDS_BY_STATUS[status]
    return ErrorKind.INVALID_REQUEST if 400 <= status < 500 or name.startswith("invalid") else ErrorKind.SERVER


def _explanation(body: object) -> tuple[str, str]:
    """Return the name and words of an error body, in the forms that the vendors and servers like them use."""
    if not isinstance(body, Mapping):
        return "", body if isinstance(body, str) else ""
    inner = body.get("error", body)
    if isinstance(inner, str):
        return "", inner
    if not isinstance(inner, Mapping):
        return "", ""
    names = [reading.name(inner[key]) for key in ("code", "type") if isinstance(inner.get(key), str) and inner[key]]
    name = next((name for name in names if name in KINDS_BY_NAME), names[-1] if names else "")
    text = inner.get("message") or inner.get("detail")
    return name, text if isinstance(text, str) else ""


def _request_id(headers: Any) -> str | None:
    names = ("request-id", "x-request-id", "x-amzn-requestid")
    return reading.name(next((headers[name] for name in names if name in headers), None)) or None
