"""Whom a prompt goes to: known once the system's keyring has answered, or the local model is here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from textual.app import App

from tui_chat.program.small_model import is_lacking
from tui_chat.program.wiring import Program
from tui_chat.ui.chat.navigation import Navigation
from tui_chat.ui.chat.session import ConversationSession


def is_unsettled(session: ConversationSession) -> bool:
    """True if the key that is needed may be in the system's keyring, or the local model that is asked is not here."""
    return is_lacking(session.program) or session.parts.provider.is_pending


async def settle_provider(screen: Navigation, program: Program) -> bool:
    """Read the keyring, and fetch the local model, as far as they are needed; False if nobody can be asked."""
    app: App[Any] = screen.app
    await find_key(app, screen.session)
    if not (is_lacking(program) and screen.is_attached):
        return True
    from tui_chat.ui.chat.local_dialog import LocalDialog

    fetched = await app.push_screen_wait(LocalDialog(program.models_folder, screen.composer.insert))
    return fetched is True  # None if the app ends


async def find_key(app: App[Any], session: ConversationSession) -> None:
    """Ask the keyring for the key that a conversation lacks, and have the app show whom it decides.

    The keyring is left alone until then: to open it takes 10 MB. Return when it is known who is asked, or when the
    keyring has had its time; it may answer late, or never.
    """
    if not session.parts.provider.is_pending:
        return
    program = session.program
    kept = program.keys.begin()
    await program.keys.answered()
    program.settings.reload()
    if not kept.done():
        kept.add_done_callback(_in_loop(lambda: program.settings.reload() if app.is_running else None))


def _in_loop(work: Callable[[], None]) -> Callable[[Future[Any]], None]:
    """Return what does something in this event loop when a thread is done, unless the app has ended by then."""
    loop = asyncio.get_running_loop()

    def call(_: Future[Any]) -> None:
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(work)

    return call
