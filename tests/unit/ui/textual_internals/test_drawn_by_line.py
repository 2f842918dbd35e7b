"""A widget that is drawn by line draws the lines that have changed, and hands out the others as they were."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Region, Size
from textual.strip import Strip

from tui_chat.ui.textual_internals.drawn_lines import DrawnByLine


class _Lines(DrawnByLine):
    """Lines of their numbers."""

    count = 3

    def __init__(self) -> None:
        super().__init__(id="lines")
        self.asked: list[int] = []

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return their count."""
        return self.count

    def content_line(self, y: int) -> list[Segment]:
        """Return a number."""
        self.asked.append(y)
        return Segment.adjust_line_length([Segment(str(y))], self.size.width)

    def render_line(self, y: int) -> Strip:
        """Return the same."""
        return Strip(self.content_line(y))

    def drawn(self) -> list[str]:
        """Return all lines as they are handed out, and forget which were drawn before."""
        self.asked.clear()
        return [strip.text for strip in self.render_lines(self.outer_size.region)]


class _App(App[None]):
    CSS = "_Lines { width: 6; height: auto; padding: 0 1; border-left: outer red; }"

    def compose(self) -> ComposeResult:
        """Yield them."""
        yield _Lines()


async def test_of_a_widget_that_grows_the_lines_that_have_changed_are_drawn_alone() -> None:
    async with _App().run_test() as pilot:
        lines = pilot.app.query_one(_Lines)
        assert lines.drawn() == ["▌ 0   ", "▌ 1   ", "▌ 2   "]
        lines.count = 5
        lines.refresh(Region(0, 2, 3, 3), layout=True)
        await pilot.pause()
        assert lines.drawn()[-1] == "▌ 4   "
        assert not lines.asked
        lines.refresh(Region(0, 1, 3, 1))
        lines.drawn()
        assert lines.asked == [1]


@pytest.mark.parametrize(("name", "value"), [("background", "red"), ("text_opacity", 0.5), ("padding", (1, 1))])
async def test_lines_are_as_textual_would_draw_them_whatever_their_style_is(name: str, value: object) -> None:
    async with _App().run_test() as pilot:
        lines = pilot.app.query_one(_Lines)
        lines.drawn()
        setattr(lines.styles, name, value)
        await pilot.pause()
        drawn = lines.render_lines(lines.outer_size.region)
        usual = lines._styles_cache.render_widget(lines, lines.outer_size.region)
        assert [list(strip) for strip in drawn] == [list(strip) for strip in usual]
