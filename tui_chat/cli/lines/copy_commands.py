"""Commands that take a text elsewhere: to the clipboard, or as a quotation into the next prompt."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tui_chat.chat.message import Message
from tui_chat.chat.passages import text_with_sources
from tui_chat.cli.lines.command import CommandGroup, LineCommand
from tui_chat.cli.lines.line_chat import LineChat
from tui_chat.cli.lines.message_commands import LONGEST_LABEL, named_message, reply_words
from tui_chat.cli.lines.questions import choose
from tui_chat.program.clipboard import clipboard_tool, copy_with, sent_words
from tui_chat.text import clean, clean_line, fit
from tui_chat.text.amounts import counted

NONE = "none"
NO_CLIPBOARD = "This terminal has no clipboard."
ANY_WIDTH = 80
"""Cells of a line, where only the code is wanted and not how it is drawn."""


def copy_reply(chat: LineChat, words: str) -> None:
    """Copy the last reply, or a message by its number."""
    found = _reply_or_message(chat, words)
    if found is not None:
        message, what = found
        _copy(chat, text_with_sources(message.parts), what)


def copy_code(chat: LineChat, words: str) -> None:
    """Copy the code of the last reply, or of a message; if it has several blocks, the one that is chosen."""
    found = _reply_or_message(chat, words)
    if found is None:
        return
    blocks = _code_blocks(found[0].text)
    if not blocks:
        chat.terminal.say(f"There is no code in {found[1]}.")
        return
    labels = [(_about_code(code), (number, code)) for number, code in enumerate(blocks, 1)]
    chosen = labels[0][1] if len(labels) == 1 else choose(chat.terminal, "Copy which code block?", labels)
    if chosen is not None:
        _copy(chat, chosen[1], f"code block {chosen[0]} of {len(blocks)}")


def quote(chat: LineChat, words: str) -> None:
    """Quote the last reply or a message before the next prompt: all of it, or its paragraphs that have some words."""
    if words == NONE:
        had, chat.quotation = chat.quotation, ""
        chat.terminal.say("Nothing is quoted now." if had else "Nothing was quoted.")
        return
    number, _, wanted = words.partition(" ") if words[:1].isdecimal() else ("", "", words)
    found = _reply_or_message(chat, number)
    if found is None:
        return
    paragraphs = re.split(r"\n[ \t]*(?:\n[ \t]*)+", clean(found[0].text).strip())
    text = "\n\n".join(one for one in paragraphs if wanted.casefold() in one.casefold())
    if not text:
        chat.terminal.say(
            f"There is no “{clean_line(wanted)}” in {found[1]}." if wanted else "There is nothing to quote."
        )
        return
    chat.quote(text)
    lines = counted(len(text.splitlines()), "line")
    chat.terminal.say(f"Quoted {found[1]}, {lines}, before the next prompt. /quote {NONE} takes it away again.")


def _reply_or_message(chat: LineChat, number: str) -> tuple[Message, str] | None:
    """Return the last reply, or the message of a number, and what it is called; that there is none is said."""
    if number:
        message, what = named_message(chat, number), f"message {number}"
    else:
        message, what = chat.session.reply(), reply_words(chat)
        if message is None:
            chat.terminal.say("There is no reply yet.")
    return None if message is None else (message, what)


def _copy(chat: LineChat, text: str, what: str) -> None:
    text = clean(text, keep_tabs=True)
    sent, tool = chat.terminal.fill_clipboard(text), clipboard_tool()
    if tool is not None:
        chat.terminal.say(copy_with(tool, text, what))
    else:
        chat.terminal.say(sent_words(what) if sent else NO_CLIPBOARD)


def _code_blocks(text: str) -> Sequence[str]:
    from tui_chat.cli.rendered import look  # it takes its time
    from tui_chat.rendering.document import Document

    document = Document(ANY_WIDTH, look(ascii=True))
    document.append(text)
    document.finish()
    document.advance()
    return [block.text for block in document.code_blocks]


def _about_code(code: str) -> str:
    """Return how a code block begins, and how long it is."""
    lines = code.splitlines()
    first = next((line for line in lines if line.strip()), "")
    return f"{fit(clean_line(first).strip(), LONGEST_LABEL)}, {counted(len(lines), 'line')}"


COMMANDS = CommandGroup(
    "Copying and quoting",
    (
        LineCommand("copy_reply", "Copy the last reply, or a message", copy_reply, "NUMBER", ("copy", "copy_message")),
        LineCommand("copy_code", "Copy a code block of the last reply, or of a message", copy_code, "NUMBER"),
        LineCommand(
            "quote",
            "Quote the last reply, or a message, before the next prompt; with words, the paragraphs that have them",
            quote,
            "NUMBER WORDS or none",
            ("quote_message",),
        ),
    ),
)
