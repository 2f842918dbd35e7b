"""Leaving exchanges out of what is sent, and taking them in again."""

from __future__ import annotations

from tui_chat.chat.sending import exchange_of
from tui_chat.ui.chat.session import ConversationSession

NOT_NOW = "The reply to this is coming. Leave it out when that has ended."


def toggle(session: ConversationSession, message_id: str) -> bool:
    """Leave the exchange of a message out, or take it in again; False while its reply is coming.

    One that stands before the first message that is sent is taken in with all that follow it.
    """
    messages, estimator = session.conversation.messages, session.estimator
    them = exchange_of(messages, message_id)
    if session.live is not None and messages[-1] in them:
        return False
    sending = session.program.conversation_settings.sending(session.conversation.id)
    if them[0].id in sending.before_first(messages):
        session.send_from(them[0].id)
        return True
    estimator.leave_out(session.conversation, them[0].id, left_out=them[0].id not in sending.left_out)
    session.find_marks()
    session.view.update()
    return True
