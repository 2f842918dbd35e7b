"""The line above a message, in whatever form it is exported."""

from __future__ import annotations

from tui_chat.chat.message import Conversation, Message, Role
from tui_chat.chat.parts import files_of
from tui_chat.text import clean_line


def heading(message: Message) -> str:
    """Return who speaks, with which files, and how it ended if not in the ordinary way."""
    cut = "" if message.metadata.stop_reason != "max_tokens" else " (cut at the token limit)"
    ended = f" ({message.status})" if message.status.partial or message.status.live else cut
    files = "".join(f", with {clean_line(file.name)}" for file in files_of(message.parts))
    who = "You" if message.role is Role.USER else message.metadata.speaker
    return f"{who}{files}{ended}"


def title(conversation: Conversation) -> str:
    """Return the title on one line."""
    return " ".join(conversation.title.split()) or "Conversation"
