"""The table of all commands: what runs them, completes them, reads them out, and writes them down for the manual."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui_chat.cli.lines import (
    compare_commands,
    context_commands,
    conversation_commands,
    conversations_commands,
    copy_commands,
    message_commands,
    model_commands,
    prompt_commands,
    reply_commands,
    server_commands,
    setting_commands,
)
from tui_chat.cli.lines.command import CommandGroup, LineCommand
from tui_chat.cli.lines.composing import SLASH
from tui_chat.cli.lines.line_chat import LineChat
from tui_chat.cli.lines.questions import confirm
from tui_chat.cli.parser import nearest
from tui_chat.text import clean_line, fit

LONGEST_QUOTE = 40
ALL = "all"
KEYS = (
    "Enter sends the prompt. A backslash before Enter goes on in another line; three double quotes begin and end a "
    "prompt of several lines.",
    "Ctrl+C stops a reply, and what came is kept. At the prompt it clears the line; pressed twice in an empty one, it "
    "quits.",
    "Arrow up brings earlier prompts back. Tab completes commands.",
)
MORE = "/help and a word reads the commands about it; /help all reads everything."


def leave(chat: LineChat, _words: str = "") -> None:
    """Leave the program; first a temporary conversation, if that is meant."""
    if chat.main is None:
        chat.is_over = True
        return
    conversations_commands.temporary(chat, "")
    chat.main.is_over = chat.is_over


def _help(chat: LineChat, words: str) -> None:
    """Read the keys and the names of all commands, or what the commands do that have a word."""
    if words:
        word = words.removeprefix(SLASH).casefold()
        found = [line for group in GROUPS for line in _lines_about(group, word)]
        for line in found or [f"No commands match “{clean_line(words)}”."]:
            chat.terminal.say(line)
        return
    for line in KEYS:
        chat.terminal.say(line)
    for group in GROUPS:
        chat.terminal.say(f"{group.title}: {', '.join(SLASH + command.name for command in group.commands)}.")
    chat.terminal.say(MORE)


def _lines_about(group: CommandGroup, word: str) -> Iterator[str]:
    """Yield the commands of a group that have a word; all of them where the group itself has it."""
    found = [it for it in group.commands if word in f"{group.title} {it.name} {it.about}".casefold() or word == ALL]
    if found and word == ALL:
        yield f"{group.title}."
    for command in found:
        also = f" Also {', '.join(SLASH + name for name in command.also)}." if command.also else ""
        yield f"{_usage(command)}: {command.about}.{also}"


def _usage(command: LineCommand) -> str:
    return f"{SLASH}{command.name} {command.takes}".rstrip()


GROUPS = (
    CommandGroup(
        "Help",
        (
            LineCommand("help", "Read the commands", _help, "WORD or all", ("h",)),
            LineCommand("quit", "Quit", leave, also=("exit", "bye", "q")),
        ),
    ),
    reply_commands.COMMANDS,
    message_commands.COMMANDS,
    copy_commands.COMMANDS,
    prompt_commands.COMMANDS,
    conversations_commands.COMMANDS,
    conversation_commands.COMMANDS,
    context_commands.COMMANDS,
    model_commands.COMMANDS,
    compare_commands.COMMANDS,
    server_commands.COMMANDS,
    setting_commands.COMMANDS,
)
"""All commands, as the help reads them."""

_BY_NAME = {name: command for group in GROUPS for command in group.commands for name in (command.name, *command.also)}


def run_command(chat: LineChat, typed: str) -> None:
    """Do what is typed behind a slash; what is no command can be sent as a prompt."""
    name, _, words = typed.removeprefix(SLASH).partition(" ")
    found = _named(name)
    if len(found) == 1:
        found[0].run(chat, words.strip())
        return
    if found:
        chat.terminal.say(f"{SLASH}{name} may be {', '.join(SLASH + command.name for command in found)}.")
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


def command_names() -> frozenset[str]:
    """Return the names of all commands, and their other names."""
    return frozenset(_BY_NAME)


def commands_markdown() -> str:
    """Return the tables of the commands, as the manual has them."""
    lines: list[str] = []
    for group in GROUPS:
        lines += [f"### {group.title}", "", "| command | what it does |", "| --- | --- |"]
        for command in group.commands:
            names = ", ".join(f"`{SLASH}{name}`" for name in command.also)
            also = f" (also {names})" if names else ""
            lines.append(f"| `{_usage(command)}` | {command.about}{also} |")
        lines.append("")
    return "\n".join(lines)


def _named(name: str) -> Sequence[LineCommand]:
    """Return the command of a name, or those whose names begin so."""
    if name in _BY_NAME:
        return [_BY_NAME[name]]
    found = {command.name: command for known, command in _BY_NAME.items() if name and known.startswith(name)}
    return list(found.values())
