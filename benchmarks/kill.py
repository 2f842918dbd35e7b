"""The cost of `kill -9`: the real program is killed at random moments while a reply comes.

    python -m benchmarks.kill [KILLS] [FIRST_SEED]

Checks each time that what is stored is the beginning of what was sent, that the database is sound, and that the reply
can go on to its end; prints how much of it was missing. The promise is 300 ms.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from tests.e2e.faults import check_database
from tests.e2e.killing import Remains, killed, left_in
from tests.e2e.test_crash import go_on
from tests.e2e.warm import WarmProgram
from tui_chat.chat.message import StreamingStatus
from tui_chat.demo import DemoServer


def checked(seed: int, warm: WarmProgram) -> Remains:
    """Kill the program once, and see what is left."""
    with tempfile.TemporaryDirectory() as name, DemoServer(rate=0, latency_s=0) as server:
        folder = Path(name)
        remains = killed(seed, folder, warm, app=True)
        assert remains.reply.status is StreamingStatus.INTERRUPTED, (seed, remains.reply.status)
        assert remains.script.startswith(remains.reply.text), (seed, remains.reply.text[-80:])
        check_database(folder / "data")
        go_on(folder, server.url)
        check_database(folder / "data")
        whole = left_in(folder / "data")
        assert (whole.status, whole.text) == (StreamingStatus.COMPLETE, remains.script), (seed, whole.metadata.error)
        return remains


def main() -> None:
    """Print the figures."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    with tempfile.TemporaryDirectory() as folder:
        warm = WarmProgram(Path(folder))
        remains = [checked(seed, warm) for seed in range(first, first + kills)]
        warm.close()
    missing_ms = [one.missing_ms for one in remains]
    empty = sum(not one.reply.text for one in remains)
    print(f"{kills} kills, {empty} of them before the first text; each reply was sound, interrupted, and went on")
    print(f"sent        {sum(one.sent for one in remains):9,} characters")
    print(f"stored      {sum(len(one.reply.text) for one in remains):9,}")
    print(f"missing ms  {statistics.median(missing_ms):9.0f} median {max(missing_ms):7.0f} worst")


if __name__ == "__main__":
    main()
