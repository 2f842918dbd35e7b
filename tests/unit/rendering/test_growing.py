"""A text that is still coming looks calm: nothing is shown that is soon taken away."""

from __future__ import annotations

import pytest

from tui_chat.rendering import Look
from tui_chat.rendering.document import Document

LOOK = Look.default(dark=True)


def so_far(text: str, width: int = 40) -> list[str]:
    document = Document(width, LOOK)
    for character in text:
        document.append(character)
    return [document.line(y).text.rstrip() for y in range(document.height)]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a **b", ["a b"]),
        ("a **", ["a"]),
        ("a *b **c", ["a b c"]),
        ("a `b", ["a b"]),
        ("a ``b` c", ["a b` c"]),
        ("a ~~b", ["a b"]),
        ("a [b", ["a b"]),
        ("a [b](http://c", ["a b"]),
        ("a ![b](http://c", ["a ▣ b"]),
        ("a \\(x^", ["a x^"]),
        ("a &am", ["a"]),
        ("#", []),
        ("# a", ["a", "─" * 40]),
        ("a\n--", ["a"]),
        ("a\n\n-", ["a"]),
        ("- ", []),
        ("- [x", [" •"]),
        ("- [x] a", [" ☑ a"]),
        ("12", []),
        ("12. a", ["12. a"]),
        ("``", []),
        ("```py\nx", [" py", " x"]),
        ("```py\nx\n``", [" py", " x"]),
        ("> ", []),
        ("|", []),
        ("| a | b", ["a │ b", "──┼──"]),
        ("| a | b |\n|--", ["a │ b", "──┼──"]),
        ("| a | b |\n|---|---|\n| c", ["a │ b", "──┼──", "c │"]),
        ("| a | b |\n|---|---|\n| c | d e f", ["a │ b", "──┼──", "c │ d"]),
        ("a[^1", ["a"]),
        ("a[^1]", ["a¹"]),
        ("[a]:", []),
        ("[a]", ["a"]),
        ("[a](b", ["a"]),
    ],
)
def test_what_is_half_written_is_shown_like_this(text: str, lines: list[str]) -> None:
    assert so_far(text) == lines


def test_a_mark_that_nothing_ended_is_shown_at_the_end() -> None:
    document = Document(40, LOOK)
    document.append("2 **3 is `4")
    assert document.line(0).text == "2 3 is 4"
    document.finish()
    assert document.line(0).text == "2 **3 is `4"


def test_a_mark_that_is_far_back_meant_nothing() -> None:
    assert so_far("*" + "word " * 40)[0].startswith("*word")


def test_lines_of_a_growing_reply_are_only_added_to() -> None:
    text = (
        "## Plan\n\nThis is **quite** a `plan`, see [here](http://a.b):\n\n1. do *this*\n2. then\n   ```sh\n   ls\n"
        "   ```\n\n> well\n\n- [ ] a\n- [x] b\n\nA sum: \\(a_1^2\\).\n\n```py\ndef f():\n    return 1\n```\n\nDone[^1]."
        "\n\n[^1]: So.\n"
    )
    document = Document(30, LOOK)
    before: list[str] = []
    for character in text:
        document.append(character)
        now = [document.line(y).text.rstrip() for y in range(document.height)]
        assert all(line.startswith(old) for old, line in zip(before[:-1], now, strict=False))
        before = now


def test_columns_only_grow_and_not_while_a_cell_is_written() -> None:
    document = Document(40, LOOK)
    widths = []
    for character in "| a | b |\n|---|---|\n| cc | dd ee |\n| ffffff | g |\n| h | i |\n":
        document.append(character)
        if document.height > 1:
            widths.append([len(part) for part in document.line(1).text.split("┼")])
    assert widths == sorted(widths)
    assert len({tuple(width) for width in widths}) <= 5


def test_what_changed_is_told_once() -> None:
    document = Document(40, LOOK)
    document.append("a\n\nb\n\nc")
    assert document.take_changed() == 0
    assert document.take_changed() == document.height == 5
    document.append("d")
    assert document.take_changed() == 4
