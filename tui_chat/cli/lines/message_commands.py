"""Commands about messages: read, asked for again, gone on with, edited, found."""

from __future__ import annotations

from collections.abc import Sequence

from tui_chat.chat import exchange
from tui_chat.chat.message import Message, Role
from tui_chat.chat.parts import thinking_of
from tui_chat.cli.lines.conversation_words import read_out
from tui_chat.cli.lines.line_chat import LineChat
from tui_chat.cli.lines.questions import answer, choose
from tui_chat.text import clean, clean_line, fit

NO_REPLY = "There is no reply to do that with."
LONGEST_LABEL = 100
MOST_PROMPTS = 20


def read(chat: LineChat, words: str) -> None:
    """Read the last reply, a message by its number, or all."""
    messages = chat.session.conversation.messages
    for message in messages if words == "all" else filter(None, [_named(chat, words)]):
        read_out(chat.terminal, message, messages.index(message) + 1)


def thinking(chat: LineChat, words: str) -> None:
    """Read the thinking of a reply."""
    if (message := _named(chat, words)) is not None:
        chat.terminal.write(clean(thinking_of(message.parts)).strip() or "There is no thinking.")
        chat.terminal.end_line()


def retry(chat: LineChat, words: str) -> None:
    """Ask for another reply in the place of one."""
    reply = _named(chat, words)
    if reply is None or not chat.session.can_regenerate(reply):
        chat.terminal.say(NO_REPLY)
        return
    chat.do(chat.session.regenerate(reply.id))


def continue_reply(chat: LineChat, _words: str) -> None:
    """Ask for the rest of the last reply."""
    reply = chat.session.reply()
    if reply is None or not exchange.can_go_on(reply):
        chat.terminal.say("The last reply is whole: there is nothing to continue.")
        return
    chat.do(chat.session.go_on(reply.id))


def edit(chat: LineChat, words: str) -> None:
    """Put an earlier prompt, the last one if none is named, into the line, to be sent in its place."""
    named = _named(chat, words) if words else _last_prompt(chat.session.conversation.messages)
    if named is not None and named.role is Role.ASSISTANT:
        named = chat.session.conversation.find(named.parent_id or "")
    if named is None:
        chat.terminal.say("There is no prompt to edit.")
        return
    chat.edit(named)
    chat.terminal.say("Edit the prompt, then press Enter. Ctrl+C cancels.")


def branch(chat: LineChat, step: int) -> None:
    """Go to the branch beside that of the last reply which has others in its place."""
    places = chat.view.marks.branches
    at = next((one for one in reversed(chat.session.conversation.messages) if one.id in places), None)
    before = chat.session.conversation
    if at is not None:
        chat.do(chat.session.turn_branch(at.id, step))
    if chat.session.conversation is before:
        chat.terminal.say("There is no other version there.")
    else:
        read(chat, "")


def find(chat: LineChat, words: str) -> None:
    """Find words in this conversation, and read a message that has them."""
    words = words or answer(chat.terminal, "Find: ") or ""
    messages = chat.session.conversation.messages
    found = [one for one in messages if words and words.casefold() in one.text.casefold()]
    if not found:
        chat.terminal.say(f"No matches for “{clean_line(words)}”." if words else "Cancelled.")
    elif (message := choose(chat.terminal, "Read which?", [(_excerpt(one, words), one) for one in found])) is not None:
        read_out(chat.terminal, message, messages.index(message) + 1)


def search_prompts(chat: LineChat, words: str) -> None:
    """Put one of the prompts that were sent earlier into the line."""
    found = chat.program.store.prompts(MOST_PROMPTS, words)
    if not found:
        chat.terminal.say("No earlier prompts.")
        return
    labels = [(fit(clean_line(prompt), LONGEST_LABEL), prompt) for prompt in found]
    if (prompt := choose(chat.terminal, "Which prompt?", labels)) is not None:
        chat.view.given_back = prompt


def bookmark(chat: LineChat, words: str) -> None:
    """Give a message a bookmark, or take it away."""
    if (message := _named(chat, words)) is not None:
        marks = chat.program.store.marks
        bookmarked = message.id not in marks.bookmarked(chat.session.conversation.id)
        marks.bookmark(message.id, bookmarked=bookmarked)
        chat.terminal.say("Bookmarked." if bookmarked else "Bookmark removed.")


def fork(chat: LineChat, words: str) -> None:
    """Go on from a message in a new conversation."""
    if (message := _named(chat, words)) is not None:
        chat.do(chat.session.fork(message.id))
        chat.terminal.say("Forked into a new conversation.")


def _named(chat: LineChat, words: str) -> Message | None:
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


def _last_prompt(messages: Sequence[Message]) -> Message | None:
    return next((one for one in reversed(messages) if one.role is Role.USER), None)


def _excerpt(message: Message, words: str) -> str:
    """Return who says it, and the text around the words."""
    at = max(message.text.casefold().find(words.casefold()) - LONGEST_LABEL // 2, 0)
    who = "You" if message.role is Role.USER else message.metadata.speaker
    return f"{who}: {fit(clean_line(message.text[at:]), LONGEST_LABEL)}"
