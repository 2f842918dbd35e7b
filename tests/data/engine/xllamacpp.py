"""Stands in for the engine of the local model: it takes the same orders, and the demo server answers for it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from tui_chat.demo import DemoServer

WEIGHTS = "weights of a model"


class CommonParams(SimpleNamespace):
    """The options of the engine."""

    def __init__(self) -> None:
        super().__init__(model=SimpleNamespace(path=""), cpuparams=SimpleNamespace(n_threads=0))


class Server:
    """Serves a file that is a model; of any other one it says what the engine says."""

    def __init__(self, params: CommonParams) -> None:
        print("the engine is talkative")
        if Path(params.model.path).read_text() != WEIGHTS:
            raise RuntimeError("Failed to init server, please check the input params.")
        assert params.hostnames == ["127.0.0.1"]
        assert params.api_keys[0]
        self.listening_address = DemoServer(rate=0, latency_s=0).start()
