"""Commands of the palette that have a fixed name while it is open: listed at once, and found by typing."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable
from typing import ClassVar, NamedTuple

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from tui_chat.ui.shared.matching import marked_name


class NamedCommand(NamedTuple):
    """A command, and what it is about; its name may hold foreign text."""

    name: str
    about: str
    run: Callable[[], object]


class NamedCommands(Provider):
    """Offers the commands that apply on the screen below the palette."""

    LISTED: ClassVar[bool] = True
    """False if they are so many that one has to type to find them."""

    @abstractmethod
    async def commands(self) -> Iterable[NamedCommand]:
        """Return the commands that apply now."""

    async def discover(self) -> Hits:
        """Yield all of them, or nothing."""
        for name, about, run in await self.commands() if self.LISTED else ():
            yield DiscoveryHit(Content(name), run, name, about)

    async def search(self, query: str) -> Hits:
        """Yield those that fit what was typed."""
        matcher = self.matcher(query)
        for name, about, run in await self.commands():
            if (score := matcher.match(name)) > 0:
                yield Hit(score, marked_name(matcher, name), run, name, about)
