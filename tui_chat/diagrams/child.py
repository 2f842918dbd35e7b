"""Draws one diagram, in a process of its own: `python -m tui_chat.diagrams.child`, its request and its answer JSON.

Forty characters of a model's are enough to keep the library busy for ever, or to fill all memory. So it runs under
limits that the system keeps.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from contextlib import suppress
from typing import Any

SECONDS = 2
MEMORY = 512 << 20
LONGEST_DRAWING = 60_000
"""Characters."""
WAYS: tuple[dict[str, Any], ...] = (
    {"padding_x": 2, "padding_y": 0},
    {"padding_x": 1, "padding_y": 0, "gap": 3, "max_label_width": 14},
)
"""The ways to draw a diagram, the roomiest first."""


def main() -> None:
    """Answer with the lines of every drawing of the diagram."""
    _limit()
    from termaid import render

    request = json.loads(sys.stdin.buffer.read())
    drawings = [render(request["source"], use_ascii=request["ascii"], **way) for way in WAYS]
    json.dump([drawing.split("\n") for drawing in drawings if len(drawing) <= LONGEST_DRAWING], sys.stdout)


def _limit() -> None:
    os.nice(10)
    for kind, most in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):  # not every system has every limit
            resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    main()
