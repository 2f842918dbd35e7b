"""A conversation as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tui_chat.chat.citations import Source
from tui_chat.chat.message import Conversation, Message
from tui_chat.chat.parts import thinking_of
from tui_chat.chat.passages import ToldCall, passages
from tui_chat.interchange.headings import heading, title
from tui_chat.text import clean_line


def as_markdown(conversation: Conversation, *, thinking: bool = False) -> str:
    """Return the shown branch of a conversation: each message under its heading, with what it cites below it."""
    messages = (_message(message, thinking) for message in conversation.messages)
    return "\n\n".join([f"# {title(conversation)}", *messages])


def _message(message: Message, thinking: bool) -> str:
    thought = thinking_of(message.parts).strip() if thinking else ""
    quoted = "\n".join(f"> {line}".rstrip() for line in ["Thinking:", "", *thought.splitlines()]) if thought else ""
    found, sources = passages(message.parts)
    said = [_call(passage) if isinstance(passage, ToldCall) else passage.strip() for passage in found]
    shown = [f"## {heading(message)}", quoted, *said, _sources(sources)]
    return "\n\n".join(filter(None, shown))


def _call(call: ToldCall) -> str:
    """Return a call in a quotation, in which no line of a result can be taken for a heading of ours."""
    result = call.result.text if call.result is not None else ""
    blocks = "".join(f"\n\n{_fenced(text)}" for text in (call.arguments, result) if text.strip())
    said = f"Tool: {clean_line(call.heading)}{blocks}"
    return "\n".join(f"> {line}".rstrip() for line in said.splitlines())


def _fenced(text: str) -> str:
    """Return a block of code that ends where the text does."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}\n{text}\n{fence}"


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
