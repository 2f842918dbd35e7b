"""Leaving exchanges out of what is sent, and taking them in again."""

from __future__ import annotations

from tui_chat.chat.compaction import is_summary
from tui_chat.chat.sending import exchange_of
from tui_chat.ui.chat.session import ConversationSession

NOT_NOW = "The reply to this is coming. Leave it out when it is done."
IN_SUMMARY = "The summary stands for this. Remove the summary to send it again."


def toggle(session: ConversationSession, message_id: str) -> str:
    """Leave the exchange of a message out, or take it in again; return why that cannot be, in a sentence.

    One that stands before the first message that is sent is taken in with all that follow it.
    """
    conversation, estimator = session.conversation, session.estimator
    them = exchange_of(conversation.messages, message_id)
    if session.live is not None and conversation.messages[-1] in them:
        return NOT_NOW
    if is_summary(message_id) or any(one.id == message_id for one in estimator.outgoing(conversation).summarized):
        return IN_SUMMARY
    sending = session.program.conversation_settings.sending(conversation.id)
    if them[0].id in sending.before_first(conversation.messages):
        session.send_from(them[0].id)
        return ""
    is_sent = any(message.id == message_id for message in estimator.sent(conversation))
    (estimator.leave_out if is_sent else estimator.take_in)(conversation, them)
    session.find_marks()
    session.view.update()
    return ""
