"""The stylesheet parses each source once, and again when the colours are others."""

from __future__ import annotations

from textual.color import Color

from tui_chat.ui.textual_internals.stylesheet_cache import CachedStylesheet


def test_what_was_parsed_stays_until_the_colours_change() -> None:
    sheet = CachedStylesheet(variables={"ink": "red"})
    sheet.add_source("Input { color: $ink; }", read_from=("one", ""))
    (first,) = sheet.rules
    sheet.add_source("Button { color: $ink; }", read_from=("two", ""))
    sheet.set_variables({"ink": "red"})
    sheet.reparse()
    again, second = sheet.rules
    assert again is first
    sheet.set_variables({"ink": "blue"})
    sheet.reparse()
    assert [rule.styles.color for rule in (first, second, *sheet.rules)] == [
        Color.parse(name) for name in ("red", "red", "blue", "blue")
    ]


def test_what_was_parsed_with_the_same_colours_is_there_again() -> None:
    sheet = CachedStylesheet(variables={"ink": "green"})
    sheet.add_source("Input { color: $ink; }", read_from=("one", ""))
    (first,) = sheet.rules
    sheet.set_variables({"ink": "yellow"})
    sheet.reparse()
    (other,) = sheet.rules
    sheet.set_variables({"ink": "green"})
    sheet.reparse()
    assert sheet.rules[0] is first is not other
