"""What is known of the services."""

from __future__ import annotations

import sys

import pytest

from tui_chat.roster import installing


def test_a_package_is_installed_where_the_program_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", "/elsewhere")
    assert installing("tui-chat[local]") == f"{sys.executable} -m pip install 'tui-chat[local]'"
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    assert installing("tui-chat[local]") == "pip install 'tui-chat[local]'"
