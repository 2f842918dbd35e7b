"""The end of a reply in sentences: how it ended if not in the ordinary way, its sources, and what it took."""

from __future__ import annotations

from collections.abc import Iterator

from tui_chat.chat.citations import listed, sources_of
from tui_chat.chat.message import Message
from tui_chat.cli.reply import CUT_SHORT
from tui_chat.text.amounts import money, tokens
from tui_chat.ui.messages.notes import note_for

COMMAND_OF = {"continue_reply": "/continue_reply", "retry": "/retry", "choose_model": "/choose_model"}
"""The commands for what can be done about a reply."""


def sentences_at_end(message: Message, *, show_usage: bool) -> Iterator[str]:
    """Yield what there is to say of a reply that has ended, line by line."""
    yield from how_it_ended(message)
    if sources := sources_of(message.parts):
        yield "Sources:"
        yield from (line.strip() for line in listed(sources).split("\n"))
    if show_usage and (figures := figures_of_reply(message)):
        yield figures


def how_it_ended(message: Message) -> Iterator[str]:
    """Yield how a reply ended and what can be done now; nothing if it ended well."""
    note = note_for(message, COMMAND_OF.__getitem__)
    if note is None:
        if message.metadata.stop_reason == "tool_use":
            yield CUT_SHORT["tool_use"]
        return
    label = note.label[:1].upper() + note.label[1:].replace(" · ", ": ")
    yield " ".join(filter(None, (f"{label}.", note.sentence)))
    if note.actions:
        yield f"{', '.join(f'{command} to {what}' for command, what, _ in note.actions)}."


def figures_of_reply(message: Message) -> str:
    """Return the tokens and the cost of a reply, as far as they are known, in a sentence."""
    usage, cost_usd = message.metadata.usage, message.metadata.cost_usd
    figures = [
        *(
            []
            if usage.input_tokens is None
            else [f"{tokens(usage.input_tokens)} {'token' if usage.input_tokens == 1 else 'tokens'} in"]
        ),
        *([] if usage.output_tokens is None else [f"{tokens(usage.output_tokens)} out"]),
        *([money(cost_usd)] if cost_usd is not None and (cost_usd or usage.output_tokens) else []),
    ]
    return f"{', '.join(figures)}." if figures else ""
