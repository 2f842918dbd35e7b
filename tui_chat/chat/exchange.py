"""The growth of a conversation: a prompt and its reply, several replies to one, another reply, the rest of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from tui_chat.chat.message import Conversation, Message, Role, StreamingStatus, new_id, title_of
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.parts import Part, TextPart
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import PendingReply
from tui_chat.records import replace


def send(conversation: Conversation, prompt: Prompt, about: ReplyMetadata, now: datetime) -> PendingReply:
    """Return a prompt at its place, and its reply to be.

    The earlier prompt whose place it takes stays as a branch; if that is gone, it stands at the end.
    """
    earlier = conversation.find(prompt.in_place_of)
    if earlier is not None:
        conversation = replace(conversation, messages=conversation.before(earlier.id))
    last = conversation.last
    message = Message.user(prompt.text, files=prompt.files, parent_id=last.id if last else None, created_at=now)
    titled = replace(conversation, title=conversation.title or title_of(message))
    return _pending_reply(titled.with_message(message), message, _reply_to_be(message.id, about, now), now)


def round(
    conversation: Conversation, prompt: Prompt, abouts: Sequence[ReplyMetadata], now: datetime
) -> Sequence[PendingReply]:
    """Return a prompt at its place, and a reply to be from each of those who are asked: they are its branches.

    Each has the whole of what is new, so that it may be begun, or discarded, in any order and without the others.
    """
    first = send(conversation, prompt, abouts[0], now)
    assert first.prompt is not None
    asked = replace(first.conversation, messages=first.conversation.before(first.reply.id))
    return [_pending_reply(asked, first.prompt, reply, now) for reply in _round_to_be(first.prompt.id, abouts, now)]


def regenerate(conversation: Conversation, reply_id: str, about: ReplyMetadata, now: datetime) -> PendingReply:
    """Return another reply to the same prompt, pending; the earlier one stays as a branch."""
    return answer(replace(conversation, messages=conversation.before(reply_id)), about, now)


def answer(conversation: Conversation, about: ReplyMetadata, now: datetime) -> PendingReply:
    """Return a reply to the prompt at the end, pending."""
    return _pending_reply(conversation, None, _reply_to_be(conversation.messages[-1].id, about, now), now)


def up_to_prompt(conversation: Conversation, message_id: str = "") -> Conversation | None:
    """Return a conversation up to the prompt that a message is, or answers; without an id, the last message.

    None if no reply may be asked for there: one is coming, or the prompt has gone.
    """
    message = conversation.find(message_id) if message_id else conversation.last
    if message is None or message.status.live:
        return None
    kept = conversation.before(message.id)
    if message.role is Role.USER:
        kept = (*kept, message)
    elif not has_prompt(conversation, message):
        return None
    return replace(conversation, messages=kept)


def rewrite(conversation: Conversation, reply_id: str, text: str, now: datetime) -> Conversation:
    """Return the conversation up to a reply, that in the user's words; the reply stays as a branch.

    Thinking, tools and citations belong to the words that the model wrote, and the figures to what it did.
    """
    reply = conversation.find(reply_id)
    assert reply is not None
    was = reply.metadata
    about = ReplyMetadata(was.mode, was.provider, was.model, own_server=was.own_server, edited=True)
    version = Message(Role.ASSISTANT, (TextPart(text),), metadata=about, parent_id=reply.parent_id, created_at=now)
    return replace(conversation, messages=(*conversation.before(reply_id), version), updated_at=now)


def go_on(conversation: Conversation, reply_id: str, about: ReplyMetadata, now: datetime) -> PendingReply:
    """Return the rest of a reply that was cut off, pending."""
    reply = conversation.find(reply_id)
    assert reply is not None
    stop_reason = reply.metadata.stop_reason if is_paused(reply) else None
    was = reply.metadata
    where = replace(about, seams=was.seams, open_seams=was.open_seams, round=was.round, contender=was.contender)
    kept = replace(where, stop_reason=stop_reason).after(was)
    going_on = replace(reply, status=StreamingStatus.PENDING, metadata=kept, summary=None)  # it tells of less
    return PendingReply(replace(conversation.with_message(going_on), model=about.model, updated_at=now), None, going_on)


def ask_model(pending: PendingReply, model: str) -> PendingReply:
    """Return a pending reply with the model that was chosen for it only then."""
    reply = replace(pending.reply, metadata=replace(pending.reply.metadata, model=model))
    return replace(pending, conversation=replace(pending.conversation.with_message(reply), model=model), reply=reply)


def reword(pending: PendingReply, parts: tuple[Part, ...]) -> PendingReply:
    """Return a pending reply to a prompt of other words or files, which takes the place of its own."""
    assert pending.prompt is not None
    prompt, conversation = replace(pending.prompt, parts=parts), pending.conversation
    titled_by_it = conversation.title == title_of(pending.prompt)
    title = title_of(prompt) if titled_by_it else conversation.title
    return replace(pending, conversation=replace(conversation.with_message(prompt), title=title), prompt=prompt)


def has_prompt(conversation: Conversation, reply: Message) -> bool:
    """True if what a reply answers still stands before it: without that nothing can be asked for in its place."""
    before = conversation.before(reply.id) if conversation.find(reply.id) else ()
    return bool(before) and before[-1].role is Role.USER


def can_go_on(message: Message) -> bool:
    """True if the reply was cut before its end, and there is something to go on from: text, or a pause among tools."""
    cut = message.status.partial or message.metadata.stop_reason in ("max_tokens", "pause_turn")
    return message.role is Role.ASSISTANT and cut and (bool(message.text.strip()) or is_paused(message))


def is_paused(message: Message) -> bool:
    """True if the provider paused in the middle of its own tools' work: it goes on when it is sent just what came."""
    ends_in_tool = bool(message.parts) and not isinstance(message.parts[-1], TextPart)
    return message.metadata.stop_reason == "pause_turn" and ends_in_tool


def _reply_to_be(parent_id: str, about: ReplyMetadata, now: datetime) -> Message:
    return Message(Role.ASSISTANT, status=StreamingStatus.PENDING, metadata=about, parent_id=parent_id, created_at=now)


def _round_to_be(parent_id: str, abouts: Sequence[ReplyMetadata], now: datetime) -> Iterator[Message]:
    """Yield the replies of a round. Each is a little later than the one before: so they keep their order elsewhere."""
    round_id = new_id()
    for place, about in enumerate(abouts):
        yield _reply_to_be(parent_id, replace(about, round=round_id), now + timedelta(microseconds=place))


def _pending_reply(conversation: Conversation, prompt: Message | None, reply: Message, now: datetime) -> PendingReply:
    grown = replace(conversation.with_message(reply), model=reply.metadata.model, updated_at=now)
    return PendingReply(grown, prompt, reply)
