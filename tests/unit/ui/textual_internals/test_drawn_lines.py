"""Drawn lines are few, and nothing but who drew them holds them."""

from __future__ import annotations

import gc
import weakref

from rich.segment import Segment
from textual.strip import Strip

from tui_chat.ui.textual_internals.drawn_lines import LightStrip, keep_near


class _Strip(LightStrip):
    """One that can be seen to go."""

    __slots__ = ("__weakref__",)


def test_a_line_that_a_screen_was_composed_of_goes_without_a_garbage_collection() -> None:
    gc.disable()
    try:
        strip = _Strip([Segment("a line")], 6)
        assert strip.divide([6]) == [strip]
        gone = weakref.ref(strip)
        del strip
        assert gone() is None
    finally:
        gc.enable()


def test_a_light_line_is_cut_styled_and_padded_as_any_other() -> None:
    def cut(strip: Strip) -> list[str]:
        return [part.text for part in (*strip.divide([2, 6]), strip.crop(1, 3), strip.adjust_cell_length(8))]

    assert cut(LightStrip([Segment("a line")], 6)) == cut(Strip([Segment("a line")]))


def test_lines_far_from_what_is_drawn_are_dropped_and_those_near_it_are_kept() -> None:
    lines: dict[int, Strip] = {}
    for y in range(10_000):
        keep_near(lines, y, 10)
        lines[y] = Strip.blank(1)
        assert set(range(max(y - 19, 0), y + 1)) <= set(lines)
    assert len(lines) <= 101
