"""The user's own editor, for a prompt."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported


class EditorError(Exception):
    """The editor could not be used; the text says why."""


def editor_command(environ: Mapping[str, str]) -> list[str]:
    """$VISUAL, $EDITOR, or what every system has."""
    for name in ("VISUAL", "EDITOR"):
        try:
            if command := shlex.split(environ.get(name, "")):
                return command
        except ValueError as error:
            raise EditorError(f"{name} is no command ({error}).") from error
    return ["vi"]


def edited(text: str) -> str:
    """The text as it is when the editor is closed. The terminal must be the editor's until then."""
    command = editor_command(os.environ)
    with tempfile.TemporaryDirectory(prefix="tui-chat-") as folder:
        file = Path(folder) / "prompt.md"
        file.write_text(text, encoding="utf-8", errors="replace")
        try:
            with _ctrl_c_for_the_editor():
                code = subprocess.run([*command, str(file)], check=False).returncode
        except OSError as error:
            raise EditorError(f"{command[0]} cannot be started ({error.strerror}); set VISUAL or EDITOR.") from error
        if code != 0:
            raise EditorError(f"{command[0]} ended with status {code}; the prompt is as it was.")
        try:
            return file.read_text(encoding="utf-8", errors="replace").removesuffix("\n")
        except OSError as error:
            raise EditorError(f"{command[0]} left no file ({error.strerror}); the prompt is as it was.") from error


def edited_outside(app: App[Any], text: str) -> str:
    """The same, with the terminal given to the editor, and taken back whatever becomes of it."""
    result: str | EditorError = text
    try:
        with app.suspend():
            try:
                result = edited(text)
            except EditorError as error:  # caught here, as the app does not come back from an exception
                result = error
    except SuspendNotSupported as error:
        raise EditorError("This terminal cannot make room for an editor.") from error
    if isinstance(result, EditorError):
        raise result
    return result


@contextmanager
def _ctrl_c_for_the_editor() -> Iterator[None]:
    """The terminal sends Ctrl+C to this program too, which is not meant."""
    before = signal.signal(signal.SIGINT, lambda *_: None)  # ignored, the editor would inherit it
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
