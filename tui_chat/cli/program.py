"""The program's parts as the command line asks for them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tui_chat.chat.message import Conversation
from tui_chat.cli.history import found
from tui_chat.cli.options import environment, flags
from tui_chat.logfile import open_log
from tui_chat.settings import state_dir
from tui_chat.storage import Store
from tui_chat.wiring import Program


@contextmanager
def opened_program(args: argparse.Namespace, on_problem: Callable[[str], None]) -> Iterator[Program]:
    """The program with the options that were given; what is wrong with disk or settings is only reported."""
    environ = environment(args)
    open_log(state_dir(environ))
    save = not getattr(args, "no_save", False)
    program = Program.open(flags(args, save=save), environ, on_problem)
    for problem in program.resolved.problems:
        on_problem(problem.message)
    try:
        yield program
    finally:
        program.close()


def conversation_of(store: Store, args: argparse.Namespace) -> Conversation | None:
    """The conversation that is to go on; None for a new one."""
    if "resume" in args:
        return found(store, args.resume)
    return store.latest() if "go_on" in args else None
