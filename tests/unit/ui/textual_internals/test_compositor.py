"""The frames add up to the screen, also where Textual's own comparison would find nothing new."""

from __future__ import annotations

import pyte
import pytest
from rich.segment import Segment
from textual._compositor import CompositorUpdate
from textual.app import App, ComposeResult
from textual.geometry import Region, Size
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip

from tui_chat.ui.textual_internals.append_only import AppendOnly
from tui_chat.ui.textual_internals.compositor import SparingScreen
from tui_chat.ui.textual_internals.scroll_anchor import ScrollAnchor

SIZE = (40, 12)


class _Lines(AppendOnly):
    DEFAULT_CSS = "_Lines { height: auto; }"
    count = 30

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the number of lines."""
        return self.count

    def render_line(self, y: int) -> Strip:
        """Return one of them."""
        return Strip([Segment(f"Line {y}".ljust(self.size.width))])

    def grow(self, more: int) -> None:
        """Add lines at the end."""
        self.refresh(Region(0, self.count, self.size.width, more), layout=True)
        self.count += more


class _List(ScrollAnchor, AppendOnly):
    pass


class _App(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.terminal = pyte.Screen(*SIZE)
        self._stream = pyte.Stream(self.terminal)

    def get_default_screen(self) -> Screen[None]:
        """Return a screen of which little is drawn."""
        return SparingScreen()

    def compose(self) -> ComposeResult:
        """Yield a list of two texts."""
        with _List():
            yield _Lines()
            yield _Lines(id="last")

    def on_mount(self) -> None:
        """Follow the end."""
        self.messages.anchor()

    @property
    def messages(self) -> _List:
        """The list."""
        return self.query_one(_List)

    @property
    def whole(self) -> list[str]:
        """The screen as it is when all of it is drawn."""
        whole = pyte.Screen(*SIZE)
        update: object = self.screen._compositor.render_update(full=True)
        assert isinstance(update, CompositorUpdate)
        pyte.Stream(whole).feed(update.render_segments(self.console).replace("\n", "\r\n"))
        return list(whole.display)

    def _display(self, screen: Screen[object], renderable: object) -> None:
        if isinstance(renderable, CompositorUpdate) and not self._batch_count:
            self._stream.feed(renderable.render_segments(self.console).replace("\n", "\r\n"))


@pytest.fixture
async def pilot() -> object:
    """An app that shows a list at its end."""
    async with _App().run_test(size=SIZE) as pilot:
        pilot.app.screen.refresh()
        await pilot.pause()
        yield pilot


async def _agree(pilot: Pilot[None]) -> bool:
    await pilot.pause()
    assert isinstance(pilot.app, _App)
    return list(pilot.app.terminal.display) == pilot.app.whole


async def test_a_look_at_the_map_before_a_layout_hides_nothing_of_what_has_grown(pilot: Pilot[None]) -> None:
    last, compositor = pilot.app.query_one("#last", _Lines), pilot.app.screen._compositor
    for more in (1, 3, 40):
        last.grow(more)
        last._check_refresh()
        compositor._full_map_invalidated = True  # as after each scroll, and each change of what is out of sight
        assert compositor.full_map
        assert await _agree(pilot)


async def test_what_is_scrolled_back_in_a_layout_is_drawn_again(pilot: Pilot[None]) -> None:
    assert isinstance(pilot.app, _App)
    messages = pilot.app.messages
    messages.scroll_to(y=5, animate=False)
    assert await _agree(pilot)
    messages.scroll_end(animate=False, immediate=True)
    messages.refresh(repaint=False, layout=True)
    assert await _agree(pilot)


async def test_a_layout_that_moves_the_reader_moves_the_thumb(pilot: Pilot[None]) -> None:
    assert isinstance(pilot.app, _App)
    first, last = pilot.app.query(_Lines)
    pilot.app.messages.scroll_to(y=35, animate=False)
    assert await _agree(pilot)
    first.count, last.count = 55, 5  # as many lines as before
    first.refresh(layout=True)
    last.refresh(layout=True)
    assert await _agree(pilot)
