"""The text that was written between two commands, told by the whole before and after."""

from __future__ import annotations

from tui_chat.records import dataclass, replace
from tui_chat.ui.composer.vim.buffer import Buffer, Edit, edit_between
from tui_chat.ui.composer.vim.grammar import Command
from tui_chat.ui.composer.vim.operators import LONGEST_PUT, Change, open_line


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A change that can be made again elsewhere."""

    command: Command
    size: int = 0
    """The number of units or lines that were selected; 0 if the command itself says what it acts on."""
    linewise: bool = False
    typed: str = ""
    """The text that was written after it."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """A time of writing, from its beginning on."""

    repeatable: Repeatable
    content: str
    """The text before anything was written."""
    at: int
    """The place at which that began."""

    def typed(self, content: str) -> str:
        """Return what has been written since."""
        if self._is_whole(content):
            return content[self.at : len(content) - (len(self.content) - self.at)]
        return edit_between(self.content, content).text

    def repeated(self, content: str) -> Edit | None:
        """Return what writes it as often as the command's count says; None if it is there often enough."""
        times, typed = self.repeatable.command.times - 1, self.typed(content)
        if self.repeatable.command.name in ("o", "O"):
            typed = f"\n{typed}"
        is_operator = self.repeatable.command.target or self.repeatable.size
        if not times or not typed or is_operator or not self._is_whole(content):
            return None
        end = len(content) - (len(self.content) - self.at)
        return Edit(end, end, typed * min(times, LONGEST_PUT // len(typed)))

    def _is_whole(self, content: str) -> bool:
        """True if nothing but one text has been put in."""
        return (
            len(content) >= len(self.content)
            and content.startswith(self.content[: self.at])
            and content.endswith(self.content[self.at :])
        )


def is_written_after(name: str) -> bool:
    """True if one writes after a command of this name."""
    return name in ("c", "i", "a", "I", "A", "o", "O")


def entry(name: str, buffer: Buffer, at: int) -> Change:
    """Return where writing begins, and the line that is opened for it."""
    if name in ("o", "O"):
        return open_line(buffer, at, below=name == "o")
    text = buffer.line_text(at)
    place = {
        "i": at,
        "a": buffer.step(at, 1),
        "I": buffer.line_start(at) + len(text) - len(text.lstrip()),
        "A": buffer.line_end(at),
    }[name]
    return Change(Edit(place, place), place)


def written(change: Change, last: Repeatable) -> Change:
    """Return a change with what was written after it, as often as its count says."""
    command, typed = last.command, last.typed
    times = 1 if command.target or last.size else min(command.times, LONGEST_PUT // max(len(typed), 1))
    between = "\n" if command.name in ("o", "O") else ""
    written = change.with_text(between.join([typed] * max(times, 1)))
    return replace(written, cursor=max(written.cursor - 1, change.cursor)) if typed else written
