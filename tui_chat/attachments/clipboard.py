"""A picture on the clipboard, by whichever of the usual tools is there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence

from tui_chat.attachments.content import file_part
from tui_chat.chat.parts import FilePart

NAME = "clipboard.png"
_TIMEOUT_S = 2.0


def picture_tool(environ: Mapping[str, str]) -> Sequence[str]:
    """Return the command that prints the clipboard's picture; over SSH the clipboard would be the other machine's."""
    tools: list[Sequence[str]] = [("pngpaste", "-")] if sys.platform == "darwin" else []
    if environ.get("WAYLAND_DISPLAY"):
        tools.append(("wl-paste", "--no-newline", "--type", "image/png"))
    if environ.get("DISPLAY"):
        tools.append(("xclip", "-selection", "clipboard", "-target", "image/png", "-out"))
    return () if environ.get("SSH_CONNECTION") else next((tool for tool in tools if shutil.which(tool[0])), ())


def clipboard_picture(tool: Sequence[str]) -> FilePart | None:
    """Return the picture on the clipboard; None if there is none. `FileRefused` says why it cannot be sent."""
    try:
        done = subprocess.run(tool, stdin=subprocess.DEVNULL, capture_output=True, timeout=_TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return file_part(NAME, done.stdout) if done.returncode == 0 and done.stdout else None
