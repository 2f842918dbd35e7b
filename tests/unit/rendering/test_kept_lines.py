"""A line that is read is found again at another width, and in a text that grows."""

from __future__ import annotations

import pytest

from tui_chat.rendering import Look
from tui_chat.rendering.document import Document

TEXT = """\
# The title

Some words that are wrapped in a narrow terminal, and some more of them.

- an item that is wrapped, too, as it has words enough for that
- another

| Name | What is said of it in words enough to be wrapped |
|------|--------------------------------------------------|
| ant  | small, and many of them live in one hill together |
|      | nobody knows its name, though it is often seen |

```py
ant = "a line of code that is wrapped where there is not room enough"
```
"""
WORDS = ("title", "narrow", "more", "too,", "another", "hill", "often", "room")
"""Words that stand in one line each."""
WIDTHS = (24, 40, 80)


def laid_out(text: str, width: int) -> Document:
    document = Document(width, Look.default(dark=True))
    document.append(text)
    document.finish()
    return document


def line_with(document: Document, word: str) -> int:
    (found,) = (y for y in range(document.height) if word in document.line(y).text)
    return found


@pytest.mark.parametrize("other", WIDTHS)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_line_is_found_again_at_another_width(width: int, other: int) -> None:
    before, after = laid_out(TEXT, width), laid_out(TEXT, other)
    for word in WORDS:
        place = before.place_of(line_with(before, word))
        assert before.line_of(place) == line_with(before, word)
        assert after.place_of(after.line_of(place)) <= place <= TEXT.index(word)
        assert after.line_of(place) <= line_with(after, word) <= after.line_of(place) + 4


def test_a_line_is_found_again_while_all_is_wrapped_anew_and_more_comes() -> None:
    document = Document(80, Look.default(dark=True), paced=True)
    document.append("".join(f"Paragraph {number} " + "of words " * 40 + "\n\n" for number in range(300)))
    document.advance()
    place = document.place_of(line_with(document, "Paragraph 150 "))
    document.resize(50)
    document.append("More of it. " * 2_000)
    while not document.advance(lambda: False):
        assert document.line(document.line_of(place)).text.startswith("Paragraph 150 ")


def test_a_text_with_a_large_table_stays_while_it_is_laid_out_anew_before_it_is_whole() -> None:
    document = Document(80, Look.default(dark=True), paced=True)
    document.append("A row follows another:\n\n| A | B |\n|---|---|\n" + "| one | two |\n" * 2_000)
    while document.height < 1_500:
        document.advance(lambda: False)
    place = document.place_of(1_400)
    document.resize(60)
    while not document.advance(lambda: False):
        assert document.line_of(place) == 1_400
    assert (document.width, document.line_of(place)) == (60, 1_400)


def test_what_is_copied_from_an_empty_cell_on_is_the_rest_of_the_table() -> None:
    document = laid_out("| A | B |\n|---|---|\n|  | two |\n| three | four |", 40)
    assert document.source_between((2, 0), (3, 40)).endswith(" | two |\n| three | four |")
