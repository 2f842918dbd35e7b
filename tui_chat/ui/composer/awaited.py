"""The files, resources and clipboard that are still being read for what is written: that may take its time."""

from __future__ import annotations

from tui_chat.records import dataclass


@dataclass(frozen=True, eq=False)
class Awaited:
    """Something that was asked for, and is to go with what is written."""

    name: str
    source: str = ""
    """The server that it comes from, if it is one."""


class AwaitedList:
    """All that is not here yet: a prompt is not sent without it, unless it is sent twice."""

    def __init__(self) -> None:
        self._awaited: list[Awaited] = []
        self._was_said = False

    def expect(self, name: str, source: str = "") -> Awaited:
        """Wait for something from now on, before it is begun to be read: the next key may send the prompt."""
        awaited = Awaited(name, source)
        self._awaited.append(awaited)
        self._was_said = False
        return awaited

    def take(self, awaited: Awaited) -> bool:
        """Wait for it no longer; False if it was given up meanwhile."""
        if awaited not in self._awaited:
            return False
        self._awaited.remove(awaited)
        return True

    def hold(self) -> str:
        """Return, once, that something is not here yet; if that was said, give up what is not, and return ""."""
        if not self._awaited or self._was_said:
            self.give_up()
            return ""
        self._was_said = True
        first = self._awaited[0]
        source = f" from {first.source}" if first.source else ""
        return f"{first.name} is still being read{source}. Send again to go without it."

    def give_up(self) -> None:
        """Take nothing of what is not here yet."""
        self._awaited = []
