"""Where the program keeps its files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

CONFIG_DIR, DATA_DIR = "TUI_CHAT_CONFIG_DIR", "TUI_CHAT_DATA_DIR"


def config_dir(environ: Mapping[str, str]) -> Path:
    """The folder of the settings file."""
    if chosen := environ.get(CONFIG_DIR):
        return Path(chosen).expanduser()
    import platformdirs

    return platformdirs.user_config_path("tui-chat", appauthor=False)


def data_dir(environ: Mapping[str, str]) -> Path:
    """The folder of the conversations."""
    if chosen := environ.get(DATA_DIR):
        return Path(chosen).expanduser()
    import platformdirs

    return platformdirs.user_data_path("tui-chat", appauthor=False)


def state_dir(environ: Mapping[str, str]) -> Path:
    """The folder of the log; goes with the data where they were given a folder."""
    if environ.get(DATA_DIR):
        return data_dir(environ) / "state"
    import platformdirs

    return platformdirs.user_state_path("tui-chat", appauthor=False)


def cache_dir(environ: Mapping[str, str]) -> Path:
    """The folder of what can be fetched again; goes with the data where they were given a folder."""
    if environ.get(DATA_DIR):
        return data_dir(environ) / "cache"
    import platformdirs

    return platformdirs.user_cache_path("tui-chat", appauthor=False)
