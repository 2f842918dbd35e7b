"""Where the program keeps its files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from platformdirs import PlatformDirs

CONFIG_DIR = "TUI_CHAT_CONFIG_DIR"
DATA_DIR = "TUI_CHAT_DATA_DIR"


def config_dir(environ: Mapping[str, str]) -> Path:
    """The folder of the settings file."""
    return _chosen(environ, CONFIG_DIR) or _usual().user_config_path


def data_dir(environ: Mapping[str, str]) -> Path:
    """The folder of the conversations."""
    return _chosen(environ, DATA_DIR) or _usual().user_data_path


def state_dir(environ: Mapping[str, str]) -> Path:
    """The folder of the log; it goes with the data where that was given a folder."""
    chosen = _chosen(environ, DATA_DIR)
    return chosen / "state" if chosen else _usual().user_state_path


def cache_dir(environ: Mapping[str, str]) -> Path:
    """The folder of what can be fetched again; it goes with the data where that was given a folder."""
    chosen = _chosen(environ, DATA_DIR)
    return chosen / "cache" if chosen else _usual().user_cache_path


def _chosen(environ: Mapping[str, str], variable: str) -> Path | None:
    folder = environ.get(variable)
    return Path(folder).expanduser() if folder else None


def _usual() -> PlatformDirs:
    """The user's own folders; imported late, for it takes a while and an override needs none of it."""
    from platformdirs import PlatformDirs

    return PlatformDirs("tui-chat", appauthor=False)
