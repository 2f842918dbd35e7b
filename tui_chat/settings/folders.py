"""The folders of the program's files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tui_chat.private_files import close_to_others
from tui_chat.settings.errors import SettingsError

if TYPE_CHECKING:
    from platformdirs import PlatformDirs

CONFIG_DIR = "TUI_CHAT_CONFIG_DIR"
DATA_DIR = "TUI_CHAT_DATA_DIR"


def config_dir(environ: Mapping[str, str]) -> Path:
    """Return the folder of the settings file."""
    return _chosen(environ, CONFIG_DIR) or _usual().user_config_path


def data_dir(environ: Mapping[str, str]) -> Path:
    """Return the folder of the conversations."""
    return _chosen(environ, DATA_DIR) or _usual().user_data_path


def state_dir(environ: Mapping[str, str]) -> Path:
    """Return the folder of the log; it is in the data folder if that was given."""
    chosen = _chosen(environ, DATA_DIR)
    return chosen / "state" if chosen else _usual().user_state_path


def cache_dir(environ: Mapping[str, str]) -> Path:
    """Return the folder of what can be fetched again; it is in the data folder if that was given."""
    chosen = _chosen(environ, DATA_DIR)
    return chosen / "cache" if chosen else _usual().user_cache_path


def close_folders(environ: Mapping[str, str]) -> None:
    """Let nobody else read files that an earlier version, or a wide umask, left open to them."""
    for folder in (config_dir(environ), data_dir(environ), state_dir(environ), cache_dir(environ)):
        close_to_others(folder)


def expanded(path: Path, given_by: str) -> Path:
    """Return a path with the home folder that its ~ stands for; `SettingsError` says that there is none."""
    try:
        return path.expanduser()
    except RuntimeError:
        user = path.parts[0].removeprefix("~")
        why = f"there is no user {user}" if user else "HOME is not set"
        raise SettingsError(f"{given_by}: {path} leads nowhere, as {why}.") from None


def _chosen(environ: Mapping[str, str], variable: str) -> Path | None:
    folder = environ.get(variable)
    return expanded(Path(folder), variable) if folder else None


def _usual() -> PlatformDirs:
    """Return the user's own folders; imported late, for it takes a while and an override needs none of it."""
    from platformdirs import PlatformDirs

    if os.path.expanduser("~") == "~":  # noqa: PTH111 - pathlib's raises what it does
        raise SettingsError(f"There is no home folder: set HOME, or {CONFIG_DIR} and {DATA_DIR}.")
    return PlatformDirs("tui-chat", appauthor=False)
