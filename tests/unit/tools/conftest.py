"""Servers whose problems are noted, for a test alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.waiting import PATIENCE_S
from tui_chat.tools import Patience, ToolServers

SHORT = Patience(start_s=PATIENCE_S, list_s=PATIENCE_S, call_s=PATIENCE_S, end_s=0.3)


@pytest.fixture
def problems() -> list[str]:
    return []


@pytest.fixture
def servers(problems: list[str]) -> Iterator[ToolServers]:
    servers = ToolServers(problems.append, SHORT)
    yield servers
    servers.close()
