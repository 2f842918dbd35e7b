"""Commands about replies: asked for again, gone on with, read in another version, their files saved."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from tui_chat.chat import exchange
from tui_chat.chat.server_results import made_files
from tui_chat.cli.lines.command import CommandGroup, LineCommand
from tui_chat.cli.lines.line_chat import LineChat
from tui_chat.cli.lines.message_commands import named_message, read, reply_words
from tui_chat.cli.lines.questions import answer
from tui_chat.program.made_files import outcome_of
from tui_chat.typed_paths import typed_path

NO_REPLY = "There is no reply to do that with."


def retry(chat: LineChat, words: str) -> None:
    """Ask for another reply in the place of one, or to a prompt."""
    message = named_message(chat, words)
    if message is None or exchange.up_to_prompt(chat.session.conversation, message.id) is None:
        chat.terminal.say(NO_REPLY)
        return
    chat.do(chat.session.regenerate(message.id))


def continue_reply(chat: LineChat, _words: str) -> None:
    """Ask for the rest of the last reply."""
    reply = chat.session.reply()
    if reply is None or not exchange.can_go_on(reply):
        chat.terminal.say("The last reply is whole: there is nothing to continue.")
        return
    chat.do(chat.session.go_on(reply.id))


def turn_branch(step: int, chat: LineChat, _words: str) -> None:
    """Go to the branch beside that of the last reply which has others in its place."""
    places = chat.view.marks.branches
    at = next((one for one in reversed(chat.session.conversation.messages) if one.id in places), None)
    before = chat.session.conversation
    if at is not None:
        chat.do(chat.session.turn_branch(at.id, step))
    if chat.session.conversation is before:
        chat.terminal.say("There is no other version there.")
    else:
        if chat.session.comparing.of(before.id) is not None:
            chat.terminal.say(f"This is {reply_words(chat)}.")
        read(chat, "")


def save_made_files(chat: LineChat, words: str) -> None:
    """Save the files that the provider made for this conversation's replies."""
    messages = chat.session.conversation.messages
    ids = made_files(part for message in messages for part in message.parts)
    if not ids:
        chat.terminal.say("No files were made in this conversation.")
        return
    name = words or answer(chat.terminal, "Folder: ", filled_with=str(Path.cwd()))
    if not name:
        chat.terminal.say("Cancelled.")
        return
    folder = typed_path(name)
    said, _ = chat.wait(outcome_of(partial(chat.session.parts.requests.save_made_files, ids, folder), folder))
    chat.terminal.say(said)


COMMANDS = CommandGroup(
    "Replies",
    (
        LineCommand("retry", "Regenerate a reply, or retry a failed one", retry, "NUMBER", ("regenerate",)),
        LineCommand("continue_reply", "Continue a reply that was cut", continue_reply, also=("continue",)),
        LineCommand("previous_branch", "Read the version before", partial(turn_branch, -1)),
        LineCommand("next_branch", "Read the next version", partial(turn_branch, 1)),
        LineCommand("save_made_files", "Save the files that code made for replies", save_made_files, "FOLDER"),
    ),
)
