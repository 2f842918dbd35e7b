"""One row for more than fits: what matters least is the first to get shorter, and then to go."""

from __future__ import annotations

from collections.abc import Sequence

from tui_chat.records import dataclass
from tui_chat.text import cell_len


@dataclass(frozen=True, slots=True)
class Form:
    """One way to say something, and how much it matters that it is said so."""

    text: str
    rank: int


@dataclass(frozen=True, slots=True)
class RowPiece:
    """Something that a row says: in short, and in longer ways that each matter less."""

    forms: tuple[Form, ...]
    style: str = ""


def piece(*forms: tuple[str, int], style: str = "") -> RowPiece:
    """Return a piece of these texts and ranks, the shortest first."""
    return RowPiece(tuple(Form(*form) for form in forms), style)


def folded(pieces: Sequence[RowPiece], width: int, separator: str) -> list[tuple[RowPiece, str]]:
    """Return the pieces that have room, in order, each in the longest form that fits; higher ranks go first."""
    gap, room = cell_len(separator), width
    chosen: dict[int, str] = {}
    forms = [(form, place) for place, piece in enumerate(pieces) for form in piece.forms]
    for form, place in sorted(forms, key=lambda found: -found[0].rank):
        taken = cell_len(chosen[place]) if place in chosen else -gap
        needed = cell_len(form.text) - taken
        if needed <= room:
            chosen[place] = form.text
            room -= needed
    return [(pieces[place], chosen[place]) for place in sorted(chosen)]
