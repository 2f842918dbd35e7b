"""A frame that is drawn at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from tui_chat.ui.textual_internals.append_only import AppendOnly
from tui_chat.ui.textual_internals.repaint import draw_frame


class Text(Static, AppendOnly):
    """A text of which each frame is drawn at once."""

    def change(self, text: str, *, complete: bool = True) -> Callable[[], bool]:
        """Return what changes it."""

        def put() -> bool:
            self.update(text)
            return complete

        return put


class OneText(App[None]):
    """A text that grows in a list."""

    def compose(self) -> ComposeResult:
        """Yield the list."""
        with VerticalScroll():
            yield Text("one")
            yield Text("below")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The frames, as they are drawn."""
    frames = list[object]()
    monkeypatch.setattr(OneText, "_display", lambda _app, _screen, frame: frames.append(frame))
    return frames


async def test_a_frame_is_drawn_at_once_and_once_only(drawn: list[object]) -> None:
    async with OneText().run_test() as pilot:
        await pilot.pause()
        drawn.clear()
        text = pilot.app.query(Text).first()
        draw_frame(text, text.change("two"))
        assert len(drawn) == 1
        await pilot.pause()
        assert drawn == drawn[:1]


async def test_what_has_grown_is_laid_out_at_once(drawn: list[object]) -> None:
    async with OneText().run_test() as pilot:
        await pilot.pause()
        drawn.clear()
        first, below = pilot.app.query(Text)
        draw_frame(first, first.change("two\nlines"))
        assert below.region.y == 2
        assert len(drawn) == 1


async def test_what_is_not_complete_is_drawn_in_a_turn_of_its_own(drawn: list[object]) -> None:
    async with OneText().run_test() as pilot:
        await pilot.pause()
        drawn.clear()
        text = pilot.app.query(Text).first()
        draw_frame(text, text.change("two", complete=False))
        assert drawn == []
        refreshed = asyncio.Event()
        pilot.app.screen.call_after_refresh(refreshed.set)
        await refreshed.wait()
        assert drawn


async def test_nothing_is_drawn_below_a_dialog(drawn: list[object]) -> None:
    async with OneText().run_test() as pilot:
        text = pilot.app.query(Text).first()
        await pilot.app.push_screen(Screen())
        drawn.clear()
        draw_frame(text, text.change("two"))
        assert drawn == []
