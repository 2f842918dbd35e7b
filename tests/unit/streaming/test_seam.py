"""The rest of a reply is spliced on without a repeated or a missing character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.demo import script_for
from tui_chat.demo.tokens import tokenise
from tui_chat.streaming.seam import Seam

CASES = [
    ("nothing before", "", "abc", "abc"),
    ("it just goes on", "one two", " three", "one two three"),
    ("it goes on inside a word", "one tw", "o three", "one two three"),
    (
        "the last words again",
        "The cat sat on the mat and",
        "sat on the mat and slept.",
        "The cat sat on the mat and slept.",
    ),
    ("the sentence again", "Hello there. How are", "How are you?", "Hello there. How are you?"),
    ("the line again", "# Title\n\nThe cat", "The cat sat.", "# Title\n\nThe cat sat."),
    ("the cut word again", "I was stre", "streaming it", "I was streaming it"),
    ("the list mark again", "list:\n- ", "- item", "list:\n- item"),
    ("the heading mark again", "text\n\n## ", "## Title", "text\n\n## Title"),
    ("a second space", "one two ", " three", "one two three"),
    ("a needless space before a stop", "one two", " .", "one two."),
    (
        "white space told otherwise",
        "alpha beta gamma\ndelta",
        "beta gamma delta epsilon",
        "alpha beta gamma\ndelta epsilon",
    ),
    ("Chinese", "今天天气很", "天气很好", "今天天气很好"),
    ("a row of dashes", "a\n-----", "-----\nb", "a\n----------\nb"),
    ("a code line twice", "```\nfoo.next()\n", "foo.next()\nbar", "```\nfoo.next()\nfoo.next()\nbar"),
    (
        "a refrain",
        "row, row, row your boat, row your boat, ",
        "row your boat",
        "row, row, row your boat, row your boat, row your boat",
    ),
    ("a refrain of one word", "location,", " location, location", "location, location, location"),
    ("the sentence again, of one letter", "So it is. A", "A window", "So it is. A window"),
    ("a number that goes on", "It was Henry V. I", "II came", "It was Henry V. III came"),
    ("the indented line again", "```\ndo:\n    SELECT", "    SELECT x", "```\ndo:\n    SELECT x"),
    ("the indentation of the next line", "```\ndo:\n", "    SELECT x", "```\ndo:\n    SELECT x"),
    (
        "a whole code line again",
        "```\nwhere paid is not null\n",
        "where paid is not null\nb",
        "```\nwhere paid is not null\nb",
    ),
    (
        "a long code line twice",
        "```\nwhere paid is not null\n",
        "\nwhere paid is not null\nb",
        "```\nwhere paid is not null\nwhere paid is not null\nb",
    ),
    ("a nested item", "- a\n", "  - b", "- a\n  - b"),
    ("the line end again", "```\ndo:\n", "\n    SELECT x", "```\ndo:\n    SELECT x"),
    ("half a code line again", "```\na = first + second\n", "first + second\nb", "```\na = first + second\nb"),
    ("the fence again", "text\n\n```", "```sql\nSELECT", "text\n\n```sql\nSELECT"),
    ("the fence and its language again", "text\n\n```sql\n", "```sql\nSELECT", "text\n\n```sql\nSELECT"),
    ("another fence", "```\na\n```", "\n\n```sql\nb", "```\na\n```\n\n```sql\nb"),
    ("an empty cell", "|", " | a | b |", "| | a | b |"),
    ("an aligned column", "| a |\n|", " :--- |", "| a |\n| :--- |"),
    ("an empty line of a quotation", "> a\n>", "\n> b", "> a\n>\n> b"),
    ("dots", "`trap", " ... EXIT`", "`trap ... EXIT`"),
    ("the name of a file", "put it in", " .gitignore", "put it in .gitignore"),
    ("one space too many", "one two", "  three", "one two three"),
    ("columns of code", "```\na = 1;", "  b = 2;", "```\na = 1;  b = 2;"),
    ("a space before the line's end", "one two", " \n\nthree", "one two\n\nthree"),
    ("the row of marks under a table's head", "| a | b |\n| --", "| --- | --- |\n", "| a | b |\n| --- | --- |\n"),
    ("an equal cell", "| a | b |\n|---|---|\n| 1", " | 1 |\n", "| a | b |\n|---|---|\n| 1 | 1 |\n"),
    ("an equal row", "| a | b |\n|---|---|\n| 1 | 1 |", "\n| 1 | 1 |", "| a | b |\n|---|---|\n| 1 | 1 |\n| 1 | 1 |"),
    ("the block opened again in its line", "```sh\nmk", "```sh\ndir x", "```sh\nmkdir x"),
    ("the block opened again without its language", "```sh\nmk", "```\nmkdir x", "```sh\nmkdir x"),
    ("the block closed, and not its line", "```sh\nls", "```\n\nSo", "```sh\nls\n```\n\nSo"),
    ("a block in a longer fence", "````\nso\n", "```sh\nls\n```\n", "````\nso\n```sh\nls\n```\n"),
    ("half an expression twice", "`foo();\nfoo(", ");\nfoo()", "`foo();\nfoo();\nfoo()"),
    ("two words in one", "A task of two seconds tha", "t happens", "A task of two seconds that happens"),
    ("a remark of the text's own", "Well?\n\n", "Sure, here it is:\n\nWell", "Well?\n\nSure, here it is:\n\nWell"),
    ("a short word that stands twice", "it was very", " very good", "it was very very good"),
]


def spliced(before: str, more: str, step: int) -> str:
    seam = Seam(before)
    pieces = [more[at : at + step] for at in range(0, len(more), step)]
    return before + "".join(map(seam.feed, pieces)) + seam.flush()


@pytest.mark.parametrize("step", [1, 3, 1000])
@pytest.mark.parametrize(("before", "more", "whole"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_seam_does_not_show(before: str, more: str, whole: str, step: int) -> None:
    assert spliced(before, more, step) == whole


@pytest.mark.parametrize("prompt", ["Some SQL", "a table", "lists", "json"])
def test_a_model_that_just_goes_on_is_taken_at_its_word_wherever_the_cut_was(prompt: str) -> None:
    """It is asked with the reply as far as its last visible character."""
    tokens = tokenise(script_for(prompt))
    for count in range(2, len(tokens)):
        before, whole = "".join(tokens[:count]), "".join(tokens)
        assert spliced(before, whole[len(before.rstrip()) :], 5) == whole, before[-60:]


words = st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta", "epsilon"]), min_size=1, max_size=40)


@given(words, st.data())
def test_a_text_without_repetition_survives_any_cut(text: list[str], data: st.DataObject) -> None:
    numbered = " ".join(f"{word}{number}" for number, word in enumerate(text))
    cut = data.draw(st.integers(0, len(numbered)))
    repeated = data.draw(st.integers(0, min(cut, 60)))
    start = cut - repeated
    while start > 0 and numbered[start - 1] != " ":
        start -= 1
    if cut - start < 9:
        start = cut
    step = data.draw(st.integers(1, 20))
    assert spliced(numbered[:cut], numbered[start:], step) == numbered


@given(st.text(max_size=60), st.text(max_size=60), st.integers(1, 9))
def test_no_input_breaks_it_and_pieces_do_not_matter(before: str, more: str, step: int) -> None:
    whole = spliced(before, more, step)
    assert whole.startswith(before)
    assert whole == spliced(before, more, 1)
