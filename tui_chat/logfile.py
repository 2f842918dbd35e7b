"""The program's log: small, rotating, and without any text of a conversation."""

from __future__ import annotations

import logging
import os
import threading
import traceback
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType

from tui_chat.private_files import make_private_folder, open_private

LOG_BYTES = 512_000


log = logging.getLogger(__name__)


class _WithoutMessages(logging.Formatter):
    """Logs where an exception came from and its type, never its text: that may quote a prompt or a key.

    Messages of other packages (an SDK, the event loop) may quote them too: only their place in the code is logged.
    """

    def format(self, record: logging.LogRecord) -> str:
        from copy import copy

        from tui_chat.redaction import redacted

        if not record.name.startswith("tui_chat"):
            record = copy(record)
            record.msg, record.args = f"something that is not told, at {record.module}:{record.lineno}", ()
        return redacted(super().format(record))

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        kind, _, trace = ei
        return "".join(traceback.format_tb(trace)) + (kind.__name__ if kind else "")


def log_path(state_folder: Path) -> Path:
    """Return the path of the log."""
    return state_folder / "tui-chat.log"


class _LogFile(logging.Handler):
    """The log file, which is opened for the first record: few runs have one, and rotating files take long to load."""

    def __init__(self, path: Path) -> None:
        super().__init__(logging.WARNING)
        self.path = path
        self._file: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        if self._file is None:
            self._file = _rotating(self.path)
            self._file.setFormatter(self.formatter)
        self._file.handle(record)

    def close(self) -> None:
        """Close the file, if it was opened."""
        if self._file is not None:
            self._file.close()
        super().close()


def _rotating(path: Path) -> logging.Handler:
    """Return what writes the file, and begins another when that is large."""
    from logging.handlers import RotatingFileHandler

    class PrivateLog(RotatingFileHandler):
        """A log file that only its user can read, never the target of a link."""

        def _open(self) -> TextIOWrapper:
            return os.fdopen(open_private(Path(self.baseFilename), os.O_WRONLY | os.O_CREAT | os.O_APPEND), "a")

    return PrivateLog(path, maxBytes=LOG_BYTES, backupCount=1, delay=True)


def open_log(state_folder: Path) -> None:
    """Start to log warnings and errors; do without if that is impossible."""
    try:
        make_private_folder(state_folder)
    except OSError:
        return  # a full or read-only disk is reported by the store
    handler = _LogFile(log_path(state_folder).absolute())
    handler.setFormatter(_WithoutMessages("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.raiseExceptions = False  # a log that cannot be written must not write on the screen instead
    logging.lastResort = handler  # by default, messages of an SDK or the event loop go to the screen
    threading.excepthook = _log_fault_of_thread
    ours = logging.getLogger("tui_chat")
    ours.addHandler(handler)
    ours.setLevel(logging.WARNING)
    ours.propagate = False


def _log_fault_of_thread(ended: threading.ExceptHookArgs) -> None:
    """Log an exception that ends a thread: otherwise it is written on the screen."""
    if ended.exc_value is not None and ended.exc_type is not SystemExit:
        log.error("a thread ended in a fault of the program", exc_info=ended.exc_value)


def log_in_use() -> Path | None:
    """Return the log that this program writes, once there is something in it."""
    handlers = logging.getLogger("tui_chat").handlers
    paths = [handler.path for handler in handlers if isinstance(handler, _LogFile)]
    return next((path for path in paths if path.is_file() and not path.is_symlink()), None)


def where_the_details_are() -> str:
    """Return the end of a sentence about an error, which names the log."""
    file = log_in_use()
    return f"; the details are in {file}" if file else ""
