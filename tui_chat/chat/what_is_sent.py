"""The outlook of each message of a conversation: whether it goes with the next request, and how large it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum, auto

from tui_chat.chat.estimate import estimate_tokens
from tui_chat.chat.message import Message, Role
from tui_chat.chat.parts import ThinkingPart
from tui_chat.chat.request import ReplyRequest, Turn, turns_from, turns_of
from tui_chat.chat.sending import Sending, as_sent
from tui_chat.records import dataclass


class Fate(Enum):
    """The future of a message in the next request."""

    SENT = auto()
    LEFT_OUT = auto()
    EARLIER = auto()
    """It stands before the message that requests begin with."""
    SUMMARIZED = auto()
    """A summary stands for it."""
    EMPTY = auto()
    """There is nothing in it that could be sent."""
    COMING = auto()
    """It is a reply that has not ended."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """A message, and what becomes of it in the next request."""

    message: Message
    fate: Fate
    tokens: int
    """The size that it has when it is sent, as estimated."""
    drops_thinking: bool
    """True if its thinking cannot be sent back."""


def outlooks(messages: Sequence[Message], sending: Sending) -> list[Outlook]:
    """Return what becomes of each message of a branch, and of the summary behind those that it stands for."""
    return [_outlook(message, fate) for message, fate in _fates(messages, sending)]


def saved(shown: Sequence[Outlook]) -> int:
    """Return the tokens of all that the user leaves out."""
    return sum(item.tokens for item in shown if item.fate in (Fate.LEFT_OUT, Fate.EARLIER))


def _fates(messages: Sequence[Message], sending: Sending) -> Iterator[tuple[Message, Fate]]:
    outgoing, earlier = sending.before_next(messages), sending.before_first(messages)
    summarized = {message.id for message in outgoing.summarized}
    left_out = {message.id for message in outgoing.left_out}
    for message in messages:
        if message.id in earlier:
            yield message, Fate.EARLIER
        elif message.id in summarized:
            yield message, Fate.SUMMARIZED
        elif message.id in left_out:
            yield message, Fate.LEFT_OUT
        else:
            yield message, Fate.COMING if message.status.live else Fate.SENT
        if message is outgoing.anchor:
            yield as_sent(message), Fate.SENT


def _outlook(message: Message, fate: Fate) -> Outlook:
    turns = _turns(message)
    thinks = any(isinstance(part, ThinkingPart) for part in message.parts)
    sent_back = any(isinstance(part, ThinkingPart) for turn in turns for part in turn.parts)
    empty = fate is Fate.SENT and not turns
    tokens = estimate_tokens(ReplyRequest("", turns))
    return Outlook(message, Fate.EMPTY if empty else fate, tokens, drops_thinking=thinks and not sent_back)


def _turns(message: Message) -> tuple[Turn, ...]:
    return turns_from([message]) if message.role is Role.USER else turns_of(message.parts)
