"""The user's own editor, started on a file and waited for."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

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
