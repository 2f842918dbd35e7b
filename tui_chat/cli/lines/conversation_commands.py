"""Commands about the conversation that is open: named, marked, exported, deleted; and conversations of elsewhere."""

from __future__ import annotations

import asyncio

from tui_chat.attachments.pasted_paths import files_named
from tui_chat.chat.tags import tags_in
from tui_chat.cli.lines.command import CommandGroup, LineCommand
from tui_chat.cli.lines.conversations_commands import go_to
from tui_chat.cli.lines.line_chat import LineChat
from tui_chat.cli.lines.questions import answer, choose, confirm
from tui_chat.interchange.exporting import SUFFIXES, Export, ExportFormat, ExportOptions, file_name
from tui_chat.interchange.importing.run import Import
from tui_chat.text import clean_line
from tui_chat.typed_paths import typed_path

MOST_NAMED = 3
"""Problems of an import that are named; all are counted."""
_SAVED_S = 5.0


def rename(chat: LineChat, words: str) -> None:
    """Give the conversation another title."""
    conversation = chat.session.conversation
    title = words or answer(chat.terminal, "Title: ", filled_with=clean_line(conversation.title))
    if title and _has_messages(chat):
        chat.program.store.rename(conversation.id, title)
        chat.session.retitle(title)
        chat.terminal.say(f"Renamed to “{clean_line(title)}”.")


def tag(chat: LineChat, words: str) -> None:
    """Give the conversation tags, in place of those that it has."""
    if not _has_messages(chat):
        return
    id = chat.session.conversation.id
    if not words:
        known = [tag for tag in chat.library.known_tags() if tag not in chat.library.marks(id).tags]
        if known:
            chat.terminal.say(f"Tags of other conversations: {', '.join(known)}.")
        typed = answer(chat.terminal, "Tags: ", filled_with=" ".join(chat.library.marks(id).tags))
        if typed is None:
            chat.terminal.say("Cancelled.")
            return
        words = typed
    tags = tags_in(words)
    chat.library.tag(id, tags)
    chat.terminal.say(f"Tags: {', '.join(tags)}." if tags else "No tags.")


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


def delete(chat: LineChat, _words: str) -> None:
    """Delete the conversation, once that is confirmed."""
    conversation = chat.session.conversation
    if not _has_messages(chat) or not confirm(chat.terminal, f"Delete “{clean_line(conversation.title)}”?"):
        return
    if chat.do(chat.library.delete(conversation)):
        chat.terminal.say("Deleted. /undelete brings it back until you quit.")
    else:
        chat.terminal.say("Nothing was deleted: a reply is coming in another window.")


def undelete(chat: LineChat, _words: str) -> None:
    """Bring back the conversation that was deleted last."""
    restored = chat.library.bring_back()
    if restored is None:
        chat.terminal.say("No deleted conversation to restore.")
    else:
        go_to(chat, restored.id)


def export(chat: LineChat, words: str) -> None:
    """Write the conversation to a file, in the form that its name ends with, or else in one that is chosen."""
    conversation = chat.session.conversation
    if not _has_messages(chat):
        return
    named = [format for format, suffix in SUFFIXES.items() if words.lower().endswith(suffix)]
    forms = [(format.value, format) for format in ExportFormat]
    format = named[0] if named else choose(chat.terminal, "Which format?", forms)
    if format is None:
        return
    usual = file_name(conversation.title, chat.now().astimezone().date(), format)
    name = words or answer(chat.terminal, "File: ", filled_with=usual)
    if not name:
        chat.terminal.say("Cancelled.")
        return
    path = typed_path(name)
    if path.exists() and not confirm(chat.terminal, f"{path} already exists. Overwrite it?"):
        return
    chat.program.store.flush(_SAVED_S)
    try:
        Export(chat.program.store, [conversation.id], ExportOptions(format)).save(path)
    except OSError as error:
        chat.terminal.say(f"{path} cannot be written: {error.strerror or error}.")
    else:
        chat.terminal.say(f"Exported to {path}.")


def import_conversations(chat: LineChat, words: str) -> None:
    """Import conversations from a file; Ctrl+C ends that after the present one."""
    typed = words or answer(chat.terminal, "File: ")
    if not typed:
        chat.terminal.say("Cancelled.")
        return
    paths = files_named(typed)
    if not paths:
        chat.terminal.say("No such file.")
        return
    importing, broken = Import(chat.program.store, lambda _: None), False
    chat.terminal.say("Reading. Ctrl+C stops, and keeps what has been imported.")
    try:
        chat.wait(asyncio.to_thread(importing.run, paths), stop=importing.stop)
    except OSError:
        broken = True
    for sentence in importing.report.sentences(MOST_NAMED, broken=broken):
        chat.terminal.say(sentence)


def _has_messages(chat: LineChat) -> bool:
    """True if there is a conversation to do something with; otherwise it is said that there is none."""
    if not chat.session.conversation.messages:
        chat.terminal.say("This conversation is empty.")
    return bool(chat.session.conversation.messages)


COMMANDS = CommandGroup(
    "This conversation",
    (
        LineCommand("rename", "Rename it", rename, "TITLE"),
        LineCommand("tag", "Give it tags, words to find it by", tag, "WORDS", ("tags",)),
        LineCommand("pin", "Pin it, or unpin it", pin),
        LineCommand("archive", "Archive it, or bring it back", archive),
        LineCommand("export", "Export it to a file", export, "FILE"),
        LineCommand("import", "Import conversations from a file", import_conversations, "FILE"),
        LineCommand("delete", "Delete it", delete),
        LineCommand("undelete", "Restore the conversation deleted last", undelete),
    ),
)
