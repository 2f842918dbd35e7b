"""`tui-chat config`: show and change the settings."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tui_chat.cli.options import add_config, settings_file
from tui_chat.cli.output import Complaint, complain, note, put, put_json
from tui_chat.cli.parser import Parser
from tui_chat.settings.errors import SettingsError
from tui_chat.settings.literals import literal, shown
from tui_chat.settings.read import read_file
from tui_chat.settings.resolve import Origin, Resolved, resolve
from tui_chat.settings.rules import Value
from tui_chat.settings.setting_index import SCHEMA, describe, parse_value

if TYPE_CHECKING:
    from tui_chat.settings import SettingsFile

EDITORS = ("sensible-editor", "nano", "vim", "vi")
"""The editors to try where neither VISUAL nor EDITOR names one."""


def define(parser: Parser) -> None:
    """Add the commands of this one."""
    commands = parser.add_commands(required=False)
    add_config(parser)
    parser.set_defaults(run=lambda args: _with_path(_show, args), format="text", logs=False)

    def add(name: str, text: str, run: Callable[[Path, argparse.Namespace], int], *arguments: str) -> None:
        description, define = f"{text[0].upper()}{text[1:]}.", partial(_define, run, arguments)
        commands.add_parser(name, help=text, description=description, define=define)

    add("path", "print where the settings file is", _path)
    add("show", "print every setting, its value, and where that comes from", _show)
    add("get", "print the value of one setting", _get, "key")
    add("set", "change one setting", _set, "key", "value")
    add("unset", "go back to a setting's default", _unset, "key")
    add("edit", "open the settings file in $VISUAL or $EDITOR, and check it afterwards", _edit)


def _define(run: Callable[[Path, argparse.Namespace], int], arguments: Sequence[str], parser: Parser) -> None:
    """Add the arguments of one of them, once it is used."""
    for argument in arguments:
        what = "as in streaming.mode" if argument == "key" else 'what it is to be; a list as ["one", "two"]'
        parser.add_argument(argument, metavar=argument.upper(), help=what)
    if run is _show:
        parser.add_argument(
            "--format", metavar="FORMAT", choices=("text", "json"), default="text", help="text (the default) or json"
        )
    add_config(parser)
    parser.set_defaults(run=lambda args: _with_path(run, args), logs=False)


def _with_path(run: Callable[[Path, argparse.Namespace], int], args: argparse.Namespace) -> int:
    try:
        return run(settings_file(args), args)
    except SettingsError as error:
        raise Complaint(str(error), 2) from None


def _path(path: Path, _: argparse.Namespace) -> int:
    put(str(path))
    return 0


def _show(path: Path, args: argparse.Namespace) -> int:
    resolved = _resolved(path)
    values = {key: setting.without_secrets(setting.value_in(resolved.settings)) for key, setting in SCHEMA.items()}
    if args.format == "json":
        put_json({key: {"value": value, "from": resolved.origin(key)} for key, value in values.items()})
    else:
        rows = [(key, resolved.origin(key), shown("" if value is None else value)) for key, value in values.items()]
        from tui_chat.cli.tables import table

        for line in table(("SETTING", "FROM", "VALUE"), rows):
            put(line)
    for problem in resolved.problems:
        complain(problem.message)
    return 0


def _get(path: Path, args: argparse.Namespace) -> int:
    setting = describe(args.key)
    put(_plain(setting.value_in(_resolved(path).settings)))
    return 0


def _set(path: Path, args: argparse.Namespace) -> int:
    value = parse_value(args.key, args.value)
    if args.key == "ui.theme" and value not in describe(args.key).choices:
        from tui_chat.ui.look.themes import theme_problem  # Textual may have others, but is not worth loading for this

        if problem := theme_problem(str(value)):
            raise Complaint(problem, 2)
    _file(path).set(args.key, value)
    if _resolved(path).origin(args.key) is Origin.ENVIRONMENT:
        note(f"Saved, but the environment says otherwise about {args.key}, and wins.")
    return 0


def _unset(path: Path, args: argparse.Namespace) -> int:
    _file(path).unset(args.key)
    return 0


def _edit(path: Path, _: argparse.Namespace) -> int:
    if not path.exists():
        _begin(path)
    _open_editor(path)
    problems = read_file(path).problems
    for problem in problems:
        complain(problem.message)
    return 2 if any(not problem.unknown for problem in problems) else 0


def _resolved(path: Path) -> Resolved:
    return resolve(read_file(path), os.environ, {})


def _file(path: Path) -> SettingsFile:
    """Return the file as one that can be changed, which `config get` need not wait for."""
    from tui_chat.settings import SettingsFile

    return SettingsFile(path)


def _plain(value: Value) -> str:
    """Return a value as `config set` takes it."""
    return value if isinstance(value, str) else "" if value is None else literal(value)


def _begin(path: Path) -> None:
    from tui_chat.atomic_files import write_atomically
    from tui_chat.settings.reference import new_file

    try:
        write_atomically(path, new_file().encode())
    except OSError as error:
        raise Complaint(f"{path} cannot be written: {error.strerror}.", 2) from error


def _open_editor(path: Path) -> None:
    import shlex
    import shutil
    import subprocess

    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or next(filter(shutil.which, EDITORS), None)
    if not command:
        raise Complaint(f"There is no editor: set EDITOR, or change {path} in any other way.", 2)
    try:
        status = subprocess.run([*shlex.split(command), str(path)], check=False).returncode
    except (OSError, ValueError) as error:
        raise Complaint(f"The editor {command!r} cannot be started ({error}).", 2) from error
    if status:
        raise Complaint(f"The editor {command!r} exited with status {status}.")
