"""A conversation as Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from tui_chat.chat.citations import Source, cited
from tui_chat.chat.message import Conversation, Message
from tui_chat.chat.parts import thinking_of
from tui_chat.interchange.headings import heading, title


def as_markdown(conversation: Conversation, *, thinking: bool = False) -> str:
    """Return the shown branch of a conversation: each message under its heading, with what it cites below it."""
    messages = (_message(message, thinking) for message in conversation.messages)
    return "\n\n".join([f"# {title(conversation)}", *messages])


def _message(message: Message, thinking: bool) -> str:
    thought = thinking_of(message.parts).strip() if thinking else ""
    quoted = "\n".join(f"> {line}".rstrip() for line in ["Thinking:", "", *thought.splitlines()]) if thought else ""
    said = cited(message.parts)
    shown = [f"## {heading(message)}", quoted, said.text.strip(), _sources(said.sources)]
    return "\n\n".join(filter(None, shown))


def _sources(sources: Iterable[Source]) -> str:
    lines = "\n".join(_source(source) for source in sources)
    return f"Sources:\n\n{lines}" if lines else ""


def _source(source: Source) -> str:
    """Return an item of a list, each quotation on a line of its own within it."""
    title = "  ".join(dict.fromkeys(filter(None, (source.title, source.address))))
    return "  \n".join(
        " " * len(f"{source.number}. ") * (row > 0) + " ".join(line.split())
        for row, line in enumerate([f"{source.number}. {title}", *source.quoted])
    )
