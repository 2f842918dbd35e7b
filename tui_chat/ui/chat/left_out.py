"""The words at messages that are not sent: they are left out, or a summary stands for them."""

from __future__ import annotations

from collections.abc import Mapping

from tui_chat.chat.message import Conversation
from tui_chat.chat.sending import exchanges
from tui_chat.program.request_estimate import RequestEstimator

LEFT_OUT = "left out"
SUMMARIZED = "summarized"


def left_out_marks(estimator: RequestEstimator, conversation: Conversation) -> Mapping[str, str]:
    """Return what to say of each message that is not sent; of an exchange, the first one tells what that saves."""
    outgoing = estimator.outgoing(conversation)
    marks = {message.id: SUMMARIZED for message in outgoing.summarized}
    left_out = {message.id for message in outgoing.left_out}
    for them in exchanges(conversation.messages):
        if out := [message for message in them if message.id in left_out]:
            saved = f"{LEFT_OUT} · saves ~{estimator.estimate(out):,} tokens"
            marks |= {message.id: LEFT_OUT for message in out} | {out[0].id: saved}
    return marks
