"""The system's clipboard: the command that takes a text for it, and what can be said of a copy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

TOOL_TIMEOUT_S = 2.0
_TMUX = ["tmux", "load-buffer", "-w", "-"]
"""Keeps it in tmux, which passes it on to the terminal; from a program itself it may take no OSC 52."""


def clipboard_tool() -> list[str] | None:
    """Return the command that takes a text for a clipboard; over SSH the system's would be the other machine's."""
    candidates = [] if os.environ.get("SSH_CONNECTION") else _system_tools()
    if os.environ.get("TMUX"):
        candidates.append(_TMUX)
    return next((command for command in candidates if shutil.which(command[0])), None)


def copy_with(tool: list[str], text: str, what: str) -> str:
    """Have a command take a text; return in a sentence how that went."""
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
    except (OSError, subprocess.TimeoutExpired):
        return sent_words(what)
    if done.returncode:
        return sent_words(what)
    return f"Copied {what} to tmux." if tool == _TMUX else f"Copied {what}."


def sent_words(what: str) -> str:
    """Say that a text was sent to the terminal, no more: it never answers."""
    return f"Sent {what} to the terminal's clipboard."


def _system_tools() -> list[list[str]]:
    tools = [["pbcopy"]] if sys.platform == "darwin" else []
    if os.environ.get("WAYLAND_DISPLAY"):
        tools.append(["wl-copy"])
    if os.environ.get("DISPLAY"):
        tools += [["xclip", "-selection", "clipboard"], ["xsel", "--clipboard", "--input"]]
    return tools
