"""The command line: every option of every command with garbage, and whole runs of those that touch no network."""

from __future__ import annotations

import argparse
import io
from contextlib import redirect_stderr, redirect_stdout, suppress

from tests.fuzzing.garbage import Garbage
from tui_chat.cli.main import COMMANDS, build_parser, run
from tui_chat.cli.options import environment, flags
from tui_chat.cli.output import Complaint
from tui_chat.cli.parser import Parser
from tui_chat.settings import SettingsError
from tui_chat.text.limits import LONGEST_SENTENCE

HARMLESS = (
    *(["history", "list"], ["history", "show"], ["history", "search"], ["history", "export"], ["history", "import"]),
    *(["history", "rename"], ["history", "delete", "--yes"], ["stats"], ["config", "get"], ["config", "set"]),
    *(["config", "unset"], ["completion"], ["ask", "--help"], ["no-such-command"]),
)
"""The commands that can be run with any arguments: no app, no server, no editor, nobody asked."""
MOST_SAID = 2 * LONGEST_SENTENCE
"""A sentence, and what stands before it."""
ELSEWHERE = ("--data-dir", "--config")
"""The options for places where the fuzzer would leave files."""


def parsing(garbage: Garbage) -> None:
    """Any command with any options: understood, or refused with a sentence."""
    words = [garbage.choice((*COMMANDS, "--"))] if garbage.random() < 0.8 else []
    words += [word for _ in range(garbage.randrange(4)) for word in _option(garbage, words)]
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()), suppress(SystemExit, Complaint, SettingsError):
        args = build_parser().parse_args([word.replace("\0", "") for word in words])
        environment(args)
        flags(args)


def _option(garbage: Garbage, words: list[str]) -> list[str]:
    """Return an option of the command, with a value or without."""
    parser = build_parser()
    commands = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    if words and words[0] in commands.choices:
        parser = commands.choices[words[0]]
        assert isinstance(parser, Parser)
        parser.complete_definition()
    options = [option for action in parser._actions for option in action.option_strings]
    name = garbage.choice(options)
    return garbage.choice(([name], [name, garbage.text()], [f"{name}={garbage.text()}"], [garbage.text()]))


def running(garbage: Garbage) -> None:
    """A command that is run to its end, with folders of the fuzzer's own."""
    words = [*garbage.choice(HARMLESS), *(_word(garbage) for _ in range(garbage.randrange(4)))]
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = run(words)
    said = out.getvalue() + err.getvalue()
    assert status in (0, 1, 2), (words, said)
    assert "Traceback" not in said
    assert "a fault of tui-chat" not in said, words
    assert status == 0 or said
    assert status == 0 or max(map(len, err.getvalue().splitlines())) < MOST_SAID, words


def _word(garbage: Garbage) -> str:
    word = garbage.choice(("--limit", "--format", "json", "--since", "7d", "good", "ui.theme", garbage.text()))
    return "x" if word == "-" or word.startswith(ELSEWHERE) else word.replace("\0", "")
