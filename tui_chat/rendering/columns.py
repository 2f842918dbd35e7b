"""The widths of a table's columns in the room there is."""

from __future__ import annotations

from collections.abc import Sequence

_MAX_WORD = 20
"""A longer word may be broken so that other columns get their share."""
_LEAST_BROKEN = 5
"""The least width of a column whose words are broken."""


def column_widths(natural: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Return the width of each column: its natural width, or a fair share of the room.

    A column that would like less than its share gets that, and what it leaves is shared by the others; none gets less
    than its longest word, as far as all can have that.
    """
    if sum(natural) <= room:
        return list(natural)
    floors = [min(wish, max(min(word, _MAX_WORD), 1)) for wish, word in zip(natural, least, strict=True)]
    if sum(floors) > room:
        floors = _broken(floors, room)
    level = max(share for share in range(1, room + 1) if _total(natural, floors, share) <= room or share == 1)
    widths = [min(wish, max(floor, level)) for wish, floor in zip(natural, floors, strict=True)]
    for column in sorted(range(len(natural)), key=lambda column: widths[column] - least[column]):
        if sum(widths) < room and widths[column] < natural[column]:
            widths[column] += 1  # first where a word is broken for want of it
    return widths


def _broken(floors: Sequence[int], room: int) -> list[int]:
    """Return the widths where words must be broken: the longest words are, so that most stay whole."""
    widths, left = list(floors), room
    waiting = sorted(range(len(floors)), key=floors.__getitem__)
    while waiting and floors[waiting[0]] <= left - _LEAST_BROKEN * (len(waiting) - 1):
        left -= floors[waiting.pop(0)]
    for column in waiting:
        widths[column] = max(left // len(waiting), 1)
    return widths


def _total(natural: Sequence[int], floors: Sequence[int], share: int) -> int:
    return sum(min(wish, max(floor, share)) for wish, floor in zip(natural, floors, strict=True))
