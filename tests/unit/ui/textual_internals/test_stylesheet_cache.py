"""The stylesheet parses each source once, and again when the colours are others."""

from __future__ import annotations

from typing import ClassVar

import pytest
from textual.app import App, ComposeResult
from textual.color import Color
from textual.containers import Vertical
from textual.css.scalar import Scalar
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.widgets import Label

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


@pytest.fixture
def sheet() -> CachedStylesheet:
    sheet = CachedStylesheet(variables={})
    sheet.add_source(".word { color: red; } .loud .word { color: green; } #here .word { color: blue; }")
    return sheet


def _worn(sheet: Stylesheet, *, within: DOMNode) -> Color:
    word = DOMNode(classes="word")
    word._attach(within)
    sheet.apply(word)
    return word.styles.color


def test_what_is_worn_is_what_suits_the_place(sheet: CachedStylesheet) -> None:
    """Each of them twice: found, and known."""
    places = [DOMNode(), DOMNode(classes="loud"), DOMNode(id="here"), DOMNode(id="elsewhere")]
    worn = [_worn(sheet, within=place).css for place in places * 2]
    colours = [Color.parse(name).css for name in ("red", "green", "blue", "red")]
    assert worn == colours * 2


def test_a_rule_that_is_added_holds_where_others_did(sheet: CachedStylesheet) -> None:
    place = DOMNode(classes="loud")
    before = _worn(sheet, within=place)
    sheet.add_source(".loud .word { color: yellow; }", read_from=("more", ""), tie_breaker=1)
    assert (before, _worn(sheet, within=place)) == (Color.parse("green"), Color.parse("yellow"))


def test_all_rules_are_looked_at_once_for_a_place(sheet: CachedStylesheet, monkeypatch: pytest.MonkeyPatch) -> None:
    _worn(sheet, within=DOMNode(id="first"))
    monkeypatch.delattr(Stylesheet, "_check_rule")
    assert _worn(sheet, within=DOMNode(id="second")) == Color.parse("red")


class _Page(DOMNode):
    COMPONENT_CLASSES: ClassVar[set[str]] = {"word"}


def test_the_parts_of_a_node_wear_what_suits_its_place_now(sheet: CachedStylesheet) -> None:
    within, page = DOMNode(), _Page()
    page._attach(within)
    worn = []
    for loud in (False, True, False):
        within.set_class(loud, "loud")
        sheet.apply(page)
        worn.append(page.get_component_styles("word").color)
    assert worn == [Color.parse(name) for name in ("red", "green", "red")]


def test_a_width_in_percent_is_the_same_found_and_known() -> None:
    sheet = CachedStylesheet(variables={})
    sheet.add_source(".half { height: 50%; }")
    found, known = DOMNode(classes="half"), DOMNode(classes="half")
    sheet.apply(found)
    sheet.apply(known)
    assert known.styles.height == found.styles.height != Scalar.parse("50%")


class _Form(App[None]):
    CSS = "Label { color: red; } Label:disabled { color: blue; }"

    def __init__(self) -> None:
        super().__init__()
        self.stylesheet = CachedStylesheet(variables=self.get_css_variables())

    def compose(self) -> ComposeResult:
        yield Vertical(Label("Name"))


async def test_all_that_is_in_what_is_disabled_wears_that_and_lays_it_off_again() -> None:
    async with _Form().run_test() as pilot:
        form, label = pilot.app.query_one(Vertical), pilot.app.query_one(Label)
        worn = [label.styles.color]
        for disabled in (True, False):
            form.disabled = disabled
            await pilot.pause()
            worn.append(label.styles.color)
    assert worn == [Color.parse(name) for name in ("red", "blue", "red")]
