"""`tui-chat config`: show and change the settings."""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from tui_chat.atomic_files import write_atomically
from tui_chat.cli.options import add_config, settings_file
from tui_chat.cli.output import Complaint, complain, note, put, put_json, table
from tui_chat.cli.parser import Parser
from tui_chat.settings import (
    SCHEMA,
    Origin,
    Resolved,
    SettingsError,
    SettingsFile,
    Value,
    describe,
    parse_value,
    resolve,
)
from tui_chat.settings.literals import literal, shown
from tui_chat.settings.reference import new_file

EDITORS = ("sensible-editor", "nano", "vim", "vi")
"""The editors to try where neither VISUAL nor EDITOR names one."""


def define(parser: Parser) -> None:
    """Add the commands of this one."""
    commands = parser.add_commands(required=False)
    add_config(parser)
    parser.set_defaults(run=lambda args: _with_file(_show, args), format="text")

    def add(name: str, text: str, run: Callable[[SettingsFile, argparse.Namespace], int], *arguments: str) -> Parser:
        command: Parser = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        for argument in arguments:
            what = "as in streaming.mode" if argument == "key" else 'what it is to be; a list as ["one", "two"]'
            command.add_argument(argument, metavar=argument.upper(), help=what)
        add_config(command)
        command.set_defaults(run=lambda args: _with_file(run, args))
        return command

    add("path", "print where the settings file is", _path)
    show = add("show", "print every setting, its value, and where that comes from", _show)
    show.add_argument(
        "--format", metavar="FORMAT", choices=("text", "json"), default="text", help="text (the default) or json"
    )
    add("get", "print the value of one setting", _get, "key")
    add("set", "change one setting", _set, "key", "value")
    add("unset", "go back to a setting's default", _unset, "key")
    add("edit", "open the settings file in $VISUAL or $EDITOR, and check it afterwards", _edit)


def _with_file(run: Callable[[SettingsFile, argparse.Namespace], int], args: argparse.Namespace) -> int:
    try:
        return run(SettingsFile(settings_file(args)), args)
    except SettingsError as error:
        raise Complaint(str(error), 2) from None


def _path(file: SettingsFile, _: argparse.Namespace) -> int:
    put(str(file.path))
    return 0


def _show(file: SettingsFile, args: argparse.Namespace) -> int:
    resolved = _resolved(file)
    values = {key: setting.without_secrets(setting.value_in(resolved.settings)) for key, setting in SCHEMA.items()}
    if args.format == "json":
        put_json({key: {"value": value, "from": resolved.origin(key)} for key, value in values.items()})
    else:
        rows = [(key, resolved.origin(key), shown("" if value is None else value)) for key, value in values.items()]
        for line in table(("SETTING", "FROM", "VALUE"), rows):
            put(line)
    for problem in resolved.problems:
        complain(problem.message)
    return 0


def _get(file: SettingsFile, args: argparse.Namespace) -> int:
    setting = describe(args.key)
    put(_plain(setting.value_in(_resolved(file).settings)))
    return 0


def _set(file: SettingsFile, args: argparse.Namespace) -> int:
    value = parse_value(args.key, args.value)
    if args.key == "ui.theme" and value not in describe(args.key).choices:
        from tui_chat.ui.look.themes import theme_problem  # Textual may have others, but is not worth loading for this

        if problem := theme_problem(str(value)):
            raise Complaint(problem, 2)
    file.set(args.key, value)
    if _resolved(file).origin(args.key) is Origin.ENVIRONMENT:
        note(f"Saved, but the environment says otherwise about {args.key}, and wins.")
    return 0


def _unset(file: SettingsFile, args: argparse.Namespace) -> int:
    file.unset(args.key)
    return 0


def _edit(file: SettingsFile, _: argparse.Namespace) -> int:
    if not file.path.exists():
        _begin(file.path)
    _open_editor(file.path)
    problems = file.load().problems
    for problem in problems:
        complain(problem.message)
    return 2 if any(not problem.unknown for problem in problems) else 0


def _resolved(file: SettingsFile) -> Resolved:
    return resolve(file.load(), os.environ, {})


def _plain(value: Value) -> str:
    """Return a value as `config set` takes it."""
    return value if isinstance(value, str) else "" if value is None else literal(value)


def _begin(path: Path) -> None:
    try:
        write_atomically(path, new_file().encode())
    except OSError as error:
        raise Complaint(f"{path} cannot be written: {error.strerror}.", 2) from error


def _open_editor(path: Path) -> None:
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or next(filter(shutil.which, EDITORS), None)
    if not command:
        raise Complaint(f"There is no editor: set EDITOR, or change {path} in any other way.", 2)
    try:
        status = subprocess.run([*shlex.split(command), str(path)], check=False).returncode
    except (OSError, ValueError) as error:
        raise Complaint(f"The editor {command!r} cannot be started ({error}).", 2) from error
    if status:
        raise Complaint(f"The editor {command!r} ended with status {status}.")
