"""A conversation as Markdown."""

from __future__ import annotations

from tui_chat.chat.message import Conversation, Message
from tui_chat.chat.parts import references_of, thinking_of
from tui_chat.interchange.headings import heading, title


def as_markdown(conversation: Conversation, *, thinking: bool = False) -> str:
    """Return the shown branch of a conversation: each message under its heading, with what it cites below it."""
    messages = (_message(message, thinking) for message in conversation.messages)
    return "\n\n".join([f"# {title(conversation)}", *messages])


def _message(message: Message, thinking: bool) -> str:
    thought = thinking_of(message.parts).strip() if thinking else ""
    quoted = "\n".join(f"> {line}".rstrip() for line in ["Thinking:", "", *thought.splitlines()]) if thought else ""
    return "\n\n".join(filter(None, [f"## {heading(message)}", quoted, message.text.strip(), _sources(message)]))


def _sources(message: Message) -> str:
    cited = enumerate(references_of(message.parts), 1)
    lines = "\n".join(f"{number}. {' '.join(text.split())}" for number, text in cited)
    return f"Sources:\n\n{lines}" if lines else ""
