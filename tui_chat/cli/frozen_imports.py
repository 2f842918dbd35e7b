"""Loading what stays until the end."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def for_good() -> Iterator[None]:
    """What is imported here is never garbage; to look through it for some, again and again, would hold up the start."""
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()
