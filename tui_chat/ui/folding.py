"""One row for more than fits: what matters least is the first to get shorter, and then to go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui_chat.text import cell_len


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that a row says, in one way or in several."""

    forms: tuple[str, ...]
    """The ways to say it, the longest first."""
    rank: int
    """How much it matters: of two, the one with the lower rank gives way."""
    style: str = ""

    @property
    def shortest(self) -> str:
        """The least that says it."""
        return self.forms[-1]


def folded(pieces: Sequence[Piece], width: int, separator: str) -> list[tuple[Piece, str]]:
    """The pieces that have room, in their order, each in the longest form that has room."""
    gap, room = cell_len(separator), width
    chosen: dict[int, str] = {}
    by_rank = sorted(range(len(pieces)), key=lambda place: -pieces[place].rank)
    for place in by_rank:
        needed = gap + cell_len(pieces[place].shortest)
        if needed <= room:
            chosen[place] = pieces[place].shortest
            room -= needed
    for place in by_rank:
        if place in chosen:
            short = cell_len(chosen[place])
            longer = next(form for form in pieces[place].forms if cell_len(form) - short <= room)
            room -= cell_len(longer) - short
            chosen[place] = longer
    return [(pieces[place], chosen[place]) for place in sorted(chosen)]
