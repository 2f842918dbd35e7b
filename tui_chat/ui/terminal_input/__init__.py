"""What a terminal sends, made safe before the app sees it: no bytes end the program, and no paste sends a prompt."""

from __future__ import annotations

from textual.driver import Driver


def guarded(usual: type[Driver]) -> type[Driver]:
    """Our driver in place of Textual's own for Linux and macOS; any other (a browser's, Windows') as it is."""
    if (usual.__module__, usual.__name__) != ("textual.drivers.linux_driver", "LinuxDriver"):
        return usual
    from tui_chat.ui.terminal_input.driver import TerminalDriver  # what it imports does not exist on Windows

    return TerminalDriver
