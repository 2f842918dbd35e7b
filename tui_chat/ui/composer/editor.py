"""The user's own editor, for a prompt."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from tui_chat.program.wiring import Program
from tui_chat.text import clean_line
from tui_chat.ui.composer.composer import Composer

AWAKE_S = 0.1


class EditorError(Exception):
    """The editor could not be used; the text says why."""


def editor_command(environ: Mapping[str, str]) -> list[str]:
    """Return $VISUAL, $EDITOR, or what every system has."""
    for name in ("VISUAL", "EDITOR"):
        try:
            if command := shlex.split(environ.get(name, "")):
                return command
        except ValueError as error:
            raise EditorError(f"{name} is no command ({error}).") from error
    return ["vi"]


def edit(file: Path) -> None:
    """Have the file edited until the editor is closed. The terminal must be the editor's until then."""
    command = editor_command(os.environ)
    try:
        with _ctrl_c_for_the_editor():
            code = _end_of(subprocess.Popen([*command, str(file)]))
    except OSError as error:
        raise EditorError(f"{command[0]} cannot be started ({error.strerror}); set VISUAL or EDITOR.") from error
    if code != 0:
        raise EditorError(f"{command[0]} exited with status {code}; prompt unchanged.")
    if not file.exists():
        raise EditorError(f"{command[0]} left no file; prompt unchanged.")


def edit_prompt(app: App[Any], program: Program, conversation_id: str, composer: Composer) -> None:
    """Have what is in the composer edited; if the program ends meanwhile, it comes back at the next start."""
    try:
        edit = program.store.begin_edit(conversation_id, composer.written, composer.prompt)
    except OSError as error:
        app.notify(f"The editor needs a file: {error.strerror}.", severity="error", markup=False)
        return
    try:
        edit_outside(app, edit.file)
    except EditorError as error:
        app.notify(clean_line(str(error)), severity="error", markup=False)
    else:
        if not program.ending and edit.prompt != composer.prompt:
            composer.write(edit.prompt)
    if not program.ending:
        edit.remove()


def edit_outside(app: App[Any], file: Path) -> None:
    """Do the same with the terminal given to the editor, and taken back whatever becomes of it."""
    failure: EditorError | None = None
    try:
        with app.suspend():
            try:
                edit(file)
            except EditorError as error:  # caught here, as the app does not come back from an exception
                failure = error
    except SuspendNotSupported as error:
        raise EditorError("This terminal cannot make room for an editor.") from error
    if failure is not None:
        raise failure


def _end_of(process: subprocess.Popen[bytes]) -> int:
    """Wait until the editor is closed, awake now and then: a signal that another thread took does not end a wait."""
    while True:
        try:
            return process.wait(AWAKE_S)
        except subprocess.TimeoutExpired:
            continue


@contextmanager
def _ctrl_c_for_the_editor() -> Iterator[None]:
    """Ignore Ctrl+C, which the terminal sends to this program too."""
    before = signal.signal(signal.SIGINT, lambda *_: None)  # ignored, the editor would inherit it
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
