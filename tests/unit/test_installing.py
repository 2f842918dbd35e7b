"""Packages are installed where the program is, with the tool that made its environment, and by their own names."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tui_chat.installing import installing


@pytest.fixture(autouse=True)
def prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the environment that the program is in."""
    folder = tmp_path / "tui-chat"
    folder.mkdir()
    monkeypatch.setattr(sys, "prefix", str(folder))
    monkeypatch.setattr(sys, "executable", "/some where/python")
    monkeypatch.setenv("VIRTUAL_ENV", "/elsewhere")
    return folder


def test_pip_is_that_of_the_environment(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert installing("openai") == "'/some where/python' -m pip install openai"
    monkeypatch.setenv("VIRTUAL_ENV", str(prefix))
    assert installing("anthropic[aws]", "openai") == "pip install 'anthropic[aws]' openai"


def test_pipx_injects(prefix: Path) -> None:
    (prefix / "pipx_metadata.json").touch()
    assert installing("openai", "xllamacpp") == "pipx inject tui-chat openai xllamacpp"


@pytest.mark.parametrize(
    ("origin", "source"),
    [
        (None, "tui-chat"),
        ('{"url": "file:///src/chat", "dir_info": {}}', "file:///src/chat"),
        ('{"url": "https://git.example/chat", "vcs_info": {"vcs": "git"}}', "git+https://git.example/chat"),
    ],
)
def test_uv_makes_the_tool_anew_from_where_it_came(
    origin: str | None, source: str, prefix: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (prefix / "uv-receipt.toml").touch()
    monkeypatch.setattr("importlib.metadata.distribution", lambda _: SimpleNamespace(read_text=lambda _: origin))
    assert installing("openai") == f"uv tool install --with openai {source}"


def test_without_pip_uv_installs_into_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_chat.installing.find_spec", lambda _: None)
    assert installing("openai") == "uv pip install --python '/some where/python' openai"
