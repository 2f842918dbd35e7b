"""A paste between the terminal's marks, whole: however it is cut up, whatever it holds, and even if it never ends."""

from __future__ import annotations

from tui_chat.patterns import pattern

START = "\x1b[200~"
END = "\x1b[201~"

PATIENCE_S = 2.0
"""An end mark that has not come after such a pause is lost; until then the pause may be the line's."""
FINGERS_S = 0.04
"""The time that each character adds: slower text is typed by someone who waits to see it."""

_LINE_END = pattern(r"\r\n?")
_CONTROL = pattern(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def pasted(text: str) -> str:
    """Return the text as it is put in: one kind of line end, tabs, and no other control characters."""
    return _CONTROL.sub("", _LINE_END.sub("\n", text))


class BracketedPaste:
    """A paste that has begun."""

    def __init__(self, now: float) -> None:
        self.until = now + PATIENCE_S
        """The time to give up waiting for its end."""
        self._parts: list[str] = []
        self._last = ""
        """The last characters so far: the end mark may be cut in two."""

    @property
    def text(self) -> str:
        """The text pasted so far."""
        return pasted("".join(self._parts) + self._last)

    def take(self, data: str, now: float) -> str | None:
        """Take what came; return what follows the paste, or None if it goes on."""
        content, end, following = (self._last + data).partition(END)
        if end:
            self._parts.append(content)
            self._last = ""
            return following
        cut = max(len(content) - len(END) + 1, 0)
        self._parts.append(content[:cut])
        self._last = content[cut:]
        self.until = min(self.until + len(data) * FINGERS_S, now + PATIENCE_S)
        return None
