"""The ways to real replies from a screen on which the demo replies: a key, or the small model."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Literal

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
    begin(screen, partial(_keep, screen, program, entered), "keep key")


def _changing_settings(screen: Navigation, change: Callable[[], None]) -> None:
    try:
        change()
    except SettingsError as error:
        screen.notify(clean_line(str(error)), severity="warning", markup=False)


async def _keep(screen: Navigation, program: Program, entered: EnteredKey) -> None:
    """Keep a key in the system's keyring, and say in one notice what has become of it."""
    said, is_well = await asyncio.wrap_future(in_daemon_thread(partial(keep_key, program, entered)))
    if screen.is_attached:
        severity: Literal["information", "warning"] = "information" if is_well else "warning"
        screen.notify(clean_line(said), severity=severity, timeout=SHOWN_S, markup=False)
