"""A frame that is drawn at once."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from tui_chat.ui.textual_internals.repaint import draw_frame


class OneText(App[None]):
    """A text that grows in a list."""

    def compose(self) -> ComposeResult:
        """Yield the list."""
        with VerticalScroll():
            yield Static("one")
            yield Static("below")


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
        text = pilot.app.query(Static).first()
        text.update("two", layout=False)
        draw_frame(text)
        assert len(drawn) == 1
        await pilot.pause()
        assert [frame for frame in drawn if frame is not None] == drawn[:1]


async def test_what_has_grown_is_laid_out_at_once(drawn: list[object]) -> None:
    async with OneText().run_test() as pilot:
        await pilot.pause()
        drawn.clear()
        first, below = pilot.app.query(Static)
        first.update("two\nlines")
        draw_frame(first)
        assert below.region.y == 2
        assert len(drawn) == 1


async def test_nothing_is_drawn_below_a_dialog(drawn: list[object]) -> None:
    async with OneText().run_test() as pilot:
        text = pilot.app.query(Static).first()
        await pilot.app.push_screen(Screen())
        drawn.clear()
        text.update("two")
        draw_frame(text)
        assert drawn == []
