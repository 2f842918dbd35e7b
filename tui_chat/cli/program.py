"""The program's parts as the command line asks for them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tui_chat.chat.message import Conversation
from tui_chat.cli.history import found, opened_store
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
    program = Program.open(flags(args), environ, on_problem)
    for problem in program.resolved.problems:
        on_problem(problem.message)
    try:
        yield program
    finally:
        program.close()


def conversation_of(program: Program, args: argparse.Namespace) -> Conversation | None:
    """The conversation that is to go on; None for a new one."""
    if "resume" not in args and "go_on" not in args:
        return None
    if "no_save" not in args and program.settings.history.save:
        return _chosen(program.store, args)
    with opened_store(args) as store:  # the program's own is empty: nothing is to be kept in it
        return _chosen(store, args)


def _chosen(store: Store, args: argparse.Namespace) -> Conversation | None:
    return found(store, args.resume) if "resume" in args else store.latest()
