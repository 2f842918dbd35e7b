"""Problems of servers, in a few words each."""

from __future__ import annotations

from tui_chat.installing import installing
from tui_chat.text import clean_line

PACKAGE = "mcp"
MOST_QUOTED = 160
"""Characters of a server's own words in a sentence."""


class NoServer(Exception):
    """A server that cannot be asked: the sentence that says why."""


def words_of(error: BaseException, *, command: str = "") -> str:
    """Return why something failed, as the end of a sentence without its full stop."""
    while isinstance(error, BaseExceptionGroup) and error.exceptions:
        error = error.exceptions[0]
    match error:
        case ModuleNotFoundError(name=name) if name == PACKAGE:
            return f'needs the extra "mcp": `{installing(PACKAGE)}`'
        case FileNotFoundError():
            return f"cannot be started: there is no command {command!r}"
        case PermissionError():
            return f"cannot be started: {command!r} may not be run"
        case TimeoutError():
            return "did not answer in time"
        case OSError():
            return f"cannot be started: {error.strerror or error}"
    if type(error).__name__ in ("ConnectError", "ConnectTimeout"):
        return "cannot be reached"
    return f"failed: {quoted(str(error)) or type(error).__name__}"


def quoted(text: str) -> str:
    """Return the first line of somebody's words, so that it can stand in a sentence."""
    first = next((line for line in map(clean_line, text.splitlines()) if line.strip()), "").strip().rstrip(".")
    return first if len(first) <= MOST_QUOTED else f"{first[: MOST_QUOTED - 1]}…"


def last_line(text: str) -> str:
    """Return the last line of what a server wrote to standard error, as the end of a sentence; "" for none."""
    lines = [line for line in text.splitlines() if line.strip()]
    return f" Its last words: {quoted(lines[-1])}." if lines else ""
