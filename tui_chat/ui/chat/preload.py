"""Loading of what the first paint does not need: for a reply, the SDK, lexers, the palette, other screens."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from importlib import import_module

from tui_chat.interpreter import give_memory_back
from tui_chat.program.parts import Parts
from tui_chat.ui.shared.providers import Source, imported

FOR_A_REPLY = (
    "rendering.document",
    "streaming.reply_run",
    "ui.messages.user_message",
    "ui.messages.streaming_message",
)
"""Loaded first, for the first prompt may come at once."""
OPENED_BY_KEYS = (
    "settings.screen",
    "conversations.screen",
    "chat.model_picker",
    "chat.slash_commands",
    "composer.prompt_search",
    "statistics.screen",
    "help.screen",
)


async def preload_rest(parts: Parts, commands: Iterable[Source]) -> None:
    """Load it in the background, and the palette's commands; return once the SDK is there, or cannot be loaded."""
    for name in FOR_A_REPLY:
        await asyncio.to_thread(import_module, f"tui_chat.{name}")
    sdk = await asyncio.to_thread(parts.requests.preload)
    sdk.add_done_callback(lambda _: preload_screens())
    sdk.add_done_callback(lambda _: list(imported(commands)))
    sdk.add_done_callback(lambda _: _preload_lexers())
    sdk.add_done_callback(lambda _: give_memory_back())
    await asyncio.gather(asyncio.wrap_future(sdk), return_exceptions=True)


def _preload_lexers() -> None:
    from tui_chat.rendering.lexing import preload_lexers

    preload_lexers()


def preload_screens() -> None:
    """Import them in the background, for the first key to find them there."""
    for name in OPENED_BY_KEYS:
        import_module(f"tui_chat.ui.{name}")
