"""Commands about messages: read, found, marked, edited, deleted and brought back."""

from __future__ import annotations

from collections.abc import Sequence

from tui_chat.chat.citations import is_web_address, sources_of
from tui_chat.chat.message import Message, Role
from tui_chat.chat.parts import thinking_of
from tui_chat.cli.lines.command import CommandGroup, LineCommand
from tui_chat.cli.lines.conversation_words import read_out
from tui_chat.cli.lines.line_chat import LineChat
from tui_chat.cli.lines.questions import answer, choose
from tui_chat.program.browser import open_in_browser
from tui_chat.text import clean, clean_line, fit

LONGEST_LABEL = 100


def read(chat: LineChat, words: str) -> None:
    """Read the last reply, a message by its number, or all."""
    messages = chat.session.conversation.messages
    for message in messages if words == "all" else filter(None, [named_message(chat, words)]):
        read_out(chat.terminal, message, messages.index(message) + 1)


def thinking(chat: LineChat, words: str) -> None:
    """Read the thinking of a reply."""
    if (message := named_message(chat, words)) is not None:
        chat.terminal.write(clean(thinking_of(message.parts)).strip() or "There is no thinking.")
        chat.terminal.end_line()


def edit(chat: LineChat, words: str) -> None:
    """Put an earlier prompt, the last one if none is named, into the line, to be sent in its place."""
    named = named_message(chat, words) if words else _last_prompt(chat.session.conversation.messages)
    if named is not None and named.role is Role.ASSISTANT:
        named = chat.session.conversation.find(named.parent_id or "")
    if named is None:
        chat.terminal.say("There is no prompt to edit.")
        return
    chat.edit(named)
    chat.terminal.say("Edit the prompt, then press Enter. Ctrl+C cancels.")


def find(chat: LineChat, words: str) -> None:
    """Find words in this conversation, and read a message that has them."""
    words = words or answer(chat.terminal, "Find: ") or ""
    messages = chat.session.conversation.messages
    found = [one for one in messages if words and words.casefold() in one.text.casefold()]
    if not found:
        chat.terminal.say(f"No matches for “{clean_line(words)}”." if words else "Cancelled.")
    elif (message := choose(chat.terminal, "Read which?", [(_excerpt(one, words), one) for one in found])) is not None:
        read_out(chat.terminal, message, messages.index(message) + 1)


def bookmark(chat: LineChat, words: str) -> None:
    """Give a message a bookmark, or take it away."""
    if (message := named_message(chat, words)) is not None:
        bookmarked = message.id not in chat.program.store.marks.bookmarked(chat.session.conversation.id)
        chat.do(chat.library.toggle_bookmark(message.id))
        chat.terminal.say("Bookmarked." if bookmarked else "Bookmark removed.")


def fork(chat: LineChat, words: str) -> None:
    """Go on from a message in a new conversation."""
    if (message := named_message(chat, words)) is not None:
        chat.do(chat.session.fork(message.id))
        chat.terminal.say("Forked into a new conversation.")


def delete_message(chat: LineChat, words: str) -> None:
    """Take a message out of the conversation; those behind it stay."""
    message = named_message(chat, words)
    if message is None:
        return
    number = chat.session.conversation.messages.index(message) + 1
    if chat.do(chat.edits.delete(message.id)):
        chat.terminal.say(f"Deleted message {number}. /undelete_message brings it back.")
    else:
        chat.terminal.say("Nothing was deleted. Try again.")


def undelete_message(chat: LineChat, _words: str) -> None:
    """Bring back the message that was deleted last."""
    restored = chat.do(chat.edits.bring_back())
    if restored is None:
        chat.terminal.say("No deleted message to restore.")
        return
    found = chat.session.conversation.find(restored.message.id)
    if found is not None:
        read_out(chat.terminal, found, chat.session.conversation.messages.index(found) + 1)


def edit_reply(chat: LineChat, words: str) -> None:
    """Put a reply into the line, for another version of it."""
    reply = named_message(chat, words)
    if reply is None:
        return
    if reply.role is Role.USER:
        chat.terminal.say("That is a prompt: /edit_message edits it.")
    elif chat.edits.can_rewrite(reply.id):
        chat.rewrite(reply)
        chat.terminal.say("Edit the reply, then press Enter: nothing is sent. Ctrl+C cancels.")


def open_source(chat: LineChat, words: str) -> None:
    """Read the sources of a reply, and open one in the browser."""
    message = named_message(chat, words)
    sources = sources_of(message.parts) if message is not None else ()
    if not sources:
        chat.terminal.say("This message cites no sources.")
        return
    labels = [(", ".join([source.title, *source.below]), source) for source in sources]
    source = choose(chat.terminal, "Open which in the browser?", labels)
    if source is None:
        return
    if not is_web_address(source.address):
        chat.terminal.say("This is a file of the conversation: it has no address.")
    elif open_in_browser(source.address):
        chat.terminal.say("Opened the source in the browser.")
    else:
        chat.terminal.say("No browser could be started.")


def named_message(chat: LineChat, words: str) -> Message | None:
    """Return the message that a number names, the last one without a number; what there is not is said."""
    messages = chat.session.conversation.messages
    if not messages:
        chat.terminal.say("This conversation is empty.")
        return None
    if not words:
        return messages[-1]
    if words.isdecimal() and 0 < int(words[:9]) <= len(messages):
        return messages[int(words[:9]) - 1]
    chat.terminal.say(f"Messages have numbers from 1 to {len(messages)}.")
    return None


def reply_words(chat: LineChat) -> str:
    """Return what the last reply is called: of several that are compared, with the name of the one that is meant."""
    comparison = chat.session.comparing.of(chat.session.conversation.id)
    return "the reply" if comparison is None else f"the reply of {clean_line(comparison.names[comparison.at])}"


def _last_prompt(messages: Sequence[Message]) -> Message | None:
    return next((one for one in reversed(messages) if one.role is Role.USER), None)


def _excerpt(message: Message, words: str) -> str:
    """Return who says it, and the text around the words."""
    at = max(message.text.casefold().find(words.casefold()) - LONGEST_LABEL // 2, 0)
    who = "You" if message.role is Role.USER else message.metadata.speaker
    return f"{who}: {fit(clean_line(message.text[at:]), LONGEST_LABEL)}"


COMMANDS = CommandGroup(
    "Messages",
    (
        LineCommand("read", "Read the last message again, one by its number, or all", read, "NUMBER or all"),
        LineCommand("read_thinking", "Read the thinking of a reply", thinking, "NUMBER"),
        LineCommand("find", "Find in this conversation", find, "WORDS"),
        LineCommand("open_source", "Read the sources of a reply, and open one", open_source, "NUMBER", ("sources",)),
        LineCommand("bookmark", "Add or remove a bookmark", bookmark, "NUMBER"),
        LineCommand("edit_message", "Edit a prompt and send it again", edit, "NUMBER", ("edit",)),
        LineCommand("edit_reply", "Rewrite a reply; the original stays as a version", edit_reply, "NUMBER"),
        LineCommand("delete_message", "Delete a message; later messages stay", delete_message, "NUMBER"),
        LineCommand("undelete_message", "Restore the last deleted message", undelete_message),
        LineCommand("fork", "Fork the conversation from a message", fork, "NUMBER"),
    ),
)
