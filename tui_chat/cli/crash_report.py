"""A fault of the program itself: a sentence for the user, and the log for whoever mends it."""

from __future__ import annotations

import logging
import os
import platform
from contextlib import suppress

from tui_chat import __version__
from tui_chat.cli.output import complain
from tui_chat.logfile import open_log, where_the_details_are
from tui_chat.settings import state_dir

log = logging.getLogger(__name__)


def report_fault(error: Exception) -> int:
    """Say that the program failed and where the details are; return the exit status."""
    details = ""
    with suppress(Exception):  # whatever else fails, the sentence is said
        details = _logged(error)
    complain(f"This is a fault of tui-chat itself ({type(error).__name__}){details}.")
    return 1


def _logged(error: Exception) -> str:
    """Write the fault into the log; return the words that say where that is."""
    if not logging.getLogger("tui_chat").handlers:
        open_log(state_dir(os.environ))
    log.error("fault of version %s, Python %s", __version__, platform.python_version(), exc_info=error)
    return where_the_details_are()
