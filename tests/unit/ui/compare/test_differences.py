"""The differences between two texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_chat.ui.compare.differences import Stretch, differences


def marked(stretches: list[Stretch]) -> list[str]:
    return [one.text for one in stretches if one.differs]


def test_words_differ_one_by_one() -> None:
    left, right = map(list, differences("A list is enough here.", "An array is enough there."))
    assert marked(left) == ["A", "list", "here"]
    assert marked(right) == ["An", "array", "there"]


def test_lines_of_code_differ_as_wholes() -> None:
    code = "So:\n```python\nx = 1\n{}\n```\nDone."
    left, right = map(list, differences(code.format("y = 2"), code.format("y = 3")))
    assert marked(left) == ["y = 2\n"]
    assert marked(right) == ["y = 3\n"]


def test_what_only_one_has_is_marked_there() -> None:
    left, right = map(list, differences("Yes.", "Yes. And no."))
    assert (marked(left), marked(right)) == ([], [" And no."])


@given(st.text(), st.text())
def test_nothing_of_either_text_is_lost(left: str, right: str) -> None:
    found = differences(left, right)
    assert ["".join(one.text for one in side) for side in found] == [left, right]
