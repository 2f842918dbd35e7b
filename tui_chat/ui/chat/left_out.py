"""Exchanges that are left out of what is sent: the words at their messages."""

from __future__ import annotations

from collections.abc import Mapping

from tui_chat.chat.message import Conversation
from tui_chat.chat.sending import exchanges
from tui_chat.program.request_estimate import RequestEstimator

LEFT_OUT = "left out"


def left_out_marks(estimator: RequestEstimator, conversation: Conversation) -> Mapping[str, str]:
    """Return what to say of each message that is left out: the first one of an exchange tells what that saves."""
    sent = {message.id for message in estimator.sent(conversation)}
    marks: dict[str, str] = {}
    for them in exchanges(conversation.messages):
        if out := [message for message in them if message.id not in sent]:
            saved = f"{LEFT_OUT} · saves ~{estimator.estimate(out):,} tokens"
            marks |= {message.id: LEFT_OUT for message in out} | {out[0].id: saved}
    return marks
