"""Four replies side by side against one alone: key echo and Esc, as ratios of one run.

    python -m benchmarks.columns [KEYS] [STOPS]

The real program at 200x40, each reply at 200 tokens a second. Esc is timed until the word is on the screen, and until
every reply says that it is stopped. The two take turns, so that what else the machine does strikes both alike.
"""

from __future__ import annotations

import statistics
import sys
import time

from benchmarks.keys import Program, started, typed_ms

RATE = 200
WIDTH = 200
PROMPT = "\x1b[200~/tokens 1000000\nsomething long\x1b[201~\r"
ESC = "\x1b"
STOPPING = "opping"
"""The end of the word, which is all that is sent of it where the screen says "Streaming"."""
FLOWING_S = 2.0
CASES = {"one reply": (("--model", "demo"), 1), "four columns": (("--compare", "demo,demo,demo,demo"), 4)}


def measured(program: Program, replies: int, keys: int) -> tuple[list[float], float, float]:
    """Return the latencies of keys while replies come, and the times until Esc shows and until all are stopped."""
    program.send(PROMPT)
    program.wait_for("Streaming")
    time.sleep(FLOWING_S)
    typed = typed_ms(program, keys)
    since, began = len(program.written), time.monotonic()
    program.send(ESC)
    program.wait_for(STOPPING, since)
    shown = time.monotonic()
    program.wait_for("stopped", since, replies)
    return typed, (shown - began) * 1000, (time.monotonic() - began) * 1000


def main() -> None:
    """Print the table."""
    keys = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    stops = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    taken: dict[str, tuple[list[float], list[float], list[float]]] = {name: ([], [], []) for name in CASES}
    for _ in range(stops):
        for name, (options, replies) in CASES.items():
            with started(RATE, options, WIDTH) as program:
                typed, shown_ms, stopped_ms = measured(program, replies, keys)
            taken[name][0].extend(typed)
            taken[name][1].append(shown_ms)
            taken[name][2].append(stopped_ms)
    print(f"{'':14}  {'key':>8}  {'Esc':>8}  {'stopped':>8}   ms, medians")
    medians = {name: [statistics.median(times) for times in taken[name]] for name in CASES}
    for name in CASES:
        print(f"{name:14}  " + "  ".join(f"{middle:8.1f}" for middle in medians[name]))
    one, four = medians.values()
    print(f"{'ratio':14}  " + "  ".join(f"{many / single:8.2f}" for many, single in zip(four, one, strict=True)))


if __name__ == "__main__":
    main()
