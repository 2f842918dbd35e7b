"""Every frame of the app, in a terminal that is sent all of it and in one that is sent as little as it needs."""

from __future__ import annotations

from collections.abc import Callable

import pyte
import pytest
from rich.control import Control
from textual._compositor import CompositorUpdate

from tests.terminal_pair import BothTerminals
from tests.ui.conftest import Opener
from tui_chat.ui.app import TuiChatApp
from tui_chat.ui.textual_internals import repaint
from tui_chat.ui.textual_internals.append_only import AppendOnly

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


async def test_what_is_written_of_each_frame_adds_up_to_the_whole_screen(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    added_up = pyte.Screen(*SIZE)
    stream = pyte.Stream(added_up)

    def display(app: TuiChatApp, _screen: object, update: object) -> None:
        if isinstance(update, CompositorUpdate):
            stream.feed(update.render_segments(app.console))

    def shown(screen: pyte.Screen) -> list[list[object]]:
        return [[screen.buffer[y][x] for x in range(SIZE[0])] for y in range(SIZE[1])]

    def whole(app: TuiChatApp) -> list[list[object]]:
        screen = pyte.Screen(*SIZE)
        update: object = app.screen._compositor.render_update(full=True)
        assert isinstance(update, CompositorUpdate)
        pyte.Stream(screen).feed(update.render_segments(app.console).replace("\n", "\r\n"))
        return shown(screen)

    monkeypatch.setattr(TuiChatApp, "_display", display)
    async with opened(size=SIZE) as stage:
        await stage.send("/rate 0\n/tokens 300\nA table, some Python and 漢字")
        await stage.until(lambda: len(stage.messages) == 2)
        await stage.ready()
        for keys in (["pageup"], ["up"], ["pageup", "pagedown"], ["a", "漢"], ["ctrl+end"], ["ctrl+f", "e", "enter"]):
            await stage.pilot.press(*keys)
            await stage.pilot.pause()
            assert shown(added_up) == whole(stage.app)


async def test_a_frame_is_drawn_with_the_text_that_comes_but_later_while_someone_types(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = list[object]()

    def draw_frame(widget: AppendOnly, change: Callable[[], bool]) -> None:
        drawn.append(widget)
        repaint.draw_frame(widget, change)

    monkeypatch.setattr("tui_chat.ui.chat.view.draw_frame", draw_frame)
    monkeypatch.setattr("tui_chat.ui.chat.view.TYPING_S", 1_000.0)
    monkeypatch.setattr("tui_chat.ui.messages.work_turns.TURN_S", 1_000.0)  # all that comes is laid out in one turn
    async with opened(size=SIZE) as stage:
        await stage.send("Hello")
        await stage.until(lambda: len(stage.messages) == 2)
        await stage.ready()
        at_once, first = len(drawn), stage.reply.message_id
        assert at_once
        await stage.pilot.press("a")
        await stage.app.session.regenerate()
        await stage.until(lambda: stage.reply.message_id != first)
        await stage.ready()
        assert len(drawn) == at_once
