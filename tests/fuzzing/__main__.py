"""Feed every decoder in turn, for as long as is asked for; stop at the first fault, with the seed that shows it."""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
import traceback
from itertools import count
from pathlib import Path

from tests.fuzzing.targets import NAMES, feed, targets


def main() -> int:
    """Feed until the time is over; 1 if there was a fault."""
    parser = argparse.ArgumentParser(prog="scripts/fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600.0, help="for how long (default: ten minutes)")
    parser.add_argument("--seed", type=int, help="where to begin (default: anywhere)")
    parser.add_argument("--only", choices=NAMES, help="this decoder alone")
    args = parser.parse_args()
    first = random.randrange(10**9) if args.seed is None else args.seed
    print(f"seeds from {first}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"TUI_CHAT_CONFIG_DIR": f"{folder}/config", "TUI_CHAT_DATA_DIR": f"{folder}/data"}
        return _feed(Path(folder), first, time.monotonic() + args.seconds, args.only)


def _feed(folder: Path, first: int, end: float, only: str | None) -> int:
    os.chdir(folder)
    with targets(folder) as decoders:
        for seed in count(first):
            for name in [only] if only else NAMES:
                try:
                    feed(decoders[name], seed)
                except Exception:  # noqa: BLE001 - this is what the fuzzer looks for
                    traceback.print_exc()
                    print(f"\na fault in {name}: scripts/fuzz --only '{name}' --seed {seed}")
                    return 1
            if time.monotonic() > end:
                print(f"no fault in {seed - first + 1:,} rounds of {1 if only else len(NAMES)} decoders")
                return 0
    raise AssertionError("seeds never end")


if __name__ == "__main__":
    raise SystemExit(main())
