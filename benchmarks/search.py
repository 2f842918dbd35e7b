"""The time that a search takes in a history of 200,000 messages.

    python -m benchmarks.search [--messages N]

Prints, for each kind of query, the median and the 95th percentile in milliseconds over several words of that kind.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from tui_chat.storage import Store
from tui_chat.storage.connecting import connected, prepare
from tui_chat.storage.location import NAME

MESSAGES = 200_000
A_CONVERSATION = 40
SYLLABLES = [a + b for a in "bdfgklmnprstv" for b in "aeiou"]
CHINESE = [chr(0x4E00 + number) for number in range(2_500)]
REPEATS = 20
LIMIT = 200


def main() -> None:
    """Make a history, and time searches in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--folder", type=Path, help="keep the history here, for another run")
    args = parser.parse_args()
    dice = random.Random(1)
    words = ["".join(dice.choices(SYLLABLES, k=dice.randint(1, 5))) for _ in range(30_000)]
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.folder or Path(temporary)
        if not (folder / NAME).exists():
            fill(folder, args.messages, words, random.Random(2))
        store = Store.open(folder, on_problem=print)
        with closing(store):
            everything: list[float] = []
            for kind, queries in kinds(words, dice).items():
                times = [timed(store, query) for query in queries]
                everything += times
                report(kind, times)
            report("all of them", everything)


def fill(folder: Path, messages: int, words: list[str], dice: random.Random) -> None:
    """Write conversations of words as frequent as in any language, some of them in Chinese."""
    (folder / NAME).touch(0o600)
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    with closing(connected((folder / NAME).as_uri())) as connection:
        prepare(connection)
        connection.execute("BEGIN")
        for number in range(messages):
            at, place = f"2026-{1 + number % 12:02}-{1 + number % 28:02}T00:00:00+00:00", number % A_CONVERSATION
            conversation = number // A_CONVERSATION
            if place == 0:
                connection.execute(
                    "INSERT INTO conversations (id, title, leaf_id, created_at, updated_at) VALUES (?, ?, ?, ?, ?)",
                    (f"c{conversation}", words[number % len(words)], f"m{number + A_CONVERSATION - 1}", at, at),
                )
            chinese = conversation % 10 == 0
            text = "".join(dice.choices(CHINESE, k=120)) if chinese else " ".join(dice.choices(words, weights, k=60))
            connection.execute(
                "INSERT INTO messages (id, conversation_id, parent_id, depth, role, text, model, streaming_status,"
                " created_at) VALUES (?, ?, ?, ?, ?, ?, '', 'complete', ?)",
                (
                    f"m{number}",
                    f"c{conversation}",
                    f"m{number - 1}" if place else None,
                    place + 1,
                    ("user", "assistant")[number % 2],
                    text,
                    at,
                ),
            )
        connection.execute("COMMIT")


def kinds(words: list[str], dice: random.Random) -> dict[str, list[str]]:
    """Return queries by their kind."""
    common, rare = words[:REPEATS], words[-REPEATS:]
    return {
        "common word": common,
        "rare word": rare,
        "two words": [f"{a} {b}" for a, b in zip(words[50 : 50 + REPEATS], words[100:], strict=False)],
        "phrase": [f'"{a} {b}"' for a, b in pairwise(words[: REPEATS + 1])],
        "prefix": [f"{word[:4]}*" for word in words[200 : 200 + REPEATS]],
        "two letters": [word[:2] for word in dice.sample(words, REPEATS)],
        "one Chinese character": dice.sample(CHINESE, REPEATS),
        "two Chinese characters": ["".join(dice.sample(CHINESE, 2)) for _ in range(REPEATS)],
        "filters alone": ["from:me", "before:2026-03", "after:2026-11 from:model", "is:pinned"] * (REPEATS // 4),
        "word and filter": [f"{word} from:me" for word in common],
        "nothing": [f"qx{number}zz" for number in range(REPEATS)],
    }


def timed(store: Store, query: str) -> float:
    """Return the milliseconds that a search takes."""
    began = time.perf_counter()
    store.search(query, LIMIT)
    return (time.perf_counter() - began) * 1000


def report(kind: str, times: list[float]) -> None:
    """Print the percentiles of some times."""
    print(f"{kind:24} {statistics.median(times):8.1f} {statistics.quantiles(times, n=20)[-1]:8.1f}", flush=True)


if __name__ == "__main__":
    main()
