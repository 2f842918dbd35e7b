"""All benchmarks: `python -m benchmarks [--quick] [ROW ...]`.

A row is a module of this folder, in a process of its own. `--quick` takes the fewest runs that say anything.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

ROWS: Mapping[str, Sequence[str]] = {
    "scenarios": ("--quick",),
    "start": ("3",),
    "ask": ("2",),
    "stop": ("1",),
    "keys": ("10",),
    "rendering": (),
    "screen": ("2000", "500"),
    "frames": ("100",),
    "columns": ("10", "1"),
    "conversations": ("50", "10", "500"),
    "memory": ("2000",),
    "line": ("100", "5"),
    "slow_line": (),
    "kill": ("3",),
    "quit": ("1",),
    "search": ("--messages", "20000"),
    "storage": (),
    "endurance": ("24", "500"),
    "hostile": ("2", "100000"),
}
"""The rows, and what a quick run of each is given."""


def main() -> int:
    """Run the rows, all of them if none is named; 1 if any has failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure the program.")
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"one of: {', '.join(ROWS)}")
    parser.add_argument("--quick", action="store_true", help="the fewest runs that say anything")
    asked = parser.parse_args()
    if unknown := set(asked.rows) - set(ROWS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    failed = [name for name in asked.rows or ROWS if not _run(name, ROWS[name] if asked.quick else ())]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _run(name: str, arguments: Sequence[str]) -> bool:
    """Run one row; True if it went well."""
    print(f"\n== {name} (load {os.getloadavg()[0]:.1f})", flush=True)
    return subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *arguments], check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
