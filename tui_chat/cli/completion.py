"""`tui-chat completion`: a script that lets a shell complete commands and options."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from tui_chat.cli.output import put
from tui_chat.cli.parser import Parser

EXAMPLES = """\
examples:
  eval "$(tui-chat completion bash)"             in ~/.bashrc
  tui-chat completion zsh > ~/.zfunc/_tui-chat   in a folder of your $fpath
  tui-chat completion fish > ~/.config/fish/completions/tui-chat.fish
"""


def define(parser: Parser) -> None:
    """The argument of this command."""
    parser.epilog = EXAMPLES
    parser.add_argument("shell", metavar="SHELL", choices=("bash", "zsh", "fish"), help="bash, zsh or fish")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the script."""
    import shtab

    from tui_chat.cli.completion_values import completer
    from tui_chat.cli.main import build_parser
    from tui_chat.settings import SCHEMA

    parser = build_parser()
    for action in _actions(parser):
        match action.dest:
            case "config" | "file":
                action.complete = shtab.FILE
            case "data_dir":
                action.complete = shtab.DIRECTORY
            case "key":
                action.choices = tuple(SCHEMA)
            case "value":
                action.complete = completer(SCHEMA.values())
            case "provider" if action.nargs is None:
                action.choices = SCHEMA["provider.name"].choices
    put(shtab.complete(parser, args.shell))
    return 0


def _actions(parser: Parser) -> Iterator[Any]:
    """All arguments of a parser and of its commands; these are defined now.

    What completes one shtab reads from an attribute that argparse's own class does not have.
    """
    parser.complete_definition()
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)
