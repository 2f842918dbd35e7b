"""The messages of a conversation that are sent: all but those that the user leaves out, or has summarized."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from tui_chat.chat.message import Message, Role
from tui_chat.chat.parts import TextPart
from tui_chat.records import dataclass, replace

SUMMARY_ID = "summary-"
"""The beginning of the id of a summary; the rest is that of the message which has it."""
_SUMMARY = "This is a summary of our conversation before this point:\n\n<summary>\n{}\n</summary>"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The messages of a branch by what becomes of them in the next request; each is in exactly one sequence."""

    sent: Sequence[Message] = ()
    """Those that are sent word for word."""
    left_out: Sequence[Message] = ()
    summarized: Sequence[Message] = ()
    """Those that a summary stands for."""
    anchor: Message | None = None
    """The message whose summary is sent in place of these."""

    @property
    def messages(self) -> Sequence[Message]:
        """The messages of the request: the summary as words of the user's, then what is sent word for word."""
        return self.sent if self.anchor is None else (as_sent(self.anchor), *self.sent)


@dataclass(frozen=True, slots=True)
class Sending:
    """The message that requests begin with, and the exchanges that they leave out, as the user has decided."""

    first_id: str = ""
    """The message to begin with; all of them are sent if it is not among them."""
    left_out: frozenset[str] = frozenset()
    """The ids of messages that are left out; with one that begins an exchange, all of it is."""

    def of(self, messages: Sequence[Message]) -> Sequence[Message]:
        """Return the messages that are sent; a prompt that waits for its reply always is."""
        return self.sort(messages).messages

    def sort(self, messages: Sequence[Message]) -> Outgoing:
        """Return what becomes of each message in the next request."""
        begin = _place_of(messages, self.first_id)
        after = next((end for end in range(len(messages), begin, -1) if messages[end - 1].summary), begin)
        begun = exchanges(messages[after:])
        waiting = begun[-1] if begun and begun[-1][-1].role is Role.USER else ()
        sent = [them if them is waiting else self._kept(them) for them in begun]
        told = [self._kept(them) for them in exchanges(messages[begin:after])]
        used = {message.id for them in (*sent, *told) for message in them}
        return Outgoing(
            in_one(sent),
            tuple(message for message in messages if message.id not in used),
            in_one(told),
            messages[after - 1] if after > begin else None,
        )

    def before_next(self, messages: Sequence[Message]) -> Outgoing:
        """Return what becomes of each message with a next prompt: none of them waits for its reply any more."""
        outgoing = self.sort((*messages, Message(Role.USER)))
        return replace(outgoing, sent=outgoing.sent[:-1])

    def before_first(self, messages: Sequence[Message]) -> frozenset[str]:
        """Return the ids of the messages that stand before the one that requests begin with."""
        ids = [message.id for message in messages]
        return frozenset(ids[: ids.index(self.first_id)]) if self.first_id in ids else frozenset()

    def _kept(self, exchange: Sequence[Message]) -> Sequence[Message]:
        """Return what of an exchange is sent: a reply that has lost its prompt is marked by itself."""
        if exchange[0].id in self.left_out:
            return ()
        return [message for message in exchange if message.id not in self.left_out]


def exchanges(messages: Sequence[Message]) -> list[tuple[Message, ...]]:
    """Return the messages in exchanges: a prompt with what follows it up to the next one."""
    starts = [place for place, message in enumerate(messages) if message.role is Role.USER or place == 0]
    return [tuple(messages[start:end]) for start, end in pairwise([*starts, len(messages)])]


def exchange_of(messages: Sequence[Message], message_id: str) -> tuple[Message, ...]:
    """Return the exchange that a message belongs to; none if it is not among the messages."""
    return next((them for them in exchanges(messages) if any(message.id == message_id for message in them)), ())


def in_one(parted: Sequence[Sequence[Message]]) -> tuple[Message, ...]:
    """Return the messages of these exchanges."""
    return tuple(message for them in parted for message in them)


def as_sent(anchor: Message) -> Message:
    """Return the summary that a message has, as words of the user's: a conversation begins with these."""
    text = anchor.summary.text if anchor.summary is not None else ""
    parts, id = (TextPart(_SUMMARY.format(text)),), f"{SUMMARY_ID}{anchor.id}"
    return Message(Role.USER, parts, id=id, created_at=anchor.created_at, summary=anchor.summary)


def _place_of(messages: Sequence[Message], message_id: str) -> int:
    return next((place for place, message in enumerate(messages) if message.id == message_id), 0) if message_id else 0
