"""The cursor in a message's text: it stays within it, and where it was in the source when the lines change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.ui.messages.test_text_selection import LOOK, PALETTE, reply_stack
from tui_chat.text import graphemes
from tui_chat.ui.chat.keyboard_selection import KeyboardSelection, Unit
from tui_chat.ui.messages.message_sections import HeaderSection
from tui_chat.ui.messages.section_stack import SectionStack
from tui_chat.ui.messages.sections import TextSection

KEYS = ("h", "j", "k", "l", "w", "b", "e", "0", "^", "$", "gg", "G", "{", "}")
TABLE = "| a | b |\n| --- | --- |\n| one | 漢字 |\n\n- item 👩‍👩‍👧\n  - `code` **bold**"
TABLE += "\n\n```python\nx = 1\n\n\ty = 2\n```\n\nThe end."


def stack_of(text: str, width: int = 30) -> tuple[SectionStack, TextSection]:
    """Return the lines of a reply with this text."""
    stack = SectionStack()
    stack.begin(HeaderSection(width, PALETTE, "Claude"))
    section = TextSection(width, LOOK)
    section.document.append(text)
    stack.add(section)
    stack.advance(lambda: True)
    return stack, section


def line(stack: SectionStack, y: int) -> str:
    """Return the text of a line."""
    return "".join(segment.text for segment in stack.line(y)).rstrip()


@given(st.lists(st.sampled_from(KEYS), max_size=30), st.sampled_from(Unit))
def test_the_cursor_stays_on_whole_characters_of_the_text(keys: list[str], unit: Unit) -> None:
    stack, _ = stack_of(TABLE)
    selection = KeyboardSelection(stack, 1)
    for at, key in enumerate(keys):
        if at == len(keys) // 2:
            selection.begin(unit.value)
        selection.move(key)
        y, x = selection.cursor
        assert stack.first_line <= y < stack.height
        assert x in {0, len(line(stack, y)), *(start for start, _, _ in graphemes(line(stack, y)))}
    assert isinstance(selection.source, str)
    selection.follow()


@given(st.integers(0, len(TABLE)), st.lists(st.sampled_from(KEYS), max_size=8))
def test_it_stays_at_its_place_in_the_source_while_more_comes(cut: int, keys: list[str]) -> None:
    settled = "First *paragraph* that has come.\n\nSecond one.\n\n"
    stack, section = stack_of(settled + TABLE[:cut])
    selection = KeyboardSelection(stack, 1)
    selection.begin("lines")
    before = selection.source
    section.document.append(TABLE[cut:])
    stack.expect(section)
    stack.advance(lambda: True)
    selection.follow()
    assert selection.source == before
    for key in keys:
        selection.move(key)


@pytest.mark.parametrize("width", [12, 20, 60])
def test_it_stays_at_its_place_in_another_width(width: int) -> None:
    stack, section = stack_of("Some words that are wrapped in one way or in another, whatever is wide.")
    selection = KeyboardSelection(stack, 1)
    for key in "wwwwww":
        selection.move(key)
    selection.begin("words")
    before = selection.source
    section.resize(width)
    stack.expect(section)
    stack.advance(lambda: True)
    selection.follow()
    assert selection.source == before == "one"


def test_a_code_block_is_taken_as_its_code_alone() -> None:
    stack, _ = stack_of(TABLE)
    selection = KeyboardSelection(stack, 1)
    assert selection.select_code()
    assert selection.source == "x = 1\n\n\ty = 2"
    selection.move("G")
    assert not selection.select_code()


def test_what_is_selected_is_copied_as_markdown() -> None:
    stack, _ = stack_of(TABLE)
    selection = KeyboardSelection(stack, 1)
    selection.begin("lines")
    selection.move("G")
    assert selection.source == TABLE


def test_a_reply_with_thinking_is_walked_through_from_its_first_line_to_its_last_and_back() -> None:
    stack = reply_stack()
    lines = [y for y in range(stack.first_line, stack.height) if stack.locate(y) is not None]
    selection = KeyboardSelection(stack, 1)
    down, up = [], []
    for _ in lines:
        down.append(selection.cursor[0])
        selection.move("j")
    for _ in lines:
        up.append(selection.cursor[0])
        selection.move("k")
    assert down == up[::-1] == lines
