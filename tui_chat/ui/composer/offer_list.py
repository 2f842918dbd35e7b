"""A list above the composer of what may be meant there, whoever offers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui_chat.records import dataclass
from tui_chat.text import cell_len, clean_line, fit

MOST_ROWS = 8
SHARE_OF_SCREEN = 3
"""The list takes at most one row of so many."""
LEAST_WIDTH = 8
WIDEST_NAMES = 36


@dataclass(frozen=True)
class Offer:
    """Something to choose."""

    text: str
    """It, as it would be typed."""
    take: Callable[[], Awaitable[Any] | None]
    complete: Callable[[], Awaitable[Any] | None]
    about: str = ""


class OfferList(Widget):
    """A row for each offer, the chosen one marked; it takes no room while there is nothing to offer."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"offer-list--chosen", "offer-list--about"}

    offers: reactive[Sequence[Offer]] = reactive((), layout=True)
    """The offers, the likeliest first."""
    at: reactive[int] = reactive(0)
    """The place of the chosen one."""

    @dataclass
    class Picked(Message):
        """An offer was clicked."""

        offer_list: OfferList
        offer: Offer

        @property
        def control(self) -> OfferList:
            """The list that it was in."""
            return self.offer_list

    def __init__(self) -> None:
        super().__init__()
        self.display = False
        self._dismissed: Callable[[], None] = _nothing

    @property
    def is_open(self) -> bool:
        """True if there is something to choose from."""
        return bool(self.offers)

    @property
    def chosen(self) -> Offer:
        """The offer that is marked."""
        return self.offers[self.at]

    def show(self, offers: Sequence[Offer], dismissed: Callable[[], None]) -> None:
        """Offer something; `dismissed` is called if none of it is wanted."""
        self.offers, self.at, self._dismissed = offers, 0, dismissed

    def renew(self, offers: Sequence[Offer]) -> None:
        """Offer the same with other words about it."""
        texts = [offer.text for offer in offers]
        at = texts.index(self.chosen.text) if self.is_open and self.chosen.text in texts else 0
        self.offers, self.at = offers, at

    def close(self) -> None:
        """Offer nothing."""
        self.offers, self.at = (), 0

    def dismiss(self) -> None:
        """Offer nothing, as nothing of it is wanted."""
        self.close()
        self._dismissed()

    def move(self, step: int) -> None:
        """Mark another offer; from the last to the first, and back."""
        self.at = (self.at + step) % len(self.offers)

    def watch_offers(self, offers: Sequence[Offer]) -> None:
        """Take room only while there is something to choose from."""
        if self.display is not bool(offers):
            self.display = bool(offers)
            self.screen.refresh_bindings()

    def render(self) -> Content:
        """Return the rows around the marked one, each with what it is about where there is room."""
        width = max(self.content_size.width - 2, LEAST_WIDTH)
        shown = self.offers[self._first : self._first + self._rows]
        names = min(max((cell_len(clean_line(offer.text)) for offer in shown), default=0), WIDEST_NAMES, width)
        return Content("\n").join(self._row(offer, width, names) for offer in shown)

    def _row(self, offer: Offer, width: int, names: int) -> Content:
        chosen = offer is self.chosen
        name = fit(clean_line(offer.text), width if not offer.about else names)
        row = (
            Content.styled(f"› {name}", self.get_visual_style("offer-list--chosen")) if chosen else Content(f"  {name}")
        )
        room = width - names - 2
        if not offer.about or room < LEAST_WIDTH:
            return row
        gap = " " * (names - cell_len(name) + 2)
        return Content.assemble(
            row, gap, (fit(clean_line(offer.about), room), self.get_visual_style("offer-list--about"))
        )

    def on_click(self, event: events.Click) -> None:
        """Choose the offer that is clicked."""
        at = self._first + event.y - self.gutter.top
        if 0 <= at < len(self.offers):
            self.post_message(self.Picked(self, self.offers[at]))

    def get_content_height(self, *_: Any) -> int:
        """Return the number of rows; no more than leave room for what the screen is for."""
        return min(len(self.offers), self._rows)

    @property
    def _rows(self) -> int:
        return max(min(MOST_ROWS, self.app.size.height // SHARE_OF_SCREEN), 1)

    @property
    def _first(self) -> int:
        """The first row that is shown: the marked one is always in sight."""
        return max(0, self.at - self._rows + 1)


def _nothing() -> None:
    """Do nothing: nobody has to be told."""
