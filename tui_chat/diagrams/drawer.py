"""Draws diagrams in the background, one after the other, and keeps the drawings."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from queue import SimpleQueue
from threading import Thread

from tui_chat.text import clean_line

Drawing = tuple[str, ...]
"""The lines of a diagram."""

LIBRARY = "termaid"
KINDS = (
    "graph",
    "flowchart",
    "sequenceDiagram",
    "classDiagram",
    "stateDiagram",
    "erDiagram",
    "gitGraph",
    "gantt",
    "pie",
    "mindmap",
    "journey",
    "timeline",
    "kanban",
    "xychart",
    "quadrantChart",
)
"""The words that a diagram which can be drawn begins with; the library takes anything else for a flowchart."""
LONGEST_SOURCE = 8_000
MOST_ROWS = 300
MOST_WAITING = 64
MOST_KEPT = 256
_PASSED_ON = ("HOME", "PATH", "PYTHONPATH", "PYTHONUSERBASE")
"""The variables that the process gets: what is needed to find the library, and no key."""
PATIENCE_S = 10.0
"""Seconds of the clock, on a busy machine; how much of them is work is for the child to limit."""


class DiagramDrawer:
    """Has diagrams drawn by processes that may fail, hang or be ended: none of that is seen but that there is none."""

    def __init__(self) -> None:
        self.on_drawn: Callable[[], object] = bool
        """Called in another thread when there is another drawing."""
        self._kept: dict[tuple[str, bool], Sequence[Drawing] | None] = {}
        """The drawings of each diagram; None while they are made."""
        self._waiting: SimpleQueue[tuple[str, bool]] = SimpleQueue()
        self._thread: Thread | None = None

    def drawings(self, source: str, *, ascii: bool) -> Sequence[Drawing] | None:
        """Return a diagram's drawings, the widest first; none if it cannot be drawn, None while it is being drawn."""
        asked = source, ascii
        if asked not in self._kept:
            if self._waiting.qsize() >= MOST_WAITING or not can_be_drawn(source):
                return ()
            while len(self._kept) >= MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[asked] = None
            self._waiting.put(asked)
            if self._thread is None:
                self._thread = Thread(target=self._draw_all, name="diagrams", daemon=True)
                self._thread.start()
        return self._kept[asked]

    def _draw_all(self) -> None:
        while True:
            source, ascii = asked = self._waiting.get()
            self._kept[asked] = draw(source, ascii=ascii)
            self.on_drawn()


def can_be_drawn(source: str) -> bool:
    """True if it is worth a try: it looks like a diagram, and the library is installed."""
    return len(source) <= LONGEST_SOURCE and source.startswith(KINDS) and _has_library()


@cache
def _has_library() -> bool:
    """True if the library is installed; to look for one that is not takes a while, and each layout asks."""
    return find_spec(LIBRARY) is not None


def draw(source: str, *, ascii: bool) -> Sequence[Drawing]:
    """Return all drawings of a diagram, cleaned like all that comes from a model; none if anything goes wrong."""
    import subprocess  # most runs of the program need none

    request = json.dumps({"source": source, "ascii": ascii}).encode()
    command = [sys.executable, "-P", "-m", "tui_chat.diagrams.child"]
    environ = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    try:
        done = subprocess.run(command, input=request, capture_output=True, timeout=PATIENCE_S, check=True, env=environ)
        drawings = [_without_blank_ends([*map(clean_line, lines)]) for lines in json.loads(done.stdout)]
    except (OSError, ValueError, subprocess.SubprocessError):
        return ()
    return [drawing for drawing in drawings if 0 < len(drawing) <= MOST_ROWS]


def _without_blank_ends(lines: Sequence[str]) -> Drawing:
    drawn = [number for number, line in enumerate(lines) if line.strip()]
    if not drawn:
        return ()
    left = min(len(lines[number]) - len(lines[number].lstrip()) for number in drawn)
    return tuple(line[left:].rstrip() for line in lines[drawn[0] : drawn[-1] + 1])
