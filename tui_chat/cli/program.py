"""The program's parts as the command line asks for them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from tui_chat.chat.message import Conversation
from tui_chat.cli.history import found
from tui_chat.cli.options import environment, flags
from tui_chat.cli.output import Problems
from tui_chat.storage import Store
from tui_chat.wiring import Program


@contextmanager
def opened_program(args: argparse.Namespace) -> Iterator[Program]:
    """The program with the options that were given; what is wrong with disk or settings is said and done without."""
    problems = Problems()
    save = not getattr(args, "no_save", False)
    program = Program.open(flags(args, save=save), environment(args), problems)
    for problem in program.resolved.problems:
        problems(problem.message)
    try:
        yield program
    finally:
        program.close()


def conversation_of(store: Store, args: argparse.Namespace) -> Conversation | None:
    """The conversation that is to go on; None for a new one."""
    if "resume" in args:
        return found(store, args.resume)
    return store.latest() if "go_on" in args else None
