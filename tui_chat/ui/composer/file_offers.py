"""The paths, and the resources of MCP servers, that an @ in the composer may mean, above it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from tui_chat.attachments.listing import FileListing
from tui_chat.attachments.listing import Offer as PathOffer
from tui_chat.patterns import pattern
from tui_chat.records import dataclass
from tui_chat.ui.composer.offer_list import Offer, OfferList
from tui_chat.ui.composer.resource_offers import ResourceOffers
from tui_chat.ui.shared.background import begin

LONGEST_WORD = 400
_SPACES = 3
"""Spaces that a name may have as it is typed; what is chosen has them escaped, and may have any number."""
_CHARACTER = r"(?:\\.|[^\\\s@])"
_PATH = pattern(rf"(?:^|(?<=\s))@({_CHARACTER}*|{_CHARACTER}+(?: {_CHARACTER}+){{0,{_SPACES - 1}}} {_CHARACTER}*)$")
_ESCAPED = pattern(r"\\(.)")
_NEEDS_ESCAPE = pattern(r"([\s\\@])")


@dataclass(frozen=True, slots=True)
class TypedPath:
    """An @ and what is typed behind it, up to the cursor."""

    column: int
    """The place of the @ in its line."""
    path: str

    @classmethod
    def at_end(cls, line: str) -> TypedPath | None:
        """Return the path that a line ends with which is written as far as this, if there is one."""
        match = _PATH.search(line[-LONGEST_WORD:])
        if match is None:
            return None
        return cls(len(line) - len(match[0]), _ESCAPED.sub(r"\1", match[1]))


def typed(path: str) -> str:
    """Return a path as it is typed behind an @: with what would end it escaped."""
    return "@" + _NEEDS_ESCAPE.sub(r"\\\1", path)


class PathOffers:
    """Follows the @ before the cursor, and offers what may be meant."""

    def __init__(self, offers: OfferList, take: Callable[[PathOffer], None], resources: ResourceOffers) -> None:
        """Keep `take`, which writes a path that was chosen."""
        self._offers = offers
        self._take = take
        self._resources = resources
        self._listing = FileListing()
        self._wanted: TypedPath | None = None
        self._dismissed: int | None = None
        """The column of an @ whose offers were closed: it stays text."""
        self._is_shown = False

    def want(self, path: TypedPath | None) -> None:
        """Offer the paths that one which is being typed may mean; nothing if it is None."""
        if path is None or path.column != self._dismissed:
            self._dismissed = None
        if path == self._wanted:
            return
        self._wanted = path
        if path is None or self._dismissed is not None or path.path.endswith(" "):
            self._show(())  # after a space at once: Enter sends, unless a name goes on with it
        if path is not None and self._dismissed is None:
            begin(self._offers, partial(self._look_for, path), "offers", exclusive=True)

    async def _look_for(self, path: TypedPath) -> None:
        found = await self._resources.of_server(path.path)
        if found is None:
            files = self._rows(await asyncio.to_thread(self._listing.offers, path.path))
            servers = self._resources.servers(path.path)
            found = [*servers, *files] if path.path else [*files, *servers]
        if self._offers.is_attached and path == self._wanted:
            self._show(found)

    def _rows(self, found: Sequence[PathOffer]) -> Sequence[Offer]:
        takes = [partial(self._take, path) for path in found]
        return [Offer(path.text, take, complete=take) for path, take in zip(found, takes, strict=True)]

    def _show(self, rows: Sequence[Offer]) -> None:
        if rows:
            self._offers.show(rows, self._dismiss)
        elif self._is_shown:
            self._offers.close()
        self._is_shown = bool(rows)

    def _dismiss(self) -> None:
        """Offer nothing more for this @."""
        self._dismissed, self._is_shown = self._wanted.column if self._wanted else None, False
