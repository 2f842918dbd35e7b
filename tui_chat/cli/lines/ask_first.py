"""Questions that a request, or a call of a tool, waits for."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from typing import TYPE_CHECKING

from tui_chat.chat import exchange
from tui_chat.chat.leave import Answer
from tui_chat.chat.protocols import PendingReply
from tui_chat.cli.lines.choose_model import chosen_model
from tui_chat.cli.lines.questions import choose
from tui_chat.program.send_checks import SendWarning, WarningKind
from tui_chat.settings import SettingsError
from tui_chat.text import clean_line, fit
from tui_chat.ui.chat.tool_questions import ToolQuestion

if TYPE_CHECKING:
    from tui_chat.cli.lines.line_chat import LineChat
    from tui_chat.cli.lines.line_view import SendQuestion

LONGEST_ARGUMENTS = 2_000


class _Way(Enum):
    """The ways on from a warning."""

    SEND = auto()
    LEAVE_OUT = auto()
    SUMMARIZE = auto()
    REDACT = auto()


_CALL = "May {} run? It is called with {}."
_ANSWERS = (
    ("Run it once", Answer.ONCE),
    ("Run it whenever it is called in this conversation", Answer.CONVERSATION),
    ("Always run it", Answer.ALWAYS),
    ("Do not run it", Answer.REFUSE),
    ("Never run it", Answer.NEVER),
)


def ask_before_sending(chat: LineChat, question: SendQuestion) -> None:
    """Ask what there is to ask about a request, then send it or give its prompt back."""
    session, pending = chat.session, question.pending
    while (warning := session.round_checks.find(pending, chat.do(session.budget()))) is not None:
        changed = _answered(chat, pending, warning)
        if changed is None:
            session.refrain(pending.conversation.id)
            if question.prompt is not None:
                chat.view.give_back(question.prompt)
            chat.terminal.say("Nothing was sent.")
            return
        pending = changed
    chat.do(session.start(pending, question.prompt))


def _answered(chat: LineChat, pending: PendingReply, warning: SendWarning) -> PendingReply | None:
    """Return the request as the answer to a warning changes it; None if it is not to be sent."""
    session = chat.session
    if warning.about is WarningKind.MODEL:
        model = chosen_model(chat, pending.conversation.id)
        return None if model is None else exchange.ask_model(pending, model)
    match choose(chat.terminal, clean_line(warning.question), _ways(warning)):
        case _Way.SEND:
            session.round_checks.allow(pending, warning)
        case _Way.LEAVE_OUT:
            session.round_checks.leave_out(pending, warning)
        case _Way.SUMMARIZE:
            return chat.do(chat.compactor.before_sending(pending))
        case _Way.REDACT:
            return session.send_checks.redact(pending)
        case _:
            return None
    return pending


def _ways(warning: SendWarning) -> Sequence[tuple[str, _Way]]:
    """Return the ways on; to enter nothing sends nothing."""
    shorter = [(f"Leave out the oldest {warning.left_out} messages", _Way.LEAVE_OUT)] if warning.left_out else []
    match warning.about:
        case WarningKind.SECRETS:
            return [("Redact and send", _Way.REDACT), ("Send anyway", _Way.SEND)]
        case WarningKind.SIZE:
            return shorter
        case WarningKind.CONTEXT:
            summarized = f"Summarize the oldest {warning.summarized} messages, then send"
            told = [(summarized, _Way.SUMMARIZE)] if warning.summarized else []
            return [*shorter, *told, ("Send all of it", _Way.SEND)]
    return [("Send anyway", _Way.SEND)]


def ask_about_call(chat: LineChat, question: ToolQuestion) -> None:
    """Ask if a tool may run; whoever does not answer does not let it."""
    arguments = fit(clean_line(question.call.arguments), LONGEST_ARGUMENTS) or "nothing"
    answer = choose(chat.terminal, _CALL.format(question.name, arguments), _ANSWERS)
    try:
        chat.session.tool_questions.answer(question, answer or Answer.REFUSE)
    except SettingsError as error:
        chat.terminal.say(str(error))
