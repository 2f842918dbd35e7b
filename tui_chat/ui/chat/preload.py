"""Loading of what the first paint does not need: the parser of Markdown, the SDK, lexers, screens that a key opens."""

from __future__ import annotations

import asyncio
from importlib import import_module

from tui_chat.interpreter import give_memory_back
from tui_chat.program.parts import Parts

OPENED_BY_KEYS = (
    "settings.screen",
    "conversations.screen",
    "chat.model_picker",
    "composer.prompt_search",
    "statistics.screen",
    "help.screen",
)


async def preload_rest(parts: Parts) -> None:
    """Load it in the background; return once the SDK is there, or cannot be loaded."""
    await asyncio.to_thread(import_module, "tui_chat.rendering.document")
    sdk = await asyncio.to_thread(parts.requests.preload)
    sdk.add_done_callback(lambda _: preload_screens())
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
