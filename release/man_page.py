"""The man page, from the same tree of arguments as `--help`.

`python -m release.man_page > share/man/man1/tui-chat.1` renews it.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

from tui_chat.cli.main import COMMANDS, build_parser
from tui_chat.cli.parser import Parser

_HEAD = r""".TH TUI\-CHAT 1 "" "tui\-chat" "User Commands"
.SH NAME
tui\-chat \- keyboard\-driven chat with Claude in a terminal
.SH SYNOPSIS
.B tui\-chat
[options]
.br
.B tui\-chat
.I COMMAND
[options]"""
_TAIL = """.SH EXIT STATUS
0 done; 1 the request failed; 2 wrong usage or settings; 130 interrupted.
.SH ENVIRONMENT
.TP
.B ANTHROPIC_API_KEY, OPENAI_API_KEY
the keys; they are read from nowhere else
.TP
.B ANTHROPIC_BASE_URL, OPENAI_BASE_URL
other addresses of the services
.TP
.B TUI_CHAT_CONFIG_DIR, TUI_CHAT_DATA_DIR
the folders of the settings and of the conversations
.TP
.B NO_COLOR
if set, nothing is coloured
.SH FILES
.B tui\\-chat doctor
says where the settings, the database and the log are.
.SH SEE ALSO
.UR https://tui\\-chat.github.io/tui\\-chat/
.UE"""


def man_page() -> str:
    """Return the page, as troff."""
    return "\n".join([*_lines(), ""])


def _lines() -> Iterator[str]:
    parser = build_parser()
    yield _HEAD
    yield from (".SH DESCRIPTION", _text(parser.description or ""))
    yield ".SH OPTIONS"
    yield from _options(parser)
    yield ".SH COMMANDS"
    for name in COMMANDS:
        yield from _command(_commands(parser)[name])
    yield _TAIL
    yield from (".SH EXAMPLES", *_literal(_examples(parser)))


def _command(parser: Parser) -> Iterator[str]:
    """Yield what a command is for and its arguments, then the commands that it has itself."""
    parser.complete_definition()
    yield from (f".SS {_text(parser.prog)}", _text(parser.description or ""))
    yield from _options(parser)
    if parser.epilog:
        yield from (".PP", *_literal(parser.epilog))
    for inner in _commands(parser).values():
        yield from _command(inner)


def _options(parser: Parser) -> Iterator[str]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction) or action.help == argparse.SUPPRESS:
            continue
        yield from (".TP", _names(action), _text((action.help or "").replace("%%", "%")))


def _names(action: argparse.Action) -> str:
    """Return an argument as one writes it: its names in bold, its value in italics."""
    value = rf" \fI{_text(str(action.metavar or action.dest))}\fR" if action.nargs != 0 else ""
    names = ", ".join(rf"\fB{_text(name)}\fR" for name in action.option_strings)
    return (names + value) if names else value.strip()


def _commands(parser: Parser) -> dict[str, Parser]:
    """Return the commands of a parser, by their names."""
    return next((dict(it.choices) for it in parser._actions if isinstance(it, argparse._SubParsersAction)), {})


def _examples(parser: Parser) -> str:
    return (parser.epilog or "").removeprefix("examples:\n")


def _literal(text: str) -> Iterator[str]:
    """Yield lines that stay as they are."""
    yield ".nf"
    yield from (_text(line) for line in text.rstrip().splitlines())
    yield ".fi"


def _text(text: str) -> str:
    """Return a text with nothing in it that troff obeys."""
    return re.sub(r"^([.'])", r"\\&\1", text.replace("\\", r"\e").replace("-", r"\-"))


if __name__ == "__main__":
    print(man_page(), end="")
