"""A key's wait for a step of the work on a megabyte of text that is made to take long, shape by shape.

    python -m benchmarks.hostile [SHAPES [CHARACTERS]]

CPU time of the renderer's steps, between any two of which a key is answered; laying out the screen and drawing it come
on top (`benchmarks.keys`). The shapes are those of `tests.hostile_texts`, by their seeds.
"""

from __future__ import annotations

import gc
import sys
import time

from tests.hostile_texts import hostile_text
from tui_chat.rendering import Look
from tui_chat.rendering.document import Document

LOOK = Look.default(dark=True)


def steps_ms(document: Document) -> list[float]:
    """Return the time of each step, until nothing is left to do."""
    steps, done = [], False
    while not done:
        began = time.thread_time()
        done = document.advance(lambda: False)
        steps.append((time.thread_time() - began) * 1000)
    return sorted(steps)


def main() -> None:
    """Print the table."""
    shapes = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    gc.disable()  # a look for garbage is the app's own matter: see `GARBAGE_AFTER`
    print(f"{'shape':36}  {'in all, s':>9}  {'99.9 %':>7}  {'worst':>7}   ms a step")
    for seed in range(shapes):
        document = Document(100, LOOK, paced=True)
        text = hostile_text(seed, size)
        document.append(text)
        document.finish()
        steps = steps_ms(document)
        late = steps[-max(len(steps) // 1000, 1)]
        print(f"{seed:3} {text[:24]!r:32}  {sum(steps) / 1000:9.2f}  {late:7.1f}  {steps[-1]:7.1f}")


if __name__ == "__main__":
    main()
