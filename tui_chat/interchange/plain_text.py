"""A conversation as plain text."""

from __future__ import annotations

from tui_chat.chat.citations import listed
from tui_chat.chat.message import Conversation, Message
from tui_chat.chat.parts import thinking_of
from tui_chat.chat.passages import ToldCall, passages
from tui_chat.interchange.headings import heading, title
from tui_chat.text import clean, clean_line


def as_text(conversation: Conversation, *, thinking: bool = False) -> str:
    """Return the shown branch of a conversation, with nothing in it that acts on a terminal."""
    name = clean_line(title(conversation))
    return "\n\n".join([name, *(_message(message, thinking) for message in conversation.messages)])


def _message(message: Message, thinking: bool) -> str:
    thought = clean(thinking_of(message.parts)).strip() if thinking else ""
    about = f"[Thinking]\n{thought}" if thought else ""
    found, sources = passages(message.parts)
    said = [_call(passage) if isinstance(passage, ToldCall) else clean(passage).strip() for passage in found]
    shown = [f"{heading(message)}:", about, *said, listed(sources)]
    return "\n".join(filter(None, shown))


def _call(call: ToldCall) -> str:
    result = call.result.text if call.result is not None else ""
    below = [clean(text).strip() for text in (call.arguments, result)]
    return "\n".join([f"[Tool: {clean_line(call.heading)}]", *filter(None, below)])
