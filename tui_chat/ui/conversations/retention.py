"""Deletes conversations that have not been touched for long, if that is wanted and was agreed to."""

from __future__ import annotations

import asyncio
from typing import Any

from textual.app import App

from tui_chat.program.retention import RetentionPolicy
from tui_chat.program.wiring import Program

SHOWN_S = 10.0


async def apply_retention(app: App[Any], program: Program) -> None:
    """Delete what has been kept for long enough, and say how much that was; the first time, ask before that."""
    from tui_chat.ui.shared.question import Question

    policy = RetentionPolicy(program)
    if question := await asyncio.to_thread(policy.question):
        if not await app.push_screen_wait(Question(question, yes="Delete", no="Keep for now")):
            return
        await asyncio.to_thread(policy.agree)
    if said := await asyncio.to_thread(policy.apply):
        app.notify(said, timeout=SHOWN_S)
