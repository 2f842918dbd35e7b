"""Screens, each with its stylesheet beside it."""

from __future__ import annotations

from importlib import import_module

OPENED_BY_KEYS = ("settings", "conversations", "prompt_search", "statistics", "help")
"""They are imported where they are opened: none has to be there for the first paint."""


def preload_screens() -> None:
    """Import them in the background, for the first key to find them there."""
    for name in OPENED_BY_KEYS:
        import_module(f"{__name__}.{name}")
