"""The messages of a conversation that are sent: all but those that the user leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tui_chat.chat.message import Message, Role


@dataclass(frozen=True, slots=True)
class Sending:
    """The message that requests begin with, and the exchanges that they leave out, as the user has decided."""

    first_id: str = ""
    """The message to begin with; all of them are sent if it is not among them."""
    left_out: frozenset[str] = frozenset()
    """The ids of messages that are left out; with one that begins an exchange, all of it is."""

    def of(self, messages: Sequence[Message]) -> Sequence[Message]:
        """Return the messages that are sent; a prompt that waits for its reply always is."""
        begun = exchanges(_from(messages, self.first_id))
        waiting = begun[-1] if begun and begun[-1][-1].role is Role.USER else ()
        return tuple(message for them in begun for message in (them if them is waiting else self._kept(them)))

    def before_next(self, messages: Sequence[Message]) -> Sequence[Message]:
        """Return the messages that are sent with a next prompt: none of them waits for its reply any more."""
        return self.of((*messages, Message(Role.USER)))[:-1]

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


def _from(messages: Sequence[Message], first_id: str) -> Sequence[Message]:
    ids = [message.id for message in messages] if first_id else []
    return messages[ids.index(first_id) :] if first_id in ids else messages
