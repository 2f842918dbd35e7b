"""Finished lines are handed out again until what they were made of has changed."""

from __future__ import annotations

from textual._styles_cache import StylesCache
from textual.geometry import Region
from textual.strip import Strip

from tui_chat.ui.textual_internals.drawn_lines import FinishedLines

LINES = range(4)


def _finished(cache: StylesCache) -> FinishedLines:
    finished = FinishedLines(cache)
    finished.wear("some looks")
    cache._cache.update({y: Strip.blank(y + 1) for y in LINES})
    finished.keep(0, [Strip.blank(9) for _ in LINES])
    return finished


def test_lines_that_have_not_changed_are_not_drawn_again() -> None:
    finished = _finished(StylesCache())
    assert not finished.stale(LINES)
    assert [strip.cell_length for strip in finished.lines(LINES)] == [9] * len(LINES)


def test_only_the_lines_from_the_first_to_the_last_that_has_changed_are_drawn() -> None:
    cache = StylesCache()
    finished = _finished(cache)
    cache.set_dirty(Region(0, 1, 9, 1))
    cache._cache[2] = Strip([])
    assert finished.stale(range(6)) == range(1, 6)
    assert finished.stale(LINES) == range(1, 3)


def test_no_line_is_right_once_the_widget_or_its_looks_have_changed() -> None:
    cache = StylesCache()
    finished = _finished(cache)
    finished.wear("some looks")
    assert not finished.stale(LINES)
    finished.wear("others")
    assert finished.stale(LINES) == LINES
    finished = _finished(cache)
    cache.clear()
    assert finished.stale(LINES) == LINES


def test_one_line_that_is_asked_for_leaves_the_others_in_sight() -> None:
    cache = StylesCache()
    finished = FinishedLines(cache)
    cache._cache.update({y: Strip.blank(y + 1) for y in range(60)})
    finished.keep(0, [Strip.blank(9) for _ in range(60)])
    finished.lines(range(59, 60))
    assert not finished.stale(range(20, 60))
