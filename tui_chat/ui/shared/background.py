"""Work that is done in the background."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual.dom import DOMNode


def begin(node: DOMNode, work: Callable[[], Awaitable[None]], group: str, *, exclusive: bool = False) -> None:
    """Do something beside what is shown, which may be given up before it has begun: then it never was."""
    node.run_worker(work, group=group, exclusive=exclusive)
