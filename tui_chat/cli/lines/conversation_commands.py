"""Commands about conversations: opened, found, named, deleted, exported."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tui_chat.chat.message import Conversation, ConversationSummary
from tui_chat.cli.lines.conversation_words import about_conversation, about_summary
from tui_chat.cli.lines.line_chat import LineChat
from tui_chat.cli.lines.questions import answer, choose, confirm
from tui_chat.interchange.exporting import Export, ExportFormat, ExportOptions, file_name
from tui_chat.text import clean_line

MOST_LISTED = 20
_SAVED_S = 5.0


def new(chat: LineChat, _words: str) -> None:
    """Open an empty conversation."""
    chat.do(chat.session.open(Conversation()))
    chat.terminal.say("New conversation.")


def conversations(chat: LineChat, words: str) -> None:
    """Open one of those that have the words, by its number."""
    found = chat.program.store.conversations(MOST_LISTED, words)
    if (chosen := _chosen(chat, found, "Which conversation?", words)) is not None:
        _open(chat, chosen.id)


def archived(chat: LineChat, words: str) -> None:
    """Open one of the archive."""
    found = chat.program.store.conversations(MOST_LISTED, words, archived=True)
    if (chosen := _chosen(chat, found, "Which conversation of the archive?", words)) is not None:
        _open(chat, chosen.id)


def search(chat: LineChat, words: str) -> None:
    """Find messages, in all conversations, and open the conversation of one."""
    words = words or answer(chat.terminal, "Search for: ") or ""
    hits = chat.program.store.search(words, MOST_LISTED) if words else []
    if not hits:
        chat.terminal.say(f"No matches for “{clean_line(words)}”." if words else "Cancelled.")
        return
    labels = [(clean_line(f"{hit.title}: {hit.snippet}"), hit) for hit in hits]
    if (hit := choose(chat.terminal, "Open which?", labels)) is not None:
        _open(chat, hit.conversation_id, hit.message_id)


def rename(chat: LineChat, words: str) -> None:
    """Give the conversation another title."""
    conversation = chat.session.conversation
    title = words or answer(chat.terminal, "Title: ", filled_with=clean_line(conversation.title))
    if title and _has_messages(chat):
        chat.program.store.rename(conversation.id, title)
        chat.session.retitle(title)
        chat.terminal.say(f"Renamed to “{clean_line(title)}”.")


def delete(chat: LineChat, _words: str) -> None:
    """Delete the conversation, once that is confirmed."""
    conversation, store = chat.session.conversation, chat.program.store
    if not _has_messages(chat):
        return
    if store.replies_elsewhere(conversation.id):
        chat.terminal.say("Nothing was deleted: a reply is coming in another window.")
    elif confirm(chat.terminal, f"Delete “{clean_line(conversation.title)}”?"):
        store.delete(conversation.id)
        chat.session.comparing.let_go(conversation.id)
        chat.session.forget(conversation.id)
        chat.deleted.append(conversation.id)
        chat.do(chat.session.open(Conversation()))
        chat.terminal.say("Deleted. /undelete brings it back until you quit.")


def undelete(chat: LineChat, _words: str) -> None:
    """Bring back the conversation that was deleted last."""
    if not chat.deleted:
        chat.terminal.say("No deleted conversation to restore.")
        return
    id = chat.deleted.pop()
    chat.program.store.undelete(id)
    _open(chat, id)


def pin(chat: LineChat, _words: str) -> None:
    """Pin the conversation, or no longer."""
    if _has_messages(chat):
        marks, id = chat.program.store.marks, chat.session.conversation.id
        pinned = not marks.of(id).pinned
        marks.pin(id, pinned=pinned)
        chat.terminal.say("Pinned." if pinned else "No longer pinned.")


def archive(chat: LineChat, _words: str) -> None:
    """Put the conversation into the archive, or back into the list."""
    if _has_messages(chat):
        marks, id = chat.program.store.marks, chat.session.conversation.id
        put_away = not marks.of(id).archived
        marks.archive(id, archived=put_away)
        chat.terminal.say("Moved to the archive." if put_away else "Back in the list.")


def export(chat: LineChat, words: str) -> None:
    """Write the conversation to a file, in a form that is chosen."""
    conversation = chat.session.conversation
    if not _has_messages(chat):
        return
    format = choose(chat.terminal, "Which format?", [(format.value, format) for format in ExportFormat])
    if format is None:
        return
    usual = file_name(conversation.title, chat.now().astimezone().date(), format)
    name = words or answer(chat.terminal, "File: ", filled_with=usual)
    if not name:
        chat.terminal.say("Cancelled.")
        return
    path = Path(name).expanduser()
    if path.exists() and not confirm(chat.terminal, f"{path} already exists. Overwrite it?"):
        return
    chat.program.store.flush(_SAVED_S)
    try:
        Export(chat.program.store, [conversation.id], ExportOptions(format)).save(path)
    except OSError as error:
        chat.terminal.say(f"{path} cannot be written: {error.strerror or error}.")
    else:
        chat.terminal.say(f"Exported to {path}.")


def _chosen(chat: LineChat, found: list[ConversationSummary], question: str, words: str) -> ConversationSummary | None:
    if not found:
        chat.terminal.say(f"No matches for “{clean_line(words)}”." if words else "No conversations.")
        return None
    return choose(chat.terminal, question, [(about_summary(one, chat.now()), one) for one in found])


def _open(chat: LineChat, conversation_id: str, message_id: str = "") -> None:
    """Open a conversation, along the branch of one of its messages."""
    conversation = chat.do(asyncio.to_thread(chat.program.store.conversation, conversation_id))
    if conversation is None:
        chat.terminal.say("That conversation is no longer there.")
        return
    chat.do(chat.session.open(conversation))
    if message_id and conversation.find(message_id) is None:
        chat.do(chat.session.turn_to(message_id))
    chat.terminal.say(about_conversation(chat.session.conversation))


def _has_messages(chat: LineChat) -> bool:
    """True if there is a conversation to do something with; otherwise it is said that there is none."""
    if not chat.session.conversation.messages:
        chat.terminal.say("This conversation is empty.")
    return bool(chat.session.conversation.messages)
