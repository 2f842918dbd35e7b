"""`tui-chat key`: the providers' keys in the system's keyring."""

from __future__ import annotations

import argparse
import asyncio
import sys
from getpass import getpass

from tui_chat.cli.options import add_files
from tui_chat.cli.output import Complaint, Problems, note, put
from tui_chat.cli.parser import Parser
from tui_chat.cli.program import opened_program
from tui_chat.cli.tables import table
from tui_chat.program.api_keys import KeySource, accounts
from tui_chat.program.key_check import LONGEST_KEY, KeyRefused, check_key, cleaned_key
from tui_chat.program.system_keyring import KeyringProblem, is_installed, not_installed
from tui_chat.program.wiring import Program
from tui_chat.services import DEFAULT, service

EPILOG = """\
A key is typed or pasted at a hidden prompt, or comes from standard input; it is
never an argument. It is kept in the system's keyring, and nowhere else. A key in
the environment wins over it.

examples:
  tui-chat key set
  pass show anthropic | tui-chat key set anthropic
  tui-chat key status
"""


def define(parser: Parser) -> None:
    """Add the commands of this one."""
    parser.epilog = EPILOG
    commands = parser.add_commands()
    for name, text, run in (
        ("set", "check a key and keep it in the system's keyring", _set),
        ("status", "say where each provider's key comes from; no key is shown", _status),
        ("remove", "remove a key from the system's keyring", _remove),
    ):
        command: Parser = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        command.add_argument("account", metavar="PROVIDER", nargs="?", choices=tuple(accounts()), default=None)
        add_files(command)
        command.set_defaults(run=run)


def _set(args: argparse.Namespace) -> int:
    with opened_program(args, Problems()) as program:
        name = _account(args)
        if not is_installed():
            raise Complaint(_otherwise(not_installed(), name))
        try:
            key = cleaned_key(name, _read_key(name))
            unchecked = asyncio.run(check_key(program, name, key))
        except KeyRefused as refusal:
            raise Complaint(str(refusal)) from None
        if unchecked:
            note(f"The key could not be checked: {unchecked}")
        _keep(program, name, key)
    return 0


def _keep(program: Program, name: str, key: str) -> None:
    title, variable = service(name).title, program.keys.variable(name)
    try:
        program.keys.keep(name, key)
    except KeyringProblem as problem:
        raise Complaint(_otherwise(str(problem), name)) from None
    note(f"The key for {title} is in the system's keyring.")
    if variable:
        note(f"{variable} is set, and wins over it.")


def _status(args: argparse.Namespace) -> int:
    with opened_program(args, Problems()) as program:
        names = [args.account] if args.account else list(accounts())
        rows = [(name, _source(program, name)) for name in names]
        problem = program.keys.keyring_problem()
        for line in table(("PROVIDER", "KEY"), rows):
            put(line)
    if problem:
        note(problem)
    return 0


def _source(program: Program, name: str) -> str:
    source = program.keys.source(name)
    return f"environment ({program.keys.variable(name)})" if source is KeySource.ENVIRONMENT else source.value


def _remove(args: argparse.Namespace) -> int:
    with opened_program(args, Problems()) as program:
        name = _account(args)
        title, variable = service(name).title, program.keys.variable(name)
        try:
            removed = program.keys.remove(name)
        except KeyringProblem as problem:
            raise Complaint(str(problem)) from None
        note(f"The key for {title} is removed." if removed else f"The keyring has no key for {title}.")
        if variable:
            note(f"{variable} is still set.")
    return 0


def _account(args: argparse.Namespace) -> str:
    name: str = args.account or DEFAULT
    return name


def _read_key(name: str) -> str:
    """Return what is typed at a hidden prompt, or what standard input has."""
    if not sys.stdin.isatty():
        return sys.stdin.read(2 * LONGEST_KEY)
    try:
        return getpass(f"Key for {service(name).title} (hidden): ")
    except EOFError:
        return ""


def _otherwise(problem: str, name: str) -> str:
    return f"{problem} You can set {service(name).key} in the environment instead."
