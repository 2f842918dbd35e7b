"""The commands that a / typed into the empty composer may begin."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from enum import Enum, auto
from functools import partial
from typing import Any

from tui_chat.records import dataclass
from tui_chat.ui.composer.offer_list import Offer, OfferList

SLASH = "/"
LONGEST_QUERY = 200
_NO_MATCH = 3
"""Behind every rank of a match."""


@dataclass(frozen=True)
class SlashCommand:
    """Something that can be done by its name."""

    words: str
    """Its name, and what it is done with, without the slash."""
    about: str
    run: Callable[[], Awaitable[Any] | None] | None
    """None where more has to be typed behind its name."""
    keeps_text: bool = False
    """True if it sees itself to the text in the composer."""
    behind: Callable[[str], Sequence[SlashCommand]] | None = None
    """Returns the commands that it begins, by what is typed behind its name."""


class _Meaning(Enum):
    """A text that begins with a slash, and what the slash means."""

    COMMAND = auto()
    """It was typed into the empty composer."""
    UNDECIDED = auto()
    """It may be a command that nobody took."""
    TEXT = auto()
    """It was pasted, or sent before."""


def matching(query: str, commands: Sequence[SlashCommand]) -> list[SlashCommand]:
    """Return the commands that a query may begin: first those that it is, then those that begin with it."""
    first, space, rest = query.partition(" ")
    begun = next((command.behind for command in commands if command.behind and command.words == first), None)
    if begun is not None and space:
        return list(begun(rest.lstrip()))
    wanted = _folded(query)
    ranked = [(_rank(wanted, _folded(command.words)), at) for at, command in enumerate(commands)]
    return [commands[at] for rank, at in sorted(ranked) if rank < _NO_MATCH]


def _folded(words: str) -> str:
    return re.sub(r"[_-]", " ", words.casefold())


def _rank(wanted: str, words: str) -> int:
    if not wanted:
        return 1
    if wanted == words or (" " in words and words.endswith(f" {wanted}")):
        return 0
    if words.startswith(wanted):
        return 1
    return 2 if f" {wanted}" in words else _NO_MATCH


class SlashOffers:
    """Follows what is typed, and offers the commands that it may be."""

    def __init__(
        self, offers: OfferList, commands: Callable[[], Sequence[SlashCommand]], write: Callable[[str], None]
    ) -> None:
        """Keep `commands`, which looks up at once what can be done now, and `write`, which replaces what is written."""
        self._offers = offers
        self._look_up = commands
        self._write = write
        self._commands: Sequence[SlashCommand] = ()
        self._meaning: _Meaning | None = None
        self._query: str | None = None
        """The text that may be the beginning of a command; None where there is none."""
        self._is_shown = False

    @property
    def is_undecided(self) -> bool:
        """True if the text begins with a slash, and nobody has said that it is no command."""
        return self._meaning in (_Meaning.COMMAND, _Meaning.UNDECIDED)

    def follow(self, first_line: str, lines: int, *, was_empty: bool) -> None:
        """Take up a change of the text."""
        if not first_line.startswith(SLASH):
            self._meaning = None
        elif self._meaning is None:
            typed = was_empty and (first_line, lines) == (SLASH, 1)
            self._meaning = _Meaning.COMMAND if typed else _Meaning.UNDECIDED
            self._commands = self._look_up() if typed else ()
        if self._meaning is _Meaning.COMMAND and lines == 1 and len(first_line) <= LONGEST_QUERY:
            self._query = first_line.removeprefix(SLASH)
            self._offer(self._query)
        else:
            self._close()

    def take_for_text(self) -> None:
        """Let the slash that the text begins with, if it does, be no command's."""
        self._meaning = self._meaning and _Meaning.TEXT
        self._close()

    def leave_open(self) -> None:
        """Offer nothing more for this slash, which may be a command's all the same."""
        self._meaning = self._meaning and _Meaning.UNDECIDED
        self._close()

    def renew(self) -> None:
        """Take up what has been learnt about the commands."""
        if self._query is None:
            return
        self._commands = self._look_up()
        if self._is_shown:
            self._offers.renew(self._rows(self._query))
        else:
            self._offer(self._query)

    def _offer(self, query: str) -> None:
        rows = self._rows(query)
        if rows:
            self._is_shown = True
            self._offers.show(rows, self._dismissed)
        else:
            self._hide()

    def _rows(self, query: str) -> list[Offer]:
        return [self._row(command) for command in matching(query, self._commands)]

    def _row(self, command: SlashCommand) -> Offer:
        name, run = f"{SLASH}{command.words}", command.run
        if run is None:
            go_on = partial(self._write, f"{name} ")
            return Offer(name, go_on, go_on, command.about)
        return Offer(name, partial(self._take, command, run), partial(self._write, name), command.about)

    async def _take(self, command: SlashCommand, run: Callable[[], Awaitable[Any] | None]) -> None:
        self.leave_open()
        if not command.keeps_text:
            self._write("")
        running = run()
        if running is not None:
            await running

    def _dismissed(self) -> None:
        self._is_shown = False
        self.leave_open()

    def _close(self) -> None:
        self._query = None
        self._hide()

    def _hide(self) -> None:
        """Close the list, unless it shows what others offer."""
        if self._is_shown:
            self._is_shown = False
            self._offers.close()
