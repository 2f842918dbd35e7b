"""The scroll bar has the rows that Textual's own has, wherever the list is scrolled to."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widget import Widget
from textual.widgets import Static

from tui_chat.ui.textual_internals.scroll_anchor import ScrollAnchor


class _App(App[None]):
    def compose(self) -> ComposeResult:
        """Yield a list of many lines."""
        with ScrollAnchor():
            yield Static("\n".join(map(str, range(200))))


async def test_a_scroll_bar_is_drawn_as_textual_would() -> None:
    async with _App().run_test(size=(40, 20)) as pilot:
        scrolled = pilot.app.query_one(ScrollAnchor)
        bar = scrolled.vertical_scrollbar
        for line in (0, 3, 90, 180):
            scrolled.scroll_to(y=line, animate=False)
            await pilot.pause()
            region = bar.outer_size.region
            usual = Widget.render_lines(bar, region)
            assert [strip.text for strip in bar.render_lines(region)] == [strip.text for strip in usual]
            for row, other in zip(bar.render_lines(region), usual, strict=True):
                for mine, its in zip(row, other, strict=True):
                    assert mine.style is not None
                    assert its.style is not None
                    assert (mine.style.color, mine.style.bgcolor) == (its.style.color, its.style.bgcolor)
                    assert (mine.style.reverse, mine.style.meta) == (its.style.reverse, its.style.meta)
