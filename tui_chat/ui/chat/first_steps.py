"""The ways to real replies from a screen on which the demo replies: a key, or the small model."""

from __future__ import annotations

import asyncio
from functools import partial

from tui_chat.local import SMOLLM2, engine_problem
from tui_chat.program.api_keys import account
from tui_chat.program.system_keyring import KeyringProblem
from tui_chat.program.wiring import Program
from tui_chat.providers import in_daemon_thread
from tui_chat.services import DEFAULT, SERVICES, service
from tui_chat.settings import SettingsError
from tui_chat.text import clean_line
from tui_chat.ui.chat.key_dialog import EnteredKey, KeyDialog
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
            _ask_from_now_on(screen, program, next(name for name, known in SERVICES.items() if known.runs_model))
            screen.notify("Replies now come from a model on this machine.", timeout=SHOWN_S)

    if SMOLLM2.installed(program.models_folder) and engine_problem() is None:
        take(True)
    else:
        screen.app.push_screen(LocalDialog(program.models_folder, screen.composer.insert), take)


def _use_key(screen: Navigation, program: Program, entered: EnteredKey) -> None:
    program.keys.hold(entered.provider, entered.key)
    if account(program.settings.now.provider.name) == entered.provider:
        program.settings.reload()
    else:
        _ask_from_now_on(screen, program, entered.provider)
    begin(screen, partial(_keep, screen, program, entered), "keep key")


def _ask_from_now_on(screen: Navigation, program: Program, name: str) -> None:
    try:
        program.settings.make_default(name, "", key_may_go=True)
    except SettingsError as error:
        screen.notify(clean_line(str(error)), severity="warning", markup=False)


async def _keep(screen: Navigation, program: Program, entered: EnteredKey) -> None:
    """Keep a key in the system's keyring, and say in one notice what has become of it."""
    title = service(entered.provider).title
    known = f"The key could not be checked: {entered.unchecked}" if entered.unchecked else f"{title} accepted the key."
    try:
        await asyncio.wrap_future(in_daemon_thread(lambda: program.keys.keep(entered.provider, entered.key)))
    except KeyringProblem as problem:
        variable = service(entered.provider).key
        kept = f"The key holds until you quit. {problem} To keep it, set {variable} in the environment."
        severity = "warning"
    else:
        kept, severity = "The key is kept in the system's keyring.", "information"
    if screen.is_attached:
        screen.notify(
            clean_line(f"{known} {kept}"),
            severity="warning" if severity == "warning" or entered.unchecked else "information",
            timeout=SHOWN_S,
            markup=False,
        )
