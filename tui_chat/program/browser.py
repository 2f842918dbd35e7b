"""Opening an address of the web in the system's browser."""

from __future__ import annotations

import subprocess
import sys

STARTS_WITHIN_S = 5.0
"""Seconds in which a browser that cannot be started says so; one that goes on after them is there."""
_OPEN = "import sys, webbrowser; sys.exit(not webbrowser.open(sys.argv[1]))"


def open_in_browser(address: str) -> bool:
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
