"""Deletes conversations that have not been touched for long, if that is wanted and was agreed to."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from textual.app import App

from tui_chat.chat.message import utc_now
from tui_chat.program.wiring import Program
from tui_chat.text.amounts import counted
from tui_chat.ui.shared.question import Question

SHOWN_S = 10.0


async def apply_retention(app: App[Any], program: Program) -> None:
    """Delete what has been kept for long enough, and say how much that was; the first time, ask before that."""
    days, agreement = program.settings.now.history.retention_days, program.store.retention_agreement
    if not days:
        await asyncio.to_thread(agreement.withdraw)
    elif await asyncio.to_thread(agreement.covers, days) or await _agreed(app, program, days):
        before = utc_now() - timedelta(days)
        removing = asyncio.wrap_future(program.store.retention.remove(before))
        await asyncio.wait([removing])
        if count := 0 if removing.exception() else removing.result():  # the store has told what went wrong
            gone, verb = counted(count, "conversation"), "was" if count == 1 else "were"
            said = f"{gone} older than {counted(days, 'day')} {verb} deleted"
            app.notify(f"{said} (history.retention_days).", timeout=SHOWN_S)


async def _agreed(app: App[Any], program: Program, days: int) -> bool:
    """Say what would be deleted, and ask; True if that may be, now and from now on."""
    old = await asyncio.to_thread(program.store.retention.old, utc_now() - timedelta(days))
    if not old:
        return False
    question = Question(
        f"{counted(len(old), 'conversation')} did not change for {counted(days, 'day')}. "
        f"history.retention_days deletes {'it' if len(old) == 1 else 'them'} for good now, "
        "and others without asking when they get as old. "
        "Pinned ones are spared.",
        yes="Delete",
        no="Keep for now",
    )
    if not await app.push_screen_wait(question):
        return False
    await asyncio.to_thread(program.store.retention_agreement.give, days)
    return True
