"""The screens that a key opens: imported where they are opened, for none has to be there for the first paint."""

from __future__ import annotations

from importlib import import_module

OPENED_BY_KEYS = (
    "settings.screen",
    "conversations.screen",
    "composer.prompt_search",
    "statistics.screen",
    "help.screen",
)


def preload_screens() -> None:
    """Import them in the background, for the first key to find them there."""
    for name in OPENED_BY_KEYS:
        import_module(f"tui_chat.ui.{name}")
