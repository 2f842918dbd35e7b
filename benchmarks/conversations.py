"""Fifty conversations that stream at once against two: key echo and Esc, as ratios of one run, and their paces.

    python -m benchmarks.conversations [CONVERSATIONS] [KEYS] [TOKENS]

The real program at 120x40, each reply at 50 tokens a second. One is looked at, the others come out of sight. Esc is
timed until the word is on the screen, and until the reply says that it is stopped. The paces are those that the
program has stored of the replies that it was let finish: none should be more than 5 % slower than where there are two,
of which one is stopped.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from benchmarks.columns import ESC, FLOWING_S, STOPPING
from benchmarks.keys import Program, started, typed_ms
from tui_chat.chat.message import StreamingStatus
from tui_chat.storage import Store

RATE = 50
PASTED = "\x1b[200~/tokens {}\nsomething long\x1b[201~\r"
NEW_CONVERSATION = "\x0e"
PATIENCE_S = 600.0


def begin(program: Program, conversations: int, tokens: int) -> None:
    """Have replies come in so many conversations."""
    for number in range(conversations):
        since = len(program.written)
        if number:
            program.send(NEW_CONVERSATION)
            program.wait_for("Ready", since)
        since = len(program.written)
        program.send(PASTED.format(tokens))
        program.wait_for("treaming", since)


def paces(folder: Path, conversations: int) -> list[float]:
    """Return the tokens a second of all replies but the one that was stopped, once all have ended."""
    deadline = time.monotonic() + PATIENCE_S
    store = Store.open(folder, on_problem=print)
    try:
        while time.monotonic() < deadline:
            found = [store.conversation(each.id) for each in store.conversations()]
            replies = [each.last for each in found if each is not None and each.last is not None]
            if len(replies) == conversations and not any(reply.status.live for reply in replies):
                whole = [reply for reply in replies if reply.status is StreamingStatus.COMPLETE]
                return [reply.metadata.metrics.tokens_per_second or 0.0 for reply in whole]
            time.sleep(1)
    finally:
        store.close()
    raise TimeoutError("some replies never ended")


def measured(conversations: int, keys: int, tokens: int) -> tuple[float, float, float, list[float]]:
    """Return the median latency of keys, the times until Esc shows and until it has stopped, and the paces."""
    with started(RATE) as program:
        begin(program, conversations, tokens)
        time.sleep(FLOWING_S)
        typed = statistics.median(typed_ms(program, keys))
        since, began = len(program.written), time.monotonic()
        program.send(ESC)
        program.wait_for(STOPPING, since)
        shown_ms = (time.monotonic() - began) * 1000
        program.wait_for("stopped", since)
        stopped_ms = (time.monotonic() - began) * 1000
        return typed, shown_ms, stopped_ms, paces(program.folder, conversations)


def main() -> None:
    """Print the table."""
    conversations, keys, tokens = (
        int(sys.argv[at]) if len(sys.argv) > at else usual for at, usual in ((1, 50), (2, 30), (3, 3000))
    )
    print(f"{'':18}  {'key':>8}  {'Esc':>8}  {'stopped':>8}   ms")
    figures = {count: measured(count, keys, tokens) for count in (2, conversations)}
    for count, (*times, _) in figures.items():
        print(f"{f'{count} conversations':18}  " + "  ".join(f"{each:8.1f}" for each in times))
    few, many = figures.values()
    print(
        f"{'ratio':18}  " + "  ".join(f"{after / before:8.2f}" for before, after in zip(few[:3], many[:3], strict=True))
    )
    alone, slowest = few[3][0], min(many[3])
    print(f"slowest of {len(many[3])}: {slowest:.1f} tokens a second, {slowest / alone:.0%} of {alone:.1f}")


if __name__ == "__main__":
    main()
