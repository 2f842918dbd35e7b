"""The clipboard of the system, a picture or a text, by whichever of the usual tools is there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence

from tui_chat.attachments.content import file_part, is_picture
from tui_chat.chat.parts import FilePart

Tool = Sequence[str]
"""A command; empty where there is none."""

NAME = "clipboard.png"
_TIMEOUT_S = 2.0


def picture_tool(environ: Mapping[str, str]) -> Tool:
    """Return the command that prints the clipboard's picture."""
    return _first_there(
        environ,
        mac=[("pngpaste", "-")],
        wayland=[("wl-paste", "--no-newline", "--type", "image/png")],
        x11=[("xclip", "-selection", "clipboard", "-target", "image/png", "-out")],
    )


def text_tool(environ: Mapping[str, str]) -> Tool:
    """Return the command that prints the clipboard's text."""
    return _first_there(
        environ,
        mac=[("pbpaste",)],
        wayland=[("wl-paste", "--no-newline", "--type", "text")],
        x11=[
            ("xclip", "-selection", "clipboard", "-target", "UTF8_STRING", "-out"),
            ("xsel", "--clipboard", "--output"),
        ],
    )


def clipboard_picture(tool: Tool) -> FilePart | None:
    """Return the picture on the clipboard; None if there is none. `FileRefused` says why it cannot be sent."""
    content = _printed_by(tool)  # some programs give their text, whatever is asked for
    return file_part(NAME, content) if is_picture(content) else None


def clipboard_text(tool: Tool) -> str:
    """Return the text on the clipboard; "" if there is none."""
    return _printed_by(tool).decode(errors="replace")


def _first_there(environ: Mapping[str, str], *, mac: list[Tool], wayland: list[Tool], x11: list[Tool]) -> Tool:
    """Return the first tool that is installed; over SSH the clipboard would be the other machine's."""
    tools = list(mac) if sys.platform == "darwin" else []
    tools += wayland if environ.get("WAYLAND_DISPLAY") else []
    tools += x11 if environ.get("DISPLAY") else []
    return () if environ.get("SSH_CONNECTION") else next((tool for tool in tools if shutil.which(tool[0])), ())


def _printed_by(tool: Tool) -> bytes:
    """Return what a tool prints; nothing if it fails, or there is none."""
    if not tool:
        return b""
    try:
        done = subprocess.run(tool, stdin=subprocess.DEVNULL, capture_output=True, timeout=_TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return b""
    return done.stdout if done.returncode == 0 else b""
