"""The modules that each way of starting the program loads: a command must not wait for what it does not use."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tui_chat.ui.chat.preload import FOR_A_REPLY, OPENED_BY_KEYS

REPORT = """
import contextlib, io, sys
from tui_chat.__main__ import main
with contextlib.redirect_stdout(io.StringIO()):
    main(sys.argv[1:])
print(*sys.modules)
"""


APP = """
import sys
import tui_chat.cli.app, tui_chat.ui.app
from tui_chat.providers import default_model
default_model("anthropic")  # whom the composer invites to write to
print(*sys.modules)
"""


def _loaded(code: str, *arguments: str, folder: Path) -> set[str]:
    """Return the modules that are loaded after some code has run."""
    environment = {"TUI_CHAT_DATA_DIR": str(folder / "data"), "TUI_CHAT_CONFIG_DIR": str(folder / "config")}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "command",
    [
        ["--version"],
        ["--version", "--demo"],
        ["--help"],
        ["ask", "--help"],
        ["ask", "--demo", "hello"],
        ["history", "list"],
        ["config", "path"],
        ["config", "show"],
        ["stats"],
    ],
)
def test_no_command_loads_textual(command: list[str], tmp_path: Path) -> None:
    assert "textual" not in _loaded(REPORT, *command, folder=tmp_path)


@pytest.mark.parametrize("command", [["history", "list"], ["stats"], ["config", "show"], ["--help"]])
def test_what_needs_no_provider_loads_no_sdk_and_no_event_loop(command: list[str], tmp_path: Path) -> None:
    assert not _loaded(REPORT, *command, folder=tmp_path) & {
        "anthropic",
        "openai",
        "httpx2",
        "mcp",
        "asyncio",
    }


@pytest.mark.parametrize("command", [["ask", "--demo", "hello"], ["mcp", "list"]])
def test_without_a_server_nothing_of_mcp_is_loaded(command: list[str], tmp_path: Path) -> None:
    assert "mcp" not in _loaded(REPORT, *command, folder=tmp_path)


def test_the_version_needs_nothing(tmp_path: Path) -> None:
    assert not _loaded(REPORT, "--version", folder=tmp_path) & {"argparse", "tui_chat.cli.main"}


@pytest.mark.parametrize("command", [["config", "get", "ui.theme"], ["config", "path"], ["history", "list"]])
def test_a_short_command_loads_nothing_that_takes_longer_than_itself(command: list[str], tmp_path: Path) -> None:
    assert not _loaded(REPORT, *command, folder=tmp_path) & {
        *("dataclasses", "inspect", "rich", "subprocess", "shutil", "tempfile", "uuid", "socket", "logging.handlers"),
        *("base64", "copy"),
        *("tui_chat.chat.citations", "tui_chat.interchange", "tui_chat.redaction", "tui_chat.providers"),
    }


def test_a_setting_is_read_without_a_log_a_database_and_what_changes_settings(tmp_path: Path) -> None:
    assert not _loaded(REPORT, "config", "get", "ui.theme", folder=tmp_path) & {
        *("logging", "threading", "sqlite3", "json", "datetime", "tomllib"),
        *("tui_chat.settings.file", "tui_chat.settings.keys", "tui_chat.settings.actions", "tui_chat.text.characters"),
        "tui_chat.settings.mcp_servers",
    }


def test_the_app_needs_no_sdk_to_open_and_no_screen_that_a_key_opens(tmp_path: Path) -> None:
    screens = {f"tui_chat.ui.{name}" for name in OPENED_BY_KEYS}
    only_if_wanted = {
        "tui_chat.ui.composer.vim",
        "tui_chat.ui.composer.vim_keys",
        "tui_chat.demo",
        "tui_chat.embedding",
        "tui_chat.local.server",
        "tui_chat.providers.anthropic",
        "tui_chat.telemetry.spans",
        "tui_chat.ui.compare.columns",
        "tui_chat.ui.palette",
        "tui_chat.ui.shared.dialog",
    }
    for_the_first_message = {*(f"tui_chat.{name}" for name in FOR_A_REPLY), "markdown_it", "pygments.lexers"}
    assert not _loaded(APP, folder=tmp_path) & {
        "anthropic",
        "openai",
        "httpx2",
        "mcp",
        "anyio",
        *("importlib.metadata", "email", "hashlib"),
        *screens,
        *only_if_wanted,
        *for_the_first_message,
    }


def test_no_module_of_the_app_compiles_a_regular_expression_when_it_is_loaded(tmp_path: Path) -> None:
    ours = [name for name in _loaded(APP, folder=tmp_path) if name.startswith("tui_chat.")]
    files = [Path(importlib.import_module(name).__file__ or "") for name in ours]
    assert [file for file in files if re.search(r"^\S.*\bre\.compile\(", file.read_text(), re.MULTILINE)] == []
