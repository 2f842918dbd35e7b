"""The usage of one reply's requests: as the provider counted it, else as it can be estimated."""

from __future__ import annotations

from tui_chat.chat.estimate import estimate_tokens, tokens_in, utf8_size
from tui_chat.chat.events import (
    InputJsonDelta,
    MessageDelta,
    MessageStart,
    MessageStop,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
)
from tui_chat.chat.request import ReplyRequest
from tui_chat.chat.usage import Usage
from tui_chat.records import dataclass, field, replace


@dataclass(slots=True)
class _Request:
    """One request, and what came of it."""

    request: ReplyRequest
    usage: Usage = field(default_factory=Usage)
    sent: bool = False
    answered: bool = False
    refused: bool = False
    """True if it failed before any event: such a request is not charged for."""
    whole: bool = False
    written: int = 0
    """Bytes of what came."""

    @property
    def estimated(self) -> bool:
        """True if it broke off before the provider could say what it used."""
        charged = self.answered or (self.sent and not self.refused)
        return charged and not self.whole and self.usage.output_tokens is None

    def charge(self) -> Usage:
        """Return its usage; of one that broke off, its input as far as known, and the length of what came."""
        if not self.estimated:
            return self.usage
        known = self.usage.input_tokens
        sent = estimate_tokens(self.request) if known is None else known
        return replace(self.usage, input_tokens=sent, output_tokens=tokens_in(self.written))


class UsageLedger:
    """Counts by request, so that a reply that took several is charged for all of them."""

    def __init__(self) -> None:
        self._requests: list[_Request] = []

    def begin(self, request: ReplyRequest) -> None:
        """Add a request that is about to be made."""
        self._requests.append(_Request(request))

    def sent(self) -> None:
        """Note that it has left."""
        self._requests[-1].sent = True

    def note(self, event: StreamEvent) -> None:
        """Take up an event of it."""
        now = self._requests[-1]
        now.answered = True
        match event:
            case MessageStart(usage=usage):
                # What it counts as output is a placeholder; the true figure comes with message_delta.
                now.usage = replace(usage, output_tokens=None)
            case MessageDelta(usage=usage):
                now.usage = now.usage.updated(usage)
            case TextDelta(text=text) | ThinkingDelta(text=text) | InputJsonDelta(partial_json=text):
                now.written += utf8_size(text)
            case MessageStop():
                now.whole = True

    def fail(self) -> None:
        """Note that it has failed."""
        if self._requests:
            self._requests[-1].refused = not self._requests[-1].answered

    @property
    def answered(self) -> bool:
        """True if something has come of the last request."""
        return bool(self._requests) and self._requests[-1].answered

    @property
    def silent(self) -> bool:
        """True if the last request has left, and nothing has come of it."""
        return bool(self._requests) and self._requests[-1].sent and not self._requests[-1].answered

    @property
    def usage(self) -> Usage:
        """The usage of all of them so far."""
        total = Usage()
        for request in self._requests:
            total = total.plus(request.charge())
        return total

    @property
    def estimated(self) -> bool:
        """True if some of that is estimated."""
        return any(request.estimated for request in self._requests)
