"""The program's notes about replies that did not end in the ordinary way."""

from __future__ import annotations

from collections.abc import Callable

from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.exchange import can_go_on
from tui_chat.chat.message import Message, StreamingStatus
from tui_chat.chat.parts import TextPart, ThinkingPart, ToolCallPart
from tui_chat.text import clean_line, fit
from tui_chat.ui.messages.message_sections import Note

LONGEST_REASON = 60
LONGEST_EXPLANATION = 400
_ORDINARY = ("", "end_turn", "stop_sequence", "tool_use")
_STOP_REASONS = {
    "max_tokens": ("cut at the token limit", "The reply hit its output limit."),
    "refusal": ("refused", "The model declined to continue."),
    "pause_turn": ("paused", "The model paused in mid-reply."),
    "model_context_window_exceeded": (
        "context full",
        "The conversation has filled the model's context. Start a new conversation, or leave out the oldest messages.",
    ),
}


def note_for(message: Message, key_of: Callable[[str], str]) -> Note | None:
    """Return the note below a reply that has ended; None if it ended well."""
    status, reason = message.status, message.metadata.stop_reason or ""
    if status is StreamingStatus.FAILED:
        return _failure(message, key_of)
    if status is StreamingStatus.INTERRUPTED:
        sentence = "tui-chat closed while this reply came. What came is kept."
        return Note("interrupted", sentence, _actions(message, key_of, "retry"))
    if status is StreamingStatus.STOPPED:
        label = "stopped" if message.text.strip() else "stopped · empty reply"
        return Note(label, "", _actions(message, key_of, "regenerate"))
    if status is StreamingStatus.COMPLETE and reason in _STOP_REASONS:
        label, sentence = _STOP_REASONS[reason]
        return Note(label, sentence + _explanation(message), _actions(message, key_of, "regenerate"))
    if status is StreamingStatus.COMPLETE and reason not in _ORDINARY:
        sentence = f"The provider ended the reply: {fit(clean_line(reason), LONGEST_REASON)}."
        return Note("ended early", sentence, _actions(message, key_of, "regenerate"))
    if _empty(message):
        return Note("empty reply", "", _actions(message, key_of, "regenerate"))
    return None


def _failure(message: Message, key_of: Callable[[str], str]) -> Note:
    """Return what went wrong and what can be done; where another model is needed, the way to choose one."""
    error = ChatError.from_json(message.metadata.error or {})
    tail = f" (request {error.request_id})" if error.request_id else ""
    actions = _actions(message, key_of, "retry")
    if error.kind is ErrorKind.MODEL_NOT_FOUND:
        actions += _offered((key_of("choose_model"), "another model", "screen.choose_model"))
    return Note(f"failed · {error.kind.headline}", error.sentence + tail, actions, grave=True)


def _explanation(message: Message) -> str:
    """Return the provider's words about a refusal, to follow our own sentence."""
    said = clean_line(message.metadata.explanation)
    return f" {fit(said, LONGEST_EXPLANATION)}" if said else ""


def _empty(message: Message) -> bool:
    """True if there is nothing to see; what is only kept to be sent back is not."""
    texts = [part.text for part in message.parts if isinstance(part, TextPart | ThinkingPart)]
    return not any(texts) and not any(isinstance(part, ToolCallPart) for part in message.parts)


def _actions(message: Message, key_of: Callable[[str], str], again: str) -> tuple[tuple[str, str, str], ...]:
    """Return the actions: going on, where there is something to go on with, and asking again."""
    continuing = (key_of("continue_reply"), "continue", f"screen.continue_reply('{message.id}')")
    asking = (key_of("retry"), again, f"screen.retry('{message.id}')")
    return _offered(continuing, asking) if can_go_on(message) else _offered(asking)


def _offered(*actions: tuple[str, str, str]) -> tuple[tuple[str, str, str], ...]:
    """Return those that have a key: where messages stand in another app, some have none."""
    return tuple(action for action in actions if action[0])
