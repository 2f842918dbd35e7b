"""The estimate of a conversation's next request: its size and its cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime

from tui_chat.chat.context import measured_tokens, usage_to_come
from tui_chat.chat.estimate import estimate_tokens
from tui_chat.chat.message import Conversation, Message, Role, utc_now
from tui_chat.chat.parts import TextPart
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.request import ReplyRequest, Turn
from tui_chat.chat.sending import Outgoing
from tui_chat.program.parts import Parts
from tui_chat.program.wiring import Program
from tui_chat.providers import known_model
from tui_chat.records import dataclass
from tui_chat.services import service
from tui_chat.settings import SettingsError

_NOTHING = Prompt("")


@dataclass(frozen=True, slots=True)
class RequestEstimate:
    """The next request, as far as it can be foreseen."""

    tokens: int
    exact: bool = False
    """True if the provider has counted it."""
    window: int | None = None
    """The tokens that the model takes; None where that is not known."""
    cost_usd: float | None = None
    """The cost of the request, without its reply; None where the price is not known."""
    left_out: int = 0
    """Messages that are not sent."""
    summarized: int = 0
    """Messages that a summary is sent for."""

    @property
    def share(self) -> float | None:
        """The share of the context in use, from 0 to 1 and beyond."""
        return self.tokens / self.window if self.window else None


class RequestEstimator:
    """Sizes requests up: by the figures of earlier replies, by the provider's own count, or by an estimate."""

    def __init__(self, program: Program, now: Callable[[], datetime] = utc_now) -> None:
        self.program = program
        self.now = now
        self._known: tuple[object, int] | None = None
        """The key of what the provider has counted, and its size."""
        self._sized: tuple[object, int, bool] | None = None
        """The key of what was last sized up, its size, and True if that is exact."""
        self._outdated: frozenset[str] = frozenset()
        """Replies whose figures are of requests that began elsewhere."""
        self._windows: dict[tuple[str, str], int | None] = {}

    def forecast(self, conversation: Conversation, draft: Prompt = _NOTHING) -> RequestEstimate:
        """Return the request that would carry a draft now; cheap enough to be asked for at every key."""
        parts, outgoing = self._parts(conversation), self.outgoing(conversation)
        sent = outgoing.messages
        size, exact = self._size(parts, sent)
        if not draft.is_empty:
            written = Message(Role.USER, (*draft.files, TextPart(draft.text)))
            size, exact = size + self.estimate((written,)), False
        cost_usd, left_out = self._cost_usd(parts, size, sent), len(outgoing.left_out)
        return RequestEstimate(size, exact, self._window(parts), cost_usd, left_out, len(outgoing.summarized))

    def count(self, conversation: Conversation) -> Future[int | None] | None:
        """Have the provider count a conversation whose own figures do not tell its size; None if they do.

        Only what was sent before is sent to be counted: a draft is the user's own until it is sent.
        """
        parts, sent = self._parts(conversation), self.sent(conversation)
        if not (sent and parts.provider.model) or _is_local(parts) or self._size(parts, sent)[1]:
            return None
        # A request ends with the user's turn; some models take no other.
        asked = (*sent, Message(Role.USER, (TextPart("."),))) if sent[-1].role is Role.ASSISTANT else sent
        try:
            return parts.requests.count_tokens(parts.requests.request(asked, parts.provider.model))
        except SettingsError:
            return None

    def counted(self, conversation: Conversation, size: int) -> None:
        """Note that the provider has counted this conversation."""
        parts, sent = self._parts(conversation), self.sent(conversation)
        self._known, self._sized = (_key(parts, sent[0], sent[-1]), size), None

    def send_from(self, conversation: Conversation, first_id: str) -> None:
        """Leave out of what is sent all messages before this one; "" sends the whole conversation again."""
        self.program.conversation_settings.send_from(conversation.id, first_id)
        self.size_anew(conversation)

    def leave_out(self, conversation: Conversation, exchange: Sequence[Message]) -> None:
        """Leave an exchange out of what is sent."""
        self.program.conversation_settings.leave_out(conversation.id, exchange)
        self.size_anew(conversation)

    def take_in(self, conversation: Conversation, exchange: Sequence[Message]) -> None:
        """Send an exchange again that was left out."""
        self.program.conversation_settings.take_in(conversation.id, exchange)
        self.size_anew(conversation)

    def size_anew(self, conversation: Conversation) -> None:
        """Forget what is known of the conversation's size: its requests are others from now on."""
        self._outdated |= {message.id for message in conversation.messages}
        self._known = self._sized = None

    def estimate(self, messages: Sequence[Message]) -> int:
        """Return the size of some messages by themselves, without asking anyone."""
        turns = tuple(Turn(message.role, message.parts) for message in messages)
        return estimate_tokens(ReplyRequest("", turns))

    def _parts(self, conversation: Conversation) -> Parts:
        return self.program.parts_of(conversation.id)

    def outgoing(self, conversation: Conversation) -> Outgoing:
        """Return what becomes of each message with the next prompt."""
        return self.program.conversation_settings.sending(conversation.id).before_next(conversation.messages)

    def sent(self, conversation: Conversation) -> Sequence[Message]:
        """Return the messages that go with the next prompt, the summary in place of those that it stands for."""
        return self.outgoing(conversation).messages

    def _size(self, parts: Parts, sent: Sequence[Message]) -> tuple[int, bool]:
        """Return the size of these messages as a request, and whether that is exact."""
        key = _key(parts, sent[0], sent[-1]) if sent else _key(parts, None, None)
        if self._sized is None or self._sized[0] != key:
            self._sized = (key, *self._sized_up(parts, sent))
        return self._sized[1:]

    def _sized_up(self, parts: Parts, sent: Sequence[Message]) -> tuple[int, bool]:
        """From the last message whose end is known on: that much, and an estimate of what follows."""
        for place in reversed(range(len(sent))):
            known = self._measured(parts, sent[0], sent[place])
            if known is not None:
                rest = sent[place + 1 :]
                return known + self.estimate(rest), not rest
        return self._estimated_request(parts, sent), False

    def _estimated_request(self, parts: Parts, sent: Sequence[Message]) -> int:
        try:
            return estimate_tokens(parts.requests.request(sent, parts.provider.model))
        except SettingsError:  # there is no such persona, as whoever sends a request will hear
            return self.estimate(sent)

    def _measured(self, parts: Parts, first: Message, last: Message) -> int | None:
        if self._known is not None and self._known[0] == _key(parts, first, last):
            return self._known[1]
        usable = last.role is Role.ASSISTANT and last.id not in self._outdated and _of_this_model(parts, last)
        if first.summary is not None and last.created_at < first.summary.created_at:
            usable = False  # what it stands for was sent with that request
        return measured_tokens(last) if usable else None

    def _window(self, parts: Parts) -> int | None:
        asked = (parts.provider.name, parts.provider.model)
        if self._windows.get(asked) is None:  # the provider may have told it meanwhile
            known = None if parts.provider.asks_own_server else known_model(asked[1])
            known = known or (None if _is_local(parts) else parts.models.find(asked[1]))
            self._windows[asked] = known.context_window if known is not None else None
        return self._windows[asked]

    def _cost_usd(self, parts: Parts, size: int, sent: Sequence[Message]) -> float | None:
        last = next((message for message in reversed(sent) if message.role is Role.ASSISTANT), None)
        cached = last is not None and parts.settings.now.provider.prompt_caching and _of_this_model(parts, last)
        usage = usage_to_come(size, last if cached else None, self.now())
        return self.program.prices.cost_usd(parts.requests.about(), usage)


def _key(parts: Parts, first: Message | None, last: Message | None) -> object:
    """Return what a size depends on: the messages, and what is asked of whom."""
    return first.id if first else "", last, parts.provider.model, parts.settings.now.provider, parts.requests.tools


def _of_this_model(parts: Parts, reply: Message) -> bool:
    """True if a reply is of the present model, under any of its names: each counts in its own way."""
    theirs, ours = reply.metadata.model, parts.provider.model
    known = known_model(ours)
    return theirs == ours or (known is not None and known_model(theirs) == known)


def _is_local(parts: Parts) -> bool:
    return service(parts.provider.name).on_this_machine
