"""The text that was written between two commands, told by the whole before and after."""

from __future__ import annotations

from dataclasses import dataclass

from tui_chat.ui.composer.vim.buffer import Edit, edit_between
from tui_chat.ui.composer.vim.grammar import Command
from tui_chat.ui.composer.vim.operators import LONGEST_PUT


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
