"""Servers of the newest protocol that tell of other tools: real ones, in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.tools.test_servers import call, noted, offered
from tests.waiting import wait_until
from tui_chat.tools import ServerSpec, ToolOffer, ToolServers

CHANGING = str(Path(__file__).parents[2] / "mcp_changing.py")
"""The server; to import it would load the library of a server into each process that tests."""


@pytest.fixture(params=["stdio", "http"])
def changing(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ServerSpec]:
    """The way to a server that writes down in the test's folder how often it is asked."""
    environment = {"STUB_FOLDER": str(tmp_path), "PATH": os.environ["PATH"]}
    if request.param == "stdio":
        yield ServerSpec("changing", sys.executable, (CHANGING,), environment)
        return
    file = tmp_path / "address"
    command = [sys.executable, CHANGING, str(file)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        wait_until(lambda: noted(tmp_path, "address"), "the server listens")
        yield ServerSpec("changing", url=noted(tmp_path, "address")[0])
        process.kill()


def test_a_server_tells_of_other_tools_and_is_asked_only_then(
    servers: ToolServers, changing: ServerSpec, tmp_path: Path
) -> None:
    offer = ToolOffer(servers, [changing])
    assert offered(offer) == ["changing__learn"]
    asked = len(noted(tmp_path, "lists"))
    for _ in range(3):
        assert offered(offer) == ["changing__learn"]
    assert len(noted(tmp_path, "lists")) == asked
    assert call(offer, "changing__learn").text == "Learnt"
    both = ["changing__learn", "changing__sing"]
    wait_until(lambda: offered(ToolOffer(servers, [changing])) == both, "the other tool is offered")
    assert len(noted(tmp_path, "lists")) == asked + 1
    new = ToolOffer(servers, [changing])
    assert offered(new) == both
    assert call(new, "changing__sing").text == "La"
