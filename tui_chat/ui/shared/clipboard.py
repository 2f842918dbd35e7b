"""Copying, through the terminal (OSC 52) and, where there is one, a tool that tells whether it has worked."""

from __future__ import annotations

from functools import partial
from typing import Any

from textual.app import App

from tui_chat.program.clipboard import clipboard_tool, copy_with, sent_words
from tui_chat.text import clean


def copy(app: App[Any], text: str, what: str) -> None:
    """Copy a text as its source stands, but for what a terminal would obey when it is pasted there."""
    text = clean(text, keep_tabs=True)
    app.copy_to_clipboard(text)
    tool = clipboard_tool()
    if tool is None:
        app.notify(sent_words(what), timeout=3)
    else:
        app.run_worker(partial(_copy_with, app, tool, text, what), thread=True, group="clipboard", exit_on_error=False)


def _copy_with(app: App[Any], tool: list[str], text: str, what: str) -> None:
    app.call_from_thread(app.notify, copy_with(tool, text, what), timeout=3)
