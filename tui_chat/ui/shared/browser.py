"""Opening an address of the web in the system's browser."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from typing import Any

from textual.app import App

from tui_chat.chat.citations import is_web_address
from tui_chat.ui.shared.clipboard import copy

STARTS_WITHIN_S = 5.0
"""Seconds in which a browser that cannot be started says so; one that goes on after them is there."""
_OPEN = "import sys, webbrowser; sys.exit(not webbrowser.open(sys.argv[1]))"


def open_address(app: App[Any], address: str) -> None:
    """Open an address, or copy it where that browser would be on another machine than whoever looks."""
    if not is_web_address(address):
        app.notify("Only addresses that begin with http:// or https:// are opened.", severity="warning")
    elif app.is_web:
        copy(app, address, "the address")
    else:
        app.run_worker(partial(_open, app, address), thread=True, group="browser", exit_on_error=False)


def _open(app: App[Any], address: str) -> None:
    if _started(address):
        app.call_from_thread(app.notify, "Opened the source in the browser.", timeout=3)
    else:
        app.call_from_thread(app.notify, "No browser could be started. c copies the address.", severity="warning")


def _started(address: str) -> bool:
    """True if a browser has taken the address. One that runs in a terminal must not get at this one: it gets none."""
    try:
        process = subprocess.Popen(
            [sys.executable, "-I", "-c", _OPEN, address],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        return process.wait(STARTS_WITHIN_S) == 0
    except subprocess.TimeoutExpired:
        return True
    except OSError:
        return False
