"""Paths as users type them."""

from __future__ import annotations

import os
from pathlib import Path


def typed_path(typed: str) -> Path:
    """Return the path that is meant, with the home folder that its ~ stands for; where there is none, it stays."""
    return Path(os.path.expanduser(typed))  # noqa: PTH111 - pathlib's raises where there is no such home


def from_home(path: Path) -> str:
    """Return a path as people write it."""
    home = os.path.expanduser("~")  # noqa: PTH111 - pathlib's raises where there is none
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
