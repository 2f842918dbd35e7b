"""Letters in the place of names: A to Z, then AA, AB and so on, however many there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count, islice, product
from string import ascii_uppercase


def letters(number: int) -> Sequence[str]:
    """Return so many of them."""
    return list(islice(_all(), number))


def _all() -> Iterator[str]:
    for length in count(1):
        yield from map("".join, product(ascii_uppercase, repeat=length))
