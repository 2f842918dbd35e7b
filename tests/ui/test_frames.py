"""Every frame of the app, in a terminal that is sent all of it and in one that is sent as little as it needs."""

from __future__ import annotations

import pytest
from rich.control import Control
from textual._compositor import CompositorUpdate

from tests.terminal_pair import BothTerminals
from tests.ui.conftest import Opener
from tui_chat.ui.app import TuiChatApp

SIZE = (80, 24)


@pytest.fixture(autouse=True)
def frames() -> None:
    """Each is drawn: it is what this is about."""


async def test_every_frame_shows_the_same_however_little_of_it_is_written(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    both, wrote = BothTerminals(*SIZE), [0, 0]

    def display(app: TuiChatApp, _screen: object, update: object) -> None:
        if isinstance(update, CompositorUpdate):
            frame = update.render_segments(app.console) + Control.move_to(*app.cursor_position).segment.text
            both.write(frame)
            wrote[:] = wrote[0] + len(frame), wrote[1] + both.written

    monkeypatch.setattr(TuiChatApp, "_display", display)
    async with opened(size=SIZE) as stage:
        await stage.send("/rate 300\n/tokens 300\nA table, some Python and 漢字")
        await stage.until(lambda: len(stage.messages) == 2)
        await stage.pilot.press("pageup", "pageup", "pagedown", "a", "ctrl+end")
        await stage.ready()
        await stage.pilot.press("pageup", "pagedown", "pageup", "home", "backspace", "end")
        for key in ("f1", "ctrl+p", "f2", "ctrl+o"):
            await stage.pilot.press(key, "escape")
        await stage.pilot.press("ctrl+f", "e", "enter", "escape")
        await stage.until(lambda: len(stage.app.screen_stack) == 1)
    assert wrote[1] < wrote[0]
