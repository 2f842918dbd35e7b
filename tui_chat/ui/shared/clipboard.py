"""Copying, through the terminal (OSC 52) and, where there is one, a tool that tells whether it has worked."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import partial
from typing import Any

from textual.app import App

from tui_chat.text import clean

TOOL_TIMEOUT_S = 2.0
_TMUX = ["tmux", "load-buffer", "-w", "-"]
"""Keeps it in tmux, which passes it on to the terminal; from a program itself it may take no OSC 52."""


def copy(app: App[Any], text: str, what: str) -> None:
    """Copy a text as its source stands, but for what a terminal would obey when it is pasted there."""
    text = clean(text, keep_tabs=True)
    app.copy_to_clipboard(text)
    tool = _tool()
    if tool is None:
        app.notify(_sent(what), timeout=3)
    else:
        app.run_worker(partial(_copy_with, app, tool, text, what), thread=True, group="clipboard", exit_on_error=False)


def _copy_with(app: App[Any], tool: list[str], text: str, what: str) -> None:
    try:
        # The tool goes on in the background for as long as it has the clipboard: it must not inherit a pipe of ours.
        done = subprocess.run(
            tool,
            input=text.encode(errors="replace"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=TOOL_TIMEOUT_S,
            check=False,
        )
        worked = done.returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        worked = False
    copied = f"Copied {what} to tmux." if tool == _TMUX else f"Copied {what}."
    app.call_from_thread(app.notify, copied if worked else _sent(what), timeout=3)


def _sent(what: str) -> str:
    """Say that it was sent, no more: the terminal never answers."""
    return f"Sent {what} to the terminal's clipboard."


def _tool() -> list[str] | None:
    """Return the command that takes a text for a clipboard; over SSH the system's would be the other machine's."""
    candidates = [] if os.environ.get("SSH_CONNECTION") else _system_tools()
    if os.environ.get("TMUX"):
        candidates.append(_TMUX)
    return next((command for command in candidates if shutil.which(command[0])), None)


def _system_tools() -> list[list[str]]:
    tools = [["pbcopy"]] if sys.platform == "darwin" else []
    if os.environ.get("WAYLAND_DISPLAY"):
        tools.append(["wl-copy"])
    if os.environ.get("DISPLAY"):
        tools += [["xclip", "-selection", "clipboard"], ["xsel", "--clipboard", "--input"]]
    return tools
