"""Text that is shown can be searched, and copied as the Markdown that it came from."""

from __future__ import annotations

import pytest

from tui_chat.rendering import Look
from tui_chat.rendering.document import Document

LOOK = Look.default(dark=True)
TEXT = """## Head

One **bold word** and `code`, which wraps on to a second line.

- item [link](http://a.b)
- last

```py
x = 1
y = 2
```

| a | b |
|---|---|
| cell | other |
"""


def document(text: str = TEXT, width: int = 40) -> Document:
    made = Document(width, LOOK)
    made.append(text)
    made.finish()
    return made


def place(made: Document, part: str) -> tuple[int, int]:
    return next((y, made.line(y).text.index(part)) for y in range(made.height) if part in made.line(y).text)


@pytest.mark.parametrize("query", ["Head", "bold word", "BOLD", "item", "link", "x = 1", "cell", "other", "a.b"])
def test_what_is_shown_is_found(query: str) -> None:
    made = document()
    hits = made.find(query)
    assert [made.line(hit.line).text[hit.start : hit.end].casefold() for hit in hits] == [query.casefold()]


@pytest.mark.parametrize("query", ["is fast and safe", "safe, they say", "say. So"])
def test_numbers_of_sources_part_no_words(query: str) -> None:
    assert len(document("It is fast[1] and safe[1][12], they say[2]. So be it.").find(query)) == 1


def test_a_hit_may_run_over_the_end_of_a_line() -> None:
    made = document()
    (hit,) = made.find("which wraps on to a")
    assert (hit.line, hit.end_line) == (2, 3)
    assert made.line(2).text[hit.start :] + " " + made.line(3).text[: hit.end] == "which wraps on to a"


@pytest.mark.parametrize("query", ["", " ", "nowhere", "**"])
def test_what_is_not_shown_is_not_found(query: str) -> None:
    assert document().find(query) == []


def test_hits_are_marked_until_they_are_taken_back() -> None:
    made = document("say so, and say it so")
    plain = made.line(0)
    made.highlight(made.find("say"), 1)
    marked = [(segment.text, segment.style) for segment in made.line(0).segments]
    assert [text for text, _ in marked] == ["say", " so, and ", "say", " it so"]
    assert marked[0][1] == LOOK.text + LOOK.hit
    assert marked[2][1] == LOOK.text + LOOK.current_hit
    assert made.take_changed() == 0
    made.highlight(())
    assert made.line(0) == plain


def test_a_resize_forgets_the_hits() -> None:
    made = document("say so")
    made.highlight(made.find("so"))
    made.resize(20)
    assert len(made.line(0).segments) == 1


@pytest.mark.parametrize(
    ("begin", "end", "source"),
    [
        ("bold", "word", "bold "),
        ("One", "code", "One **bold word** and `"),
        ("code", "second", "code`, which wraps on to a "),
        ("item", "last", "item [link](http://a.b)\n- "),
        ("x = 1", "y = 2", "x = 1\n"),
        ("cell", "other", "cell | "),
    ],
)
def test_a_selection_is_copied_as_its_source(begin: str, end: str, source: str) -> None:
    made = document()
    start = place(made, begin)
    assert made.source_between(start, place(made, end)) == source


def test_whole_blocks_are_copied_with_their_marks() -> None:
    made = document()
    assert made.source_between((0, 0), (made.height, 0)) == TEXT
    assert made.source_between((0, 0), (0, 4)) == "## Head"
    assert made.source_between((5, 0), (6, 7)) == "- item [link](http://a.b)\n- last"
    label, _ = place(made, "py")
    assert made.source_between((label, 0), (label + 2, 40)) == "```py\nx = 1\ny = 2\n```"


def test_a_line_of_code_that_is_wrapped_is_marked_where_it_goes_on_and_copied_as_one() -> None:
    code = "the_result = some_function(first_argument, second_argument)  # of a few"
    made = Document(30, LOOK)
    made.append(f"```py\n{code}\nlast\n```")
    made.finish()
    rows = [made.line(y).text for y in range(1, made.height - 1)]
    assert [row[:1] for row in rows] == [" ", "↪", "↪"]
    assert "".join(row[1:-1] for row in rows).rstrip() == code
    assert made.source_between((1, 5), (3, 40)) == code[4:]
    assert made.code_blocks[0].text == f"{code}\nlast"


def test_lines_of_code_are_copied_without_the_fence() -> None:
    made = document()
    row, _ = place(made, "x = 1")
    assert made.source_between((row, 0), (row + 1, 40)) == "x = 1\ny = 2"


def test_a_selection_may_be_made_backwards() -> None:
    made = document("one two")
    assert made.source_between((0, 7), (0, 4)) == "two"
