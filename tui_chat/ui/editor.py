"""The user's own editor, for a prompt."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path


class EditorError(Exception):
    """The editor could not be used; the text says why."""


def editor_command(environ: Mapping[str, str]) -> list[str]:
    """$VISUAL, $EDITOR, or what every system has."""
    return shlex.split(environ.get("VISUAL") or environ.get("EDITOR") or "vi")


def edited(text: str) -> str:
    """The text as it is when the editor is closed. The terminal must be the editor's until then."""
    command = editor_command(os.environ)
    with tempfile.TemporaryDirectory(prefix="tui-chat-") as folder:
        file = Path(folder) / "prompt.md"
        file.write_text(text, encoding="utf-8", errors="replace")
        try:
            code = subprocess.run([*command, str(file)], check=False).returncode
        except OSError as error:
            raise EditorError(f"{command[0]} cannot be started ({error.strerror}); set VISUAL or EDITOR.") from error
        if code != 0:
            raise EditorError(f"{command[0]} ended with status {code}; the prompt is as it was.")
        return file.read_text(encoding="utf-8", errors="replace").removesuffix("\n")
