"""A change of the settings that would send a key elsewhere, made only if that is meant."""

from __future__ import annotations

from functools import partial
from typing import Any, Protocol

from textual.app import App

from tui_chat.program.current_settings import CurrentSettings
from tui_chat.program.destinations import KeyWouldGoElsewhere
from tui_chat.settings import SettingsError, Value
from tui_chat.text import clean_line
from tui_chat.ui.shared.question import Question


class Change(Protocol):
    """Changes settings; a key may go elsewhere for it only if that is said."""

    def __call__(self, *, key_may_go: bool = False) -> None:
        """Make the change."""


def set_value(app: App[Any], settings: CurrentSettings, key: str, value: Value) -> None:
    """Give a setting another value, or ask first; say why it cannot have it."""
    try:
        change_settings(app, partial(settings.set, key, value))
    except SettingsError as error:
        app.notify(clean_line(str(error)), severity="error", markup=False)


def change_settings(app: App[Any], change: Change) -> None:
    """Make a change, or ask first. A `SettingsError` says why it cannot be made."""

    def answered(meant: bool | None) -> None:
        if meant:
            try:
                change(key_may_go=True)
            except SettingsError as error:
                app.notify(clean_line(str(error)), severity="error", markup=False)

    try:
        change()
    except KeyWouldGoElsewhere as asked:
        app.push_screen(Question(clean_line(str(asked)), yes="Send it there", no="Leave the address"), answered)
