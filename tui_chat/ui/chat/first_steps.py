"""The ways to real replies from a screen on which the demo replies: a key, or the small model."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, Literal

from textual.app import App

from tui_chat.local import SMOLLM2
from tui_chat.local.server import engine_problem
from tui_chat.program.api_keys import account
from tui_chat.program.key_entry import EnteredKey, keep_key, use_key
from tui_chat.program.small_model import IN_USE, use_small_model
from tui_chat.program.wiring import Program
from tui_chat.providers import in_daemon_thread
from tui_chat.services import DEFAULT
from tui_chat.settings import SettingsError
from tui_chat.text import clean_line
from tui_chat.ui.chat.key_dialog import KeyDialog
from tui_chat.ui.chat.local_dialog import LocalDialog
from tui_chat.ui.chat.navigation import Navigation
from tui_chat.ui.shared.background import begin

SHOWN_S = 8.0


def enter_key(screen: Navigation, program: Program) -> None:
    """Ask for a key, and use it at once."""

    def take(entered: EnteredKey | None) -> None:
        if entered is not None:
            _use_key(screen, program, entered)

    screen.app.push_screen(KeyDialog(program, account(program.settings.now.provider.name) or DEFAULT), take)


def use_local_model(screen: Navigation, program: Program) -> None:
    """Have the small model reply from now on; it is fetched first, if it is not here."""

    def take(is_here: bool | None) -> None:
        if is_here:
            _changing_settings(screen, partial(use_small_model, program))
            screen.notify(IN_USE, timeout=SHOWN_S)

    if SMOLLM2.installed(program.models_folder) and engine_problem() is None:
        take(True)
    else:
        screen.app.push_screen(LocalDialog(program.models_folder, screen.composer.insert), take)


def _use_key(screen: Navigation, program: Program, entered: EnteredKey) -> None:
    _changing_settings(screen, partial(use_key, program, entered))
    kept = in_daemon_thread(partial(keep_key, program, entered))
    begin(screen.app, partial(_say_kept, screen.app, kept), "keep key")  # also when a temporary chat is left


def _changing_settings(screen: Navigation, change: Callable[[], None]) -> None:
    try:
        change()
    except SettingsError as error:
        screen.notify(clean_line(str(error)), severity="warning", markup=False)


async def _say_kept(app: App[Any], kept: Future[tuple[str, bool]]) -> None:
    """Say in one notice what has become of a key that is to be kept."""
    said, is_well = await asyncio.wrap_future(kept)
    severity: Literal["information", "warning"] = "information" if is_well else "warning"
    app.notify(clean_line(said), severity=severity, timeout=SHOWN_S, markup=False)
