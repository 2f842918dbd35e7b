"""The ways in which a reply can fail, in the user's words.

ChatError
├── authentication    the key is missing or not accepted
├── permission        the key may not do this
├── model_not_found   no such model here
├── invalid_request   the provider rejects the request as it is
├── too_large         the request is larger than the provider takes
├── rate_limited      too many requests for now               (retryable)
├── overloaded        the provider is busy                    (retryable)
├── server            the provider failed                     (retryable)
├── network           the provider cannot be reached          (retryable, unless the certificate is at fault)
├── timeout           the provider did not answer in time     (retryable)
├── stalled           the line went quiet in mid-reply        (retryable)
├── protocol          what came is not a reply                (retryable)
├── cancelled         the user ended it
└── internal          a fault of this program itself
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from tui_chat.text import reading


class ErrorKind(StrEnum):
    """The kinds of failure that the program tells apart."""

    AUTHENTICATION = "authentication"
    PERMISSION = "permission"
    MODEL_NOT_FOUND = "model_not_found"
    INVALID_REQUEST = "invalid_request"
    TOO_LARGE = "too_large"
    RATE_LIMITED = "rate_limited"
    OVERLOADED = "overloaded"
    SERVER = "server"
    NETWORK = "network"
    TIMEOUT = "timeout"
    STALLED = "stalled"
    PROTOCOL = "protocol"
    CANCELLED = "cancelled"
    INTERNAL = "internal"

    @property
    def headline(self) -> str:
        """A few words that head the error on the screen."""
        return _HEADLINES[self]

    @property
    def retryable(self) -> bool:
        """True if the same request may well succeed a moment later."""
        return self in _RETRYABLE


_HEADLINES = {
    ErrorKind.AUTHENTICATION: "Key rejected",
    ErrorKind.PERMISSION: "Not allowed",
    ErrorKind.MODEL_NOT_FOUND: "No such model",
    ErrorKind.INVALID_REQUEST: "Request rejected",
    ErrorKind.TOO_LARGE: "Too large",
    ErrorKind.RATE_LIMITED: "Rate limit reached",
    ErrorKind.OVERLOADED: "Provider overloaded",
    ErrorKind.SERVER: "Provider failed",
    ErrorKind.NETWORK: "No connection",
    ErrorKind.TIMEOUT: "No answer in time",
    ErrorKind.STALLED: "Reply stalled",
    ErrorKind.PROTOCOL: "Not a valid reply",
    ErrorKind.CANCELLED: "Cancelled",
    ErrorKind.INTERNAL: "A fault of tui-chat",
}

_RETRYABLE = frozenset(
    {
        ErrorKind.RATE_LIMITED,
        ErrorKind.OVERLOADED,
        ErrorKind.SERVER,
        ErrorKind.NETWORK,
        ErrorKind.TIMEOUT,
        ErrorKind.STALLED,
        ErrorKind.PROTOCOL,
    }
)


class ChatError(Exception):
    """A failure as the user sees it: one plain sentence that says what happened and what to do next."""

    def __init__(
        self,
        kind: ErrorKind,
        sentence: str,
        *,
        retryable: bool | None = None,
        retry_after_s: float | None = None,
        request_id: str | None = None,
        streaming_unavailable: bool = False,
    ) -> None:
        super().__init__(reading.sentence(sentence))
        self.kind = kind
        self.sentence = reading.sentence(sentence)
        self.retryable = kind.retryable if retryable is None else retryable
        self.retry_after_s = retry_after_s
        self.request_id = request_id
        self.streaming_unavailable = streaming_unavailable
        """Streaming itself is what failed: the same request may work without it."""

    def to_json(self) -> dict[str, object]:
        """Return what `stream_metadata` keeps of a failure."""
        return {"kind": self.kind.value, "sentence": self.sentence, "request_id": self.request_id}

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> ChatError:
        """Return the stored failure, for showing it."""
        kind = next((kind for kind in ErrorKind if kind.value == data.get("kind")), ErrorKind.SERVER)
        sentence = data.get("sentence")
        said = sentence if isinstance(sentence, str) and sentence else kind.headline
        return cls(kind, said, request_id=reading.name(data.get("request_id")) or None)
