"""Compaction: which messages of a conversation are summarized, how that is asked for, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from tui_chat.chat.message import Conversation, Message, Role, StreamingStatus, new_id
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.parts import TextPart
from tui_chat.chat.sending import SUMMARY_ID, Outgoing, as_sent, exchanges, in_one
from tui_chat.chat.summary import Summary
from tui_chat.records import dataclass

KEPT_EXCHANGES = 2
"""The last exchanges that stay word for word, if there is room for so many."""
INSTRUCTION = (
    "Summarize our conversation so far. From now on your summary is sent in place of all of these messages, so it has "
    "to hold whatever later replies may need: what I want and why, what was decided, facts, names, figures, names of "
    "files, code that is still being worked on, what was tried and failed, and what is still open. Where our "
    "conversation begins with an earlier summary, take over what still matters of it. Answer no question in it, and "
    "use no tools. Write in the language of the conversation, in no more than 800 words: the summary, and nothing "
    "before or after it."
)
_ENDS_WELL = (None, "", "end_turn", "stop_sequence")


@dataclass(frozen=True, slots=True)
class Compaction:
    """A summary that can be asked for."""

    anchor: Message
    """The last of the messages that it will stand for."""
    asked: Sequence[Message]
    """The messages to summarize, with an earlier summary before them."""
    messages: int
    """The number of messages that it will tell of, those of the earlier summary included."""
    tokens: int
    """Their size, as estimated."""

    def summary_in(self, reply: Message, now: datetime) -> Summary | None:
        """Return the summary that a model has written; None if it is not whole, or there is none."""
        whole = reply.status is StreamingStatus.COMPLETE and reply.metadata.stop_reason in _ENDS_WELL
        if not whole or not reply.text.strip():
            return None
        return Summary(reply.text.strip(), self.messages, self.tokens, now, reply.metadata.model)


def plan(
    outgoing: Outgoing, size_of: Callable[[Sequence[Message]], int], *, most_kept: float, most_asked: float
) -> Compaction | None:
    """Return the summary to ask for: of all that is sent but the last exchanges; None where there is nothing before.

    `most_kept` is the size up to which two exchanges stay, or else one; a summary of more than `most_asked` cannot be
    asked for at once, and is one of fewer messages.
    """
    begun = exchanges(outgoing.sent)
    complete = begun[:-1] if begun and begun[-1][-1].role is Role.USER else begun
    two_fit = size_of(in_one(complete[-KEPT_EXCHANGES:])) <= most_kept
    told = complete[: -(KEPT_EXCHANGES if two_fit and len(complete) > KEPT_EXCHANGES else 1)]
    earlier = () if outgoing.anchor is None else (as_sent(outgoing.anchor),)
    while told and size_of((*earlier, *in_one(told))) > most_asked:
        told = told[:-1]
    if not told:
        return None
    messages, before = in_one(told), outgoing.anchor.summary if outgoing.anchor is not None else None
    count, size = len(messages), size_of(messages)
    if before is not None:
        count, size = count + before.messages, size + before.tokens
    return Compaction(messages[-1], (*earlier, *messages), count, size)


def instructed(asked: Sequence[Message]) -> Sequence[Message]:
    """Return the messages of the request for a summary."""
    return (*asked, Message(Role.USER, (TextPart(INSTRUCTION),)))


def summary_to_be(about: ReplyMetadata, now: datetime) -> Message:
    """Return a summary as it is shown while it comes."""
    pending = StreamingStatus.PENDING
    return Message(Role.ASSISTANT, status=pending, metadata=about, id=f"{SUMMARY_ID}{new_id()}", created_at=now)


def is_summary(message_id: str) -> bool:
    """True if this is no message of a conversation, but a summary that is shown among them."""
    return message_id.startswith(SUMMARY_ID)


def anchor_of(conversation: Conversation, summary_id: str) -> Message | None:
    """Return the message that has the summary which is shown under this id."""
    found = conversation.find(summary_id.removeprefix(SUMMARY_ID)) if is_summary(summary_id) else None
    return found if found is not None and found.summary is not None else None


def with_summary(messages: Sequence[Message], anchor: Message | None) -> tuple[Message, ...]:
    """Return the messages with the summary of one of them behind it, as they are shown."""
    if anchor is None or anchor.summary is None:
        return tuple(messages)
    summary = anchor.summary
    shown = Message(
        Role.ASSISTANT,
        (TextPart(summary.text),),
        metadata=ReplyMetadata(model=summary.model, edited=summary.edited),
        id=f"{SUMMARY_ID}{anchor.id}",
        parent_id=anchor.id,
        created_at=summary.created_at,
        summary=summary,
    )
    place = [message.id for message in messages].index(anchor.id) + 1
    return (*messages[:place], shown, *messages[place:])
