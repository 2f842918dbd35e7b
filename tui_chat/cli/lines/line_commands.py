"""The commands behind a slash: each action of the app that means something in lines, under its name there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui_chat.cli.lines import conversation_commands as conversation
from tui_chat.cli.lines import file_commands as files
from tui_chat.cli.lines import message_commands as messages
from tui_chat.cli.lines import setting_commands as settings
from tui_chat.cli.lines.composing import SLASH
from tui_chat.cli.lines.line_chat import LineChat
from tui_chat.cli.lines.questions import confirm
from tui_chat.cli.parser import nearest
from tui_chat.records import dataclass
from tui_chat.text import clean_line, fit

LONGEST_QUOTE = 40
KEYS = (
    "Enter sends the prompt. A backslash before Enter goes on in another line; three double quotes begin and end a "
    "prompt of several lines.",
    "Ctrl+C stops a reply, and what came is kept. At the prompt it clears the line; pressed twice in an empty one, it "
    "quits.",
    "Arrow up brings earlier prompts back. Tab completes commands.",
)


@dataclass(frozen=True, slots=True)
class LineCommand:
    """Something that is done by its name."""

    name: str
    about: str
    run: Callable[[LineChat, str], None]
    takes: str = ""
    """The words that may follow it."""
    also: Sequence[str] = ()
    """Other names."""


def _quit(chat: LineChat, _words: str) -> None:
    chat.is_over = True


def _help(chat: LineChat, words: str) -> None:
    """Read what there is."""
    for line in () if words else KEYS:
        chat.terminal.say(line)
    for command in COMMANDS:
        if words.removeprefix(SLASH) in command.name:
            takes = f" {command.takes}" if command.takes else ""
            also = f" Also {', '.join(SLASH + name for name in command.also)}." if command.also else ""
            chat.terminal.say(f"{SLASH}{command.name}{takes}: {command.about}.{also}")


def _back(chat: LineChat, _words: str) -> None:
    messages.branch(chat, -1)


def _forth(chat: LineChat, _words: str) -> None:
    messages.branch(chat, 1)


COMMANDS = (
    LineCommand("help", "Read the commands", _help, "NAME", ("h",)),
    LineCommand("new_conversation", "Start a new conversation", conversation.new, also=("new",)),
    LineCommand("conversations", "Open a conversation", conversation.conversations, "WORDS", ("open",)),
    LineCommand("archived", "Open a conversation of the archive", conversation.archived, "WORDS"),
    LineCommand("search", "Search all conversations", conversation.search, "WORDS"),
    LineCommand("read", "Read the last message again, one by its number, or all", messages.read, "NUMBER or all"),
    LineCommand("read_thinking", "Read the thinking of the last reply", messages.thinking, "NUMBER"),
    LineCommand("find", "Find in this conversation", messages.find, "WORDS"),
    LineCommand("retry", "Regenerate a reply, or retry a failed one", messages.retry, "NUMBER", ("regenerate",)),
    LineCommand("continue_reply", "Continue a reply that was cut", messages.continue_reply, also=("continue",)),
    LineCommand("edit_message", "Edit a prompt and send it again", messages.edit, "NUMBER", ("edit",)),
    LineCommand("previous_branch", "Read the version before", _back),
    LineCommand("next_branch", "Read the next version", _forth),
    LineCommand("fork", "Fork the conversation from a message", messages.fork, "NUMBER"),
    LineCommand("bookmark", "Add or remove a bookmark", messages.bookmark, "NUMBER"),
    LineCommand("search_prompts", "Search your earlier prompts", messages.search_prompts, "WORDS", ("prompts",)),
    LineCommand("attach", "Attach a file to the next prompt", files.attach, "FILE"),
    LineCommand("detach", "Attach no files to the next prompt", files.detach),
    LineCommand("choose_model", "Choose a model", settings.choose_model, "NAME", ("model",)),
    LineCommand("persona", "Choose a persona", settings.persona, "NAME"),
    LineCommand("thinking", "Choose how much the model thinks", settings.thinking_effort, "EFFORT"),
    LineCommand("compare", "Ask several models, one reply after another", settings.compare, "A,B,C"),
    LineCommand("toggle_mode", "Switch between stream and batch", settings.toggle_mode, also=("mode",)),
    LineCommand("settings", "Read or change the settings", settings.settings, "NAME VALUE", ("set",)),
    LineCommand("statistics", "Read usage, cost and speed", settings.statistics, also=("stats",)),
    LineCommand("rename", "Rename this conversation", conversation.rename, "TITLE"),
    LineCommand("pin", "Pin this conversation, or unpin it", conversation.pin),
    LineCommand("archive", "Archive this conversation, or bring it back", conversation.archive),
    LineCommand("export", "Export this conversation to a file", conversation.export, "FILE"),
    LineCommand("delete", "Delete this conversation", conversation.delete),
    LineCommand("undelete", "Restore the conversation deleted last", conversation.undelete),
    LineCommand("quit", "Quit", _quit, also=("exit", "bye")),
)
"""All commands, as the help reads them."""

_BY_NAME = {name: command for command in COMMANDS for name in (command.name, *command.also)}


def run_command(chat: LineChat, typed: str) -> None:
    """Do what is typed behind a slash; what is no command can be sent as a prompt."""
    name, _, words = typed.removeprefix(SLASH).partition(" ")
    command = _named(name)
    if command is not None:
        command.run(chat, words.strip())
        return
    shown = fit(clean_line(typed), LONGEST_QUOTE)
    meant = nearest(name, _BY_NAME).replace("; did you mean ", f" Did you mean {SLASH}")
    chat.terminal.say(f"There is no command {SLASH}{clean_line(name)}.{meant} /help lists them.")
    if confirm(chat.terminal, f"Send “{shown}” as a prompt?"):
        chat.send(typed)


def completions(text: str) -> Sequence[str]:
    """Return the commands that begin as a text does."""
    if not text.startswith(SLASH):
        return ()
    return [f"{SLASH}{name} " for name in sorted(_BY_NAME) if name.startswith(text.removeprefix(SLASH))]


def _named(name: str) -> LineCommand | None:
    """Return the command of a name, or of the beginning of only one."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    found = {command.name: command for known, command in _BY_NAME.items() if name and known.startswith(name)}
    return next(iter(found.values())) if len(found) == 1 else None
