"""The process that runs a model: `python -m tui_chat.local.serve`, told on standard input what to run.

It answers with its address, and lives as long as standard input is open: however its parent ends, it ends too.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, TextIO

CONTEXT_TOKENS = 8192
AT_ONCE = 4
"""The number of replies that are written at the same time; they share the context."""
PING_S = 5
NICENESS = 5
"""The niceness of the model's process: the screen comes first."""


def main() -> None:
    """Serve until standard input ends."""
    answers = _standard_output_of_our_own()
    asked = json.loads(sys.stdin.readline())
    server = _serve(asked)
    print(server.listening_address, file=answers, flush=True)
    sys.stdin.read()
    os._exit(0)  # the engine's threads need no cleanup


def _serve(asked: dict[str, str]) -> Any:
    import xllamacpp

    os.nice(NICENESS)
    engine = xllamacpp.CommonParams()
    engine.model.path = asked["weights"]
    engine.model_alias = {asked["model"]}
    engine.hostnames = ["127.0.0.1"]
    engine.port = 0
    engine.api_keys = [asked["key"]]
    # Its threads wait for each other at every step: one on a busy core slows all of them down.
    engine.cpuparams.n_threads = max(1, (os.cpu_count() or 2) // 2)
    engine.n_ctx = CONTEXT_TOKENS
    engine.n_parallel = AT_ONCE
    engine.kv_unified = True
    engine.sse_ping_interval = PING_S
    engine.endpoint_slots = False
    engine.ui = False
    engine.verbosity = -1
    return xllamacpp.Server(engine)


def _standard_output_of_our_own() -> TextIO:
    """Return a pipe to the parent that the engine, which writes to standard output as it likes, does not know."""
    ours = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return ours


if __name__ == "__main__":
    main()
