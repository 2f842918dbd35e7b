"""A terminal that takes its time: what flows waits for it, so that a key does not wait behind all that was drawn."""

from __future__ import annotations

from queue import SimpleQueue
from types import SimpleNamespace

import pytest

from tests.ui.conftest import Opener


async def test_text_that_flows_waits_until_the_terminal_has_taken_the_last_frame(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames: SimpleQueue[str] = SimpleQueue()
    frames.put("a frame")
    async with opened() as stage:
        # The driver of a test has none.
        monkeypatch.setattr(stage.app._driver, "_writer_thread", SimpleNamespace(_queue=frames), raising=False)
        await stage.send("/rate 300\n/tokens 100000\nHello")
        await stage.until(lambda: stage.screen.session.live_here is not None)
        live = stage.screen.session.live_here
        assert live is not None
        await stage.until(lambda: live.buffer.reply.text_length > 500)
        assert stage.reply.source == ""
        frames.get()
        await stage.until(lambda: len(stage.reply.source) > 500)
        frames.put("another frame")
        await stage.pilot.press("escape")
        await stage.ready()
        assert len(stage.reply.source) > 500
