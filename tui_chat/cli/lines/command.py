"""A command behind a slash, and the group in which it is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tui_chat.records import dataclass

if TYPE_CHECKING:
    from tui_chat.cli.lines.line_chat import LineChat


@dataclass(frozen=True, slots=True)
class LineCommand:
    """Something that is done by its name: that of the app's action, where there is one."""

    name: str
    about: str
    run: Callable[[LineChat, str], None]
    takes: str = ""
    """The words that may follow it."""
    also: Sequence[str] = ()
    """Other names."""


@dataclass(frozen=True, slots=True)
class CommandGroup:
    """Commands about one thing."""

    title: str
    commands: Sequence[LineCommand]
