"""What changes twice before it is laid out."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.geometry import Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from tui_chat.ui.textual_internals.append_only import AppendOnly
from tui_chat.ui.textual_internals.layout import FreshLayout
from tui_chat.ui.textual_internals.repaint import draw_frame


class _Growing(AppendOnly):
    """Has more and more lines."""

    DEFAULT_CSS = "_Growing { height: auto; }"

    lines = 1

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self.lines

    def render_line(self, y: int) -> Strip:
        return Strip.blank(self.size.width)

    def update(self, text: str) -> None:
        """Have as many lines as a text."""
        self.lines = text.count("\n") + 1
        self.refresh(layout=True)


class _OurScreen(FreshLayout, Screen[None]):
    """Has any widget."""

    def __init__(self, shown: Widget) -> None:
        super().__init__()
        self._shown = shown

    def compose(self) -> ComposeResult:
        yield VerticalScroll(self._shown)


class _AnyScreen(Screen[None]):
    """That of another app."""

    def compose(self) -> ComposeResult:
        yield VerticalScroll(_Growing())


@pytest.mark.parametrize("screen", [_OurScreen(Static("one")), _OurScreen(_Growing()), _AnyScreen()])
async def test_it_is_as_large_as_it_became_last(screen: Screen[None]) -> None:
    async with App[None]().run_test() as pilot:
        await pilot.app.push_screen(screen)
        await pilot.pause()
        text = _grow_twice(screen)
        await pilot.pause()
        assert text.size.height == 3


async def test_it_is_as_large_in_a_frame_that_is_drawn_at_once() -> None:
    screen = _OurScreen(_Growing())
    async with App[None]().run_test() as pilot:
        await pilot.app.push_screen(screen)
        await pilot.pause()
        text = screen.query_one(_Growing)
        draw_frame(text, lambda: bool(_grow_twice(screen)))
        assert text.size.height == 3


def _grow_twice(screen: Screen[None]) -> Static | _Growing:
    """Have a text grow, and once more after all has been laid out for something else."""
    text = next(child for child in screen.query_one(VerticalScroll).children if isinstance(child, Static | _Growing))
    text.update("one\ntwo")
    screen.query_one(VerticalScroll)._clear_arrangement_cache()
    screen._refresh_layout()
    assert text.size.height == 2
    text.update("one\ntwo\nthree")
    return text
