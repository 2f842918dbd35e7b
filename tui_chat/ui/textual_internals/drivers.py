"""The drivers: ours in place of each of Textual 8.2's that has one, and what they are told."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.driver import Driver

from tui_chat.ui.terminal.pictures import TerminalPictures
from tui_chat.ui.textual_internals.input_parser import TerminalParser


def guarded(usual: type[Driver]) -> type[Driver]:
    """Return our driver in place of Textual's for Linux and macOS, or for a browser; any other (Windows') as it is."""
    match usual.__module__, usual.__name__:  # what is imported here does not exist on Windows
        case "textual.drivers.linux_driver", "LinuxDriver":
            from tui_chat.ui.textual_internals.driver import TerminalDriver

            return TerminalDriver
        case "textual.drivers.web_driver", "WebDriver":
            from tui_chat.ui.textual_internals.browser_driver import BrowserDriver

            return BrowserDriver
    return usual


def terminal_is_behind(app: App[Any]) -> bool:
    """True if the terminal has not taken what was drawn before: more would only wait, and every key behind it."""
    writer = getattr(app._driver, "_writer_thread", None)  # there is none in a test, or in a browser
    return writer is not None and writer._queue.qsize() > 0


def split_alt(app: App[Any], wanted: bool) -> None:
    """Take Esc and a character right behind it for two keys from now on, or for one with Alt."""
    parser = getattr(app._driver, "parser", None)  # there is none in a test, or on Windows
    if isinstance(parser, TerminalParser):
        parser.splits_alt = wanted


def terminal_pictures(app: App[Any]) -> TerminalPictures | None:
    """Return the pictures that the terminal draws itself; None if it draws none."""
    pictures = getattr(app._driver, "pictures", None)  # there are none in a test, in a browser, or on Windows
    return pictures if isinstance(pictures, TerminalPictures) and pictures.drawn else None
