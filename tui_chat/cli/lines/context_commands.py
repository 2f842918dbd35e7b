"""Commands about what goes with the next request: listed, left out, summarized."""

from __future__ import annotations

from tui_chat.chat.prompt import Prompt
from tui_chat.cli.lines.command import CommandGroup, LineCommand
from tui_chat.cli.lines.conversation_words import read_out
from tui_chat.cli.lines.line_chat import LineChat
from tui_chat.cli.lines.message_commands import named_message
from tui_chat.text import clean_line, fit
from tui_chat.ui.chat import leaving_out
from tui_chat.ui.chat.sent_list import SentList, SentRow

LONGEST_TEXT = 80
OLDEST, NONE = "oldest", "none"
NO_SUMMARY = "There is no summary. /compact makes one."


def what_is_sent(chat: LineChat, words: str) -> None:
    """Read what goes with the next request, and the size of each."""
    sent = SentList(chat.session, Prompt(chat.quotation, files=tuple(chat.files)))
    rows = sent.rows(words)
    if not rows:
        chat.terminal.say("No matches." if words else "Nothing yet: the next prompt is the first.")
        return
    ids = [message.id for message in chat.session.conversation.messages]
    for row in rows:
        number = f"Message {ids.index(row.message_id) + 1}. " if row.message_id in ids else ""
        chat.terminal.say(f"{number}{_about(row)}")
    chat.terminal.say(f"Total: {sent.total.replace(' · ', ', ')}.")


def _about(row: SentRow) -> str:
    size = f"{row.tokens:,} token{'' if row.tokens == 1 else 's'}"
    return f"{', '.join((row.who, *row.remarks, size))}: {fit(clean_line(row.text), LONGEST_TEXT)}"


def leave_out(chat: LineChat, words: str) -> None:
    """Leave an exchange out of requests, or take it in again; the oldest ones, or none."""
    session = chat.session
    if words == NONE:
        session.send_from("")
        chat.terminal.say("The whole conversation is sent again.")
    elif words == OLDEST:
        warning = session.send_checks.shortened(session.conversation)
        if warning is None:
            chat.terminal.say("There is nothing to leave out.")
            return
        session.send_from(warning.send_from)
        chat.terminal.say(f"The oldest {warning.left_out} messages are no longer sent. They stay here.")
    elif (message := named_message(chat, words)) is not None:
        if sentence := leaving_out.toggle(session, message.id):
            chat.terminal.say(sentence)
        elif any(one.id == message.id for one in session.estimator.sent(session.conversation)):
            chat.terminal.say("That exchange is sent again.")
        else:
            chat.terminal.say("That exchange is left out of requests. It stays here.")


def compact(chat: LineChat, _words: str) -> None:
    """Have the earlier messages summarized."""
    chat.do(chat.compactor.compact())


def summary(chat: LineChat, _words: str) -> None:
    """Read the summary that is sent in place of earlier messages."""
    anchor = chat.session.summaries.anchor(chat.session.conversation)
    if anchor is None or anchor.summary is None:
        chat.terminal.say(NO_SUMMARY)
        return
    messages = chat.session.summaries.shown(chat.session.conversation).messages
    number = chat.session.conversation.messages.index(anchor) + 1
    shown = next(one for one in messages if one.summary is anchor.summary and one.id != anchor.id)
    read_out(chat.terminal, shown, number, what="Summary of the messages up to")


def edit_summary(chat: LineChat, _words: str) -> None:
    """Put the summary into the line, to be written anew."""
    conversation = chat.session.conversation
    shown = chat.session.summaries.shown(conversation)
    found = next((one for one in shown.messages if conversation.find(one.id) is None), None)
    if found is None:
        chat.terminal.say(NO_SUMMARY)
        return
    chat.rewrite(found)
    chat.terminal.say("Edit the summary, then press Enter. Ctrl+C cancels.")


def remove_summary(chat: LineChat, _words: str) -> None:
    """Send the messages again that the summary stands for."""
    if chat.compactor.can_change():
        chat.do(chat.compactor.remove())
    else:
        chat.terminal.say(NO_SUMMARY)


def restore_summary(chat: LineChat, _words: str) -> None:
    """Bring back the summary that was removed last."""
    if chat.compactor.can_bring_back:
        chat.do(chat.compactor.bring_back())
        chat.terminal.say("The summary is back.")
    else:
        chat.terminal.say("No removed summary to restore.")


COMMANDS = CommandGroup(
    "What is sent",
    (
        LineCommand("what_is_sent", "Read what goes with the next prompt, and how large it is", what_is_sent, "WORDS"),
        LineCommand(
            "leave_out",
            "Leave an exchange out of requests, or include it again; the oldest ones; or none",
            leave_out,
            f"NUMBER, {OLDEST} or {NONE}",
        ),
        LineCommand("compact", "Summarize earlier messages and send the summary instead", compact, also=("summarize",)),
        LineCommand("summary", "Read the summary", summary),
        LineCommand("edit_summary", "Rewrite the summary", edit_summary),
        LineCommand("remove_summary", "Remove the summary: earlier messages are sent again", remove_summary),
        LineCommand("restore_summary", "Restore the summary that was removed last", restore_summary),
    ),
)
