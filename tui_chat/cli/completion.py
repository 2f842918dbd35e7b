"""`tui-chat completion`: a script that lets a shell complete commands and options."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tui_chat.cli.output import Complaint, put
from tui_chat.cli.parser import Parser

if TYPE_CHECKING:
    from tui_chat.program.wiring import Program

EXAMPLES = """\
examples:
  eval "$(tui-chat completion bash)"             in ~/.bashrc
  source <(tui-chat completion zsh)              in ~/.zshrc, after compinit
  tui-chat completion fish > ~/.config/fish/completions/tui-chat.fish
"""


def define(parser: Parser) -> None:
    """Add the argument of this command."""
    parser.epilog = EXAMPLES
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("shell", metavar="SHELL", nargs="?", choices=("bash", "zsh", "fish"), help="bash, zsh or fish")
    asked.add_argument("--words", choices=tuple(WORDS), help=argparse.SUPPRESS)  # the scripts ask for these
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the script, or what it asks for."""
    if not (args.shell or args.words):
        raise Complaint("SHELL is not set: name bash, zsh or fish.", 2)
    put("\n".join(WORDS[args.words]()) if args.words else _script(args.shell))
    return 0


def _script(shell: str) -> str:
    import shtab

    from tui_chat.cli.main import build_parser

    parser = build_parser()
    for action in _actions(parser):
        _describe(action)
    script = shtab.complete(parser, shell)
    # zsh calls it `file` where it reads a script with `source`: only an autoloaded function is called to complete.
    return script.replace("$zsh_eval_context[-1] == eval", "$zsh_eval_context[-1] != loadautofunc")


def _describe(action: Any) -> None:
    """Say what completes an argument; shtab reads that from an attribute that argparse's own class does not have."""
    import shtab

    from tui_chat.cli.completion_values import asking, asking_for_list, completer
    from tui_chat.demo.faults import FAULT_NAMES
    from tui_chat.settings import SCHEMA

    match action.dest:
        case "config" | "file" | "attach" | "output" | "prompts":
            action.complete = shtab.FILE
        case "data_dir" | "save_files":
            action.complete = shtab.DIRECTORY
        case "key":
            action.choices = tuple(SCHEMA)
        case "value":
            action.complete = completer(SCHEMA.values())
        case "provider" if action.nargs is None:
            action.choices = SCHEMA["provider.name"].choices
        case "faults":
            action.choices = FAULT_NAMES
        case "id" | "resume":
            action.complete = asking("ids")
        case "model":
            action.complete = asking("models")
        case "compare":
            action.complete = asking_for_list("models")
        case "persona":
            action.complete = asking("personas")
        case "tag":
            action.complete = asking("tags")
        case "template":
            action.complete = asking("templates")


def _actions(parser: Parser) -> Iterator[Any]:
    """Yield all arguments of a parser and of its commands; these are defined now."""
    parser.complete_definition()
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)


def _ids() -> Iterable[str]:
    with _opened() as program:
        return [summary.id for summary in program.store.conversations(archived=None)]


def _models() -> Iterable[str]:
    with _opened() as program:
        return [model.id for model in program.models.known().models]


def _personas() -> Iterable[str]:
    from tui_chat.settings import config_dir
    from tui_chat.settings.personas import personas

    return personas(config_dir(os.environ))


def _tags() -> Iterable[str]:
    with _opened() as program:
        return program.store.marks.known_tags()


def _templates() -> Iterable[str]:
    from tui_chat.settings import TEMPLATES, config_dir

    return TEMPLATES.names(config_dir(os.environ))


@contextmanager
def _opened() -> Iterator[Program]:
    """Open the program in silence: whoever completes a word sees the screen that they type on."""
    from tui_chat.program.wiring import Flags, Program

    program = Program.open(Flags(), os.environ, lambda _: None)
    try:
        yield program
    finally:
        program.close()


WORDS: Mapping[str, Callable[[], Iterable[str]]] = {
    "ids": _ids,
    "models": _models,
    "personas": _personas,
    "tags": _tags,
    "templates": _templates,
}
"""The words known only when they are to be completed."""
