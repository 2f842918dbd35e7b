"""Code that is not wrapped: what is in sight of it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style

from tests.unit.ui.messages.test_text_selection import LOOK
from tui_chat.rendering.document import Document
from tui_chat.text import cell_len
from tui_chat.ui.messages.sideways_code import first_in_sight, part_in_sight, shift_for, strip_of

UNWRAPPED = replace(LOOK, wrap_code=False)
LONG = "```python\nshort = 1\nvalue = '" + "0123456789" * 12 + "'\n```\n\nText below."


def shown(parts: list[list[Segment]]) -> str:
    """Return the text of a line."""
    return "".join(segment.text for part in parts for segment in part)


def test_a_line_of_code_is_one_row_however_long_it_is() -> None:
    wrapped, unwrapped = Document(40, LOOK), Document(40, UNWRAPPED)
    for document in (wrapped, unwrapped):
        document.append(LONG)
        document.finish()
    assert wrapped.height > unwrapped.height
    assert unwrapped.line(2).text.strip() == "value = '" + "0123456789" * 12 + "'"
    assert unwrapped.sideways_margin(2) == 1
    assert unwrapped.sideways_margin(0) is unwrapped.sideways_margin(4) is wrapped.sideways_margin(2) is None
    [hit] = unwrapped.find("89'")
    assert hit.line == 2
    assert unwrapped.source_between((2, hit.start), (2, hit.end)) == "89'"
    wrapped.restyle(UNWRAPPED)
    assert [wrapped.line(y).text for y in range(wrapped.height)] == [
        unwrapped.line(y).text for y in range(unwrapped.height)
    ]


def test_marks_say_where_there_is_more() -> None:
    line = [Segment(" "), Segment("abcdefghij")]
    assert shown(part_in_sight(line, 1, 0, 6, LOOK)).rstrip() == " abcd›"
    assert shown(part_in_sight(line, 1, 3, 6, LOOK)).rstrip() == "‹defg›"
    assert shown(part_in_sight(line, 1, 5, 6, LOOK)).rstrip() == "‹fghij"
    assert shown(part_in_sight(line, 1, 3, 6, replace(LOOK, ascii=True))).rstrip() == "<defg>"
    assert shown(part_in_sight([Segment(" "), Segment("ab")], 1, 3, 6, LOOK)).strip("‹") == " " * 5


@given(st.text("ab漢👩é \t", max_size=40), st.integers(0, 50), st.integers(1, 30), st.integers(0, 3))
def test_what_is_in_sight_is_never_wider_than_there_is_room(text: str, shift: int, width: int, margin: int) -> None:
    line = [Segment(" " * margin), Segment(text.expandtabs(4))]
    parts = part_in_sight(line, margin, shift, width, LOOK)
    assert cell_len(shown(parts)) <= max(width, margin)
    strip = strip_of(parts, first_in_sight(line, margin, shift), 0, Style(), width)
    assert strip.cell_length == width


@given(st.integers(0, 120), st.integers(0, 120))
def test_the_cursor_is_brought_into_sight(x: int, shift: int) -> None:
    text = " " + "x" * 120
    moved = shift_for(text, x, 1, shift, 40)
    assert moved <= max(x - 1, 0) < moved + 38 or x == 0
    assert shift_for(text, x, 1, moved, 40) == moved or x == 0
