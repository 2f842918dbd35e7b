"""Conversations and messages in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from tui_chat.chat.message import Conversation, ConversationSummary, Message
from tui_chat.chat.passages import text_with_sources
from tui_chat.cli.lines.line_terminal import LineTerminal
from tui_chat.cli.lines.reply_end import how_it_ended
from tui_chat.interchange.headings import heading
from tui_chat.text import clean, clean_line, fit
from tui_chat.text.amounts import counted
from tui_chat.ui.shared.times import ago

if TYPE_CHECKING:
    from tui_chat.cli.lines.line_chat import LineChat
    from tui_chat.program.contenders import Contender

UNTITLED = "Untitled"
NEW = "New conversation."
LONGEST_TITLE = 80


def about_conversation(conversation: Conversation, message_id: str = "") -> str:
    """Return which conversation is open, and how it is read, from one of its messages if that was wanted."""
    ids = [message.id for message in conversation.messages]
    if not ids:
        return NEW
    how = f"/read {ids.index(message_id) + 1} reads that message" if message_id in ids else "/read reads the last reply"
    return f"“{_title(conversation.title)}”, {counted(len(ids), 'message')}. {how}, /read all everything."


def say_where(chat: LineChat, message_id: str = "") -> None:
    """Say which conversation is open, and whom its next prompt goes to if these are several."""
    chat.terminal.say(about_conversation(chat.session.conversation, message_id))
    comparing, id = chat.session.comparing, chat.session.conversation.id
    if asked := comparing.contenders(id):
        whom = f"{len(asked)} models, names hidden" if comparing.is_blind(id) else names_of(asked)
        chat.terminal.say(f"The next prompt goes to {whom}.")


def names_of(models: Sequence[Contender]) -> str:
    """Return the names of models that are compared, in a sentence."""
    return ", ".join(clean_line(model.name) for model in models)


def about_summary(summary: ConversationSummary, now: datetime) -> str:
    """Return a conversation as it is listed."""
    marks = "".join(f", {mark}" for mark, has in (("pinned", summary.pinned), ("archived", summary.archived)) if has)
    tags = "".join(f", tag {tag}" for tag in summary.tags)
    count = counted(summary.message_count, "message")
    return f"{_title(summary.title)}, {count}, {ago(summary.updated_at, now)}{marks}{tags}"


def read_out(terminal: LineTerminal, message: Message, number: int, what: str = "Message") -> None:
    """Write a message with its number, its speaker, and how it ended."""
    terminal.say(f"{what} {number}. {heading(message)}:")
    terminal.write(clean(text_with_sources(message.parts)))
    terminal.end_line()
    for sentence in how_it_ended(message):
        terminal.say(sentence)


def _title(title: str) -> str:
    return fit(clean_line(title), LONGEST_TITLE) or UNTITLED
