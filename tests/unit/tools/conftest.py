"""Servers whose problems are noted, for a test alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tui_chat.tools import Patience, ToolServers

SHORT = Patience(start_s=20, list_s=20, call_s=20, end_s=0.3)


@pytest.fixture
def problems() -> list[str]:
    return []


@pytest.fixture
def servers(problems: list[str]) -> Iterator[ToolServers]:
    servers = ToolServers(problems.append, SHORT)
    yield servers
    servers.close()
