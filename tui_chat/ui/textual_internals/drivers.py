"""The choice of the driver: ours in place of each of Textual 8.2's that has one."""

from __future__ import annotations

from textual.driver import Driver


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
