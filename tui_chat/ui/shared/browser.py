"""Opening an address of the web in the system's browser."""

from __future__ import annotations

from functools import partial
from typing import Any

from textual.app import App

from tui_chat.chat.citations import is_web_address
from tui_chat.program.browser import open_in_browser
from tui_chat.ui.shared.clipboard import copy


def open_address(app: App[Any], address: str) -> None:
    """Open an address, or copy it where that browser would be on another machine than whoever looks."""
    if not is_web_address(address):
        app.notify("Only addresses that begin with http:// or https:// are opened.", severity="warning")
    elif app.is_web:
        copy(app, address, "the address")
    else:
        app.run_worker(partial(_open, app, address), thread=True, group="browser", exit_on_error=False)


def _open(app: App[Any], address: str) -> None:
    if open_in_browser(address):
        app.call_from_thread(app.notify, "Opened the source in the browser.", timeout=3)
    else:
        app.call_from_thread(app.notify, "No browser could be started. c copies the address.", severity="warning")
