"""Asks the user before a request is sent, without losing the prompt whatever the answer is."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import App

from tui_chat.chat import exchange
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import PendingReply
from tui_chat.program.send_checks import SendWarning, WarningKind
from tui_chat.ui.chat.compactor import Compactor
from tui_chat.ui.chat.model_choice import choose_model
from tui_chat.ui.chat.send_warning import Answer, SendWarningScreen
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.look.keys import KeyNames


async def ask_first(
    app: App[None],
    session: ConversationSession,
    compactor: Compactor,
    pending: PendingReply,
    prompt: Prompt | None,
    give_back: Callable[[Prompt], None],
) -> None:
    """Ask what there is to ask, then send the request or not. Meanwhile the prompt is safe in the queue."""
    while (warning := session.round_checks.find(pending, await session.budget())) is not None:
        if warning.about is not WarningKind.MODEL:
            answer = await app.push_screen_wait(SendWarningScreen(warning, _ways_out(app, session, warning)))
        elif model := await choose_model(app, session.program, pending.conversation.id):
            pending = exchange.ask_model(pending, model)
            continue
        else:
            answer = Answer.KEEP
        if answer is Answer.SUMMARIZE:
            if (summarized := await compactor.before_sending(pending)) is not None:
                pending = summarized
                continue
            if not session.is_shown(pending.conversation.id):
                return  # the prompt waits there
            answer = Answer.KEEP
        match answer:
            case Answer.KEEP:
                session.refrain(pending.conversation.id)
                if prompt is not None:
                    give_back(prompt)
                return
            case Answer.LEAVE_OUT:
                session.round_checks.leave_out(pending, warning)
                session.find_marks()
                app.notify(f"The oldest {warning.left_out} messages are no longer sent. They stay here.")
            case Answer.REDACT:
                pending = session.send_checks.redact(pending)
            case Answer.SEND:
                session.round_checks.allow(pending, warning)
    if prompt is None or prompt in session.queued(pending.conversation.id):
        await session.start(pending, prompt)
    else:  # it was taken back meanwhile
        session.refrain(pending.conversation.id)


def _ways_out(app: App[None], session: ConversationSession, warning: SendWarning) -> str:
    """Return what can be done about a conversation with too many files, in a sentence; "" about anything else."""
    if warning.about is not WarningKind.SIZE:
        return ""
    key = KeyNames.of(app, session.program.settings.now.keys)
    return f"{key('what_is_sent')} leaves exchanges out, {key('new_conversation')} starts a new conversation."
