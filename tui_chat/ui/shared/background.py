"""Work that is done in the background."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual.dom import DOMNode

from tui_chat.ui.textual_internals.guarded_app import is_being_taken_away


def begin(node: DOMNode, work: Callable[[], Awaitable[None]], group: str, *, exclusive: bool = False) -> None:
    """Do something beside what is shown, which may be given up before it has begun: then it never was.

    Nothing is begun for what is being taken away.
    """
    if not is_being_taken_away(node):
        node.run_worker(work, group=group, exclusive=exclusive)
