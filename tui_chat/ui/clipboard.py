"""Copying, through the terminal (OSC 52) and, where there is one, the system's own tool."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import partial
from typing import Any

from textual.app import App

TOOL_TIMEOUT_S = 2.0


def copy(app: App[Any], text: str, what: str) -> None:
    """Copy a text. Only the system's tool can tell that it has worked; the terminal never answers."""
    app.copy_to_clipboard(text)
    tool = _tool()
    if tool is None:
        app.notify(f"Sent {what} to the terminal's clipboard.", timeout=3)
    else:
        app.run_worker(partial(_copy_with, app, tool, text, what), thread=True, group="clipboard", exit_on_error=False)


def _copy_with(app: App[Any], tool: list[str], text: str, what: str) -> None:
    try:
        done = subprocess.run(
            tool, input=text.encode(errors="replace"), capture_output=True, timeout=TOOL_TIMEOUT_S, check=False
        )
        worked = done.returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        worked = False
    app.call_from_thread(app.notify, f"Copied {what}." if worked else f"Sent {what} to the terminal's clipboard.")


def _tool() -> list[str] | None:
    """The command that takes a text for the system's clipboard."""
    if os.environ.get("SSH_CONNECTION"):
        return None  # its clipboard would be the other machine's
    candidates = [["pbcopy"]] if sys.platform == "darwin" else []
    if os.environ.get("WAYLAND_DISPLAY"):
        candidates.append(["wl-copy"])
    if os.environ.get("DISPLAY"):
        candidates += [["xclip", "-selection", "clipboard"], ["xsel", "--clipboard", "--input"]]
    return next((command for command in candidates if shutil.which(command[0])), None)
