"""What is not in sight is not held: lines that were drawn, and conversations that were left."""

from __future__ import annotations

import gc
import weakref

import pytest
from textual._compositor import CompositorUpdate

from tests.ui.conftest import Opener
from tui_chat.ui.app import TuiChatApp
from tui_chat.ui.messages.sections import TextSection
from tui_chat.ui.textual_internals.compositor import CACHES, MOST_KEPT


@pytest.fixture(autouse=True)
def frames() -> None:
    """Each is drawn: what that leaves behind is what this is about."""


async def test_a_conversation_that_is_left_is_let_go_of(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 500\nSomething long")
        gone = weakref.ref(next(each.document for each in stage.reply.stack.sections if isinstance(each, TextSection)))
        await stage.pilot.press("ctrl+n")
        await stage.until(lambda: not stage.list.widgets)

        def let_go() -> bool:
            gc.collect()
            return gone() is None

        await stage.until(let_go)


async def test_of_a_reply_that_was_read_from_end_to_end_a_few_screens_are_kept(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_chat.ui.textual_internals.drawn_lines.SCREENFUL", 20)
    async with opened(size=(80, 24)) as stage:
        await stage.ask("/tokens 5000\nSomething long")
        await stage.until(lambda: not stage.reply.busy)
        assert stage.reply.stack.height > 400
        while stage.list.scroll_y > 0:
            stage.list.scroll_relative(y=-20, animate=False)
            await stage.pilot.pause()
        assert len(stage.reply._drawn) < 250
        assert not stage.reply._styles_cache._cache


async def test_the_places_that_text_has_grown_through_are_not_held(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    def display(app: TuiChatApp, _screen: object, update: object) -> None:
        if isinstance(update, CompositorUpdate):
            update.render_segments(app.console)

    monkeypatch.setattr(TuiChatApp, "_display", display)
    async with opened() as stage:
        await stage.ask("/rate 500\n/tokens 1000\nSomething long")
        await stage.until(lambda: not stage.reply.busy)
    assert max(cache.cache_info().currsize for cache in CACHES) < 2 * MOST_KEPT
