"""The words at messages that are left out of what is sent."""

from __future__ import annotations

from collections.abc import Mapping

from tui_chat.chat.message import Conversation
from tui_chat.chat.sending import exchanges
from tui_chat.program.request_estimate import RequestEstimator

LEFT_OUT = "left out"


def left_out_marks(estimator: RequestEstimator, conversation: Conversation) -> Mapping[str, str]:
    """Return what to say of each message that is left out: its exchange's first one tells what that saves."""
    sending = estimator.program.conversation_settings.sending(conversation.id)
    sent = {message.id for message in sending.of(conversation.messages)}
    marks: dict[str, str] = {}
    for them in exchanges(conversation.messages):
        if them[0].id not in sent:
            saved = f"{LEFT_OUT} · saves ~{estimator.estimate(them):,} tokens"
            marks |= {message.id: LEFT_OUT for message in them} | {them[0].id: saved}
    return marks
