"""The servers that the program starts by itself."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest

from tui_chat.demo import DemoServer
from tui_chat.program.managed_servers import ManagedServers
from tui_chat.providers.config import ProviderConfig


def test_the_demo_server_is_started_once_whoever_asks_at_the_same_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listen, both = DemoServer._listen, Barrier(2)

    def slowly(server: DemoServer) -> socket.socket:
        with suppress(BrokenBarrierError):
            both.wait(0.2)
        return listen(server)

    monkeypatch.setattr(DemoServer, "_listen", slowly)
    servers = ManagedServers(tmp_path)
    with ThreadPoolExecutor(2) as threads:
        found = [threads.submit(servers.reached, ProviderConfig("demo"), "") for _ in range(2)]
        addresses = {each.result().base_url for each in found}
    servers.close()
    assert len(addresses) == 1
