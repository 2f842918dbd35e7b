"""How long `ask` takes for a short reply, beside the import of the whole SDK, of which it loads what it uses.

    python -m benchmarks.ask [TIMES]

Processor time, as multiples of `import anthropic`, in turns; and the time to the first token that `ask` tells, in which
nothing of that import is: the demo server answers at once.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from statistics import median

from benchmarks.endurance import serving
from benchmarks.start import PROGRAM, command_s, compare, environment


def ask(url: str, *options: str) -> Sequence[str]:
    """Return the command that asks the server."""
    return (*PROGRAM, "ask", "hello", "--provider", "demo", "--base-url", url, "--no-save", *options)


def ttft_ms(url: str, folder: str) -> float:
    """Return the time to the first token, as `ask` tells it."""
    told = subprocess.run(ask(url, "--format", "json"), env=environment(folder), capture_output=True, check=True)
    return float(json.loads(told.stdout)["metrics"]["ttft_ms"])


def main() -> None:
    """Print the table."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with serving() as url, tempfile.TemporaryDirectory() as folder:
        sdk = (sys.executable, "-c", "import anthropic")
        compare({"import anthropic": sdk, "ask": ask(url)}, command_s, times)
        print(f"{'first token after':22}{median(ttft_ms(url, folder) for _ in range(times)):7.1f} ms")


if __name__ == "__main__":
    main()
