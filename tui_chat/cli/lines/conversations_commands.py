"""Commands that go to other conversations: new, found, listed, bookmarked."""

from __future__ import annotations

from functools import partial

from tui_chat.chat.message import Conversation, ConversationSummary, Role
from tui_chat.cli.lines.command import CommandGroup, LineCommand
from tui_chat.cli.lines.conversation_words import NEW, about_summary, say_where
from tui_chat.cli.lines.line_chat import LineChat
from tui_chat.cli.lines.questions import answer, choose
from tui_chat.program.temporary import NotKept, keep_conversation
from tui_chat.text import clean_line

MOST_LISTED = 20
LEAVING = "This conversation is temporary. Leave it?"


def new(chat: LineChat, _words: str) -> None:
    """Open an empty conversation."""
    chat.do(chat.session.open(Conversation()))
    chat.terminal.say(NEW)


def temporary(chat: LineChat, _words: str) -> None:
    """Begin a conversation of which nothing is kept; or leave it, for it to be kept after all or not."""
    if chat.main is None:
        chat.beside = LineChat(chat.program.temporary(), chat.terminal, chat.now, chat)
        chat.terminal.say("A temporary conversation: nothing of it is kept. /temporary_conversation leaves it.")
        return
    ways = [("Keep it", True), ("Let it go", False)]
    keep = choose(chat.terminal, LEAVING, ways) if chat.session.conversation.messages else False
    if keep:
        try:
            kept = keep_conversation(chat.session.conversation.id, chat.program.store, chat.main.program.store)
        except NotKept as error:
            chat.terminal.say(str(error))
            return
        chat.main.do(chat.main.session.open(kept))
    if keep is not None:
        chat.is_over = True
        say_where(chat.main)


def conversations(chat: LineChat, words: str) -> None:
    """Open one of those that have the words, by its number."""
    found = chat.program.store.conversations(MOST_LISTED, words)
    if (chosen := _chosen(chat, found, "Which conversation?", words)) is not None:
        go_to(chat, chosen.id)


def archived(chat: LineChat, words: str) -> None:
    """Open one of the archive."""
    found = chat.program.store.conversations(MOST_LISTED, words, archived=True)
    if (chosen := _chosen(chat, found, "Which conversation of the archive?", words)) is not None:
        go_to(chat, chosen.id)


def turn(step: int, chat: LineChat, _words: str) -> None:
    """Open the next conversation, or the one before: first those in which a reply has come."""
    if chat.do(chat.library.turn(step)):
        say_where(chat)
    else:
        chat.terminal.say("There is no other conversation.")


def search(chat: LineChat, words: str) -> None:
    """Find messages, in all conversations, and open the conversation of one."""
    words = words or answer(chat.terminal, "Search for: ") or ""
    hits = chat.program.store.search(words, MOST_LISTED) if words else []
    if not hits:
        chat.terminal.say(f"No matches for “{clean_line(words)}”." if words else "Cancelled.")
        return
    labels = [(clean_line(f"{hit.title}: {hit.snippet}"), hit) for hit in hits]
    if (hit := choose(chat.terminal, "Open which?", labels)) is not None:
        go_to(chat, hit.conversation_id, hit.message_id)


def bookmarks(chat: LineChat, words: str) -> None:
    """Open the conversation of one of all bookmarks."""
    found = chat.library.bookmarks(words).items
    if not found:
        chat.terminal.say(f"No matches for “{clean_line(words)}”." if words else "No bookmarks yet.")
        return
    labels = []
    for mark in found:
        who = "You" if mark.role is Role.USER else "Reply"
        labels.append((clean_line(f"{mark.title}: {who}: {mark.excerpt}"), mark))
    if (chosen := choose(chat.terminal, "Open which?", labels)) is not None:
        go_to(chat, chosen.conversation_id, chosen.message_id)


def go_to(chat: LineChat, conversation_id: str, message_id: str = "") -> None:
    """Open a conversation, along the branch of one of its messages."""
    library = chat.library
    if not chat.do(library.open_at(conversation_id, message_id) if message_id else library.open(conversation_id)):
        chat.terminal.say("That is no longer there.")
        return
    say_where(chat, message_id)


def _chosen(chat: LineChat, found: list[ConversationSummary], question: str, words: str) -> ConversationSummary | None:
    if not found:
        chat.terminal.say(f"No matches for “{clean_line(words)}”." if words else "No conversations.")
        return None
    return choose(chat.terminal, question, [(about_summary(one, chat.now()), one) for one in found])


COMMANDS = CommandGroup(
    "Conversations",
    (
        LineCommand("new_conversation", "Start a new conversation", new, also=("new",)),
        LineCommand("temporary_conversation", "Start a temporary conversation, or leave it", temporary),
        LineCommand("conversations", "Open a conversation", conversations, "WORDS", ("open",)),
        LineCommand("archived", "Open a conversation of the archive", archived, "WORDS"),
        LineCommand("search", "Search all conversations", search, "WORDS"),
        LineCommand("bookmarks", "Open one of the bookmarks of all conversations", bookmarks, "WORDS"),
        LineCommand("next_conversation", "Open the next conversation", partial(turn, 1), also=("next",)),
        LineCommand("previous_conversation", "Open the previous conversation", partial(turn, -1), also=("previous",)),
    ),
)
