"""The rest of a reply is spliced on without a repeated or a missing character."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.demo import script_for
from tui_chat.demo.tokens import tokenise
from tui_chat.streaming.seam import Seam, anchor_of

LONG = "The quick brown fox jumps over the lazy dog, and"
CASES = [
    ("nothing before", "", "abc", "abc"),
    ("it just goes on", "one two", " three", "one two three"),
    ("it goes on inside a word", "one tw", "o three", "one two three"),
    ("the last words again", f"{LONG} the cat sat", "dog, and the cat sat down.", f"{LONG} the cat sat down."),
    ("the sentence again", "So it is. What are the odds", "What are the odds?", "So it is. What are the odds?"),
    ("the line again", "# Title\n\nThe black cat sat", "The black cat sat.", "# Title\n\nThe black cat sat."),
    ("the whole text again", "I was stre", "I was streaming it", "I was streaming it"),
    ("the whole text again after a remark", "a:", "Sure! a:\n  b: 1", "a:\n  b: 1"),
    ("the whole text again after an announcement", "He", "Here is the rest:\n\nHe ran", "He ran"),
    ("a remark with a word that begins as the last", "He ", "Sure! Here it is:\n\nHe ran.", "He ran."),
    ("a remark that begins with the one letter that came", "S", "Sure! Steps:\n\n1. Open", "Steps:\n\n1. Open"),
    ("a sentence that does", "I", "I'll continue from there.\n\nIt is so", "It is so"),
    ("a sentence of the text's own that does", "S", "She sat. So she did", "She sat. So she did"),
    ("a brace and a line", "{\n", '{\n  "a": 1', '{\n  "a": 1'),
    ("a fence begun, and again", "``", "```js\nx", "```js\nx"),
    ("a fence begun, and its rest", "``", "`js\nx", "```js\nx"),
    *((f"{tilde} begun, and again", tilde, "~~~js\nx", "~~~js\nx") for tilde in ("~", "~~", "~~~")),
    ("a second space", "one two ", " three", "one two three"),
    (
        "white space told otherwise",
        "alpha beta gamma\ndelta",
        "alpha beta gamma delta epsilon",
        "alpha beta gamma\ndelta epsilon",
    ),
    ("a row of dashes", "a\n-----", "-----\nb", "a\n----------\nb"),
    ("a code line twice", "```\nfoo.next()\n", "foo.next()\nbar", "```\nfoo.next()\nfoo.next()\nbar"),
    (
        "a refrain",
        "row, row, row your boat, row your boat, ",
        "row your boat",
        "row, row, row your boat, row your boat, row your boat",
    ),
    ("a refrain of one word", "location,", " location, location", "location, location, location"),
    ("a number that goes on", "It was Henry V. I", "II came", "It was Henry V. III came"),
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
    ("the fence again", "text\n\n```", "```sql\nSELECT", "text\n\n```sql\nSELECT"),
    ("the fence and its language again", "text\n\n```sql\n", "```sql\nSELECT", "text\n\n```sql\nSELECT"),
    ("another fence", "```\na\n```", "\n\n```sql\nb", "```\na\n```\n\n```sql\nb"),
    ("an empty cell", "|", " | a | b |", "| | a | b |"),
    ("an aligned column", "| a |\n|", " :--- |", "| a |\n| :--- |"),
    ("columns after a shorter fence", "````\n```\na = 1;", "  b = 2;", "````\n```\na = 1;  b = 2;"),
    ("columns after a fence's own words", "```\n```js\na = 1;", "  b = 2;", "```\n```js\na = 1;  b = 2;"),
    ("a remark in italics", LONG, f"*Going on:*\n\n{anchor_of(LONG)} it", f"{LONG} it"),
    ("a tilde block of their own", f"~~~\n{LONG}", f"~~~\n{anchor_of(LONG)} it", f"~~~\n{LONG} it"),
    ("an ellipsis before the last words", LONG, f"…{anchor_of(LONG)} it", f"{LONG} it"),
    ("an empty line of a quotation", "> a\n>", "\n> b", "> a\n>\n> b"),
    ("dots", "`trap", " ... EXIT`", "`trap ... EXIT`"),
    ("the name of a file", "put it in", " .gitignore", "put it in .gitignore"),
    ("two spaces, and one more", "one  ", " two", "one  two"),
    ("a line's end after a space", "one ", "\ntwo", "one \ntwo"),
    ("two lines' ends, and one", "One.\n\n", "\ntwo", "One.\n\ntwo"),
    ("one space at a line's beginning", "One.\n", " two", "One.\ntwo"),
    ("a tab, and two spaces", "one\t", "  two", "one\ttwo"),
    ("one space too many after a block", "```\na\n```\none two", "  three", "```\na\n```\none two three"),
    ("one space too many", "one two", "  three", "one two three"),
    ("columns of code", "```\na = 1;", "  b = 2;", "```\na = 1;  b = 2;"),
    ("an equal cell", "| a | b |\n|---|---|\n| 1", " | 1 |\n", "| a | b |\n|---|---|\n| 1 | 1 |\n"),
    ("an equal row", "| a | b |\n|---|---|\n| 1 | 1 |", "\n| 1 | 1 |", "| a | b |\n|---|---|\n| 1 | 1 |\n| 1 | 1 |"),
    ("the block opened again in its line", "```sh\nmk", "```sh\ndir x", "```sh\nmkdir x"),
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


@pytest.mark.parametrize(("before", "more", "whole"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_seam_does_not_show(before: str, more: str, whole: str) -> None:
    for step in (1, 3, 1000):
        assert spliced(before, more, step) == whole, step


@pytest.mark.parametrize("prompt", ["Some SQL", "a table", "lists", "json"])
def test_a_model_that_just_goes_on_is_taken_at_its_word_wherever_the_cut_was(prompt: str) -> None:
    """It is asked with the reply as far as its last visible character."""
    tokens = tokenise(script_for(prompt))
    for count in range(2, len(tokens)):
        before, whole = "".join(tokens[:count]), "".join(tokens)
        assert spliced(before, whole[len(before.rstrip()) :], 5) == whole, before[-60:]


GUESSES = [
    ("a word again", "I was stre", "streaming it"),
    ("a few characters from inside a word", "The quick brown fox jumps over the lazy dog", "er the lazy dog, and"),
    ("the next line begins as the last", "Buy:\n- take one item", "\n- take one item too"),
    ("one piece twice", "The code is 1234567890ab1234567890ab", "1234567890ab1234567890ab."),
    ("a refrain that begins a third time", "He sang: tralala hey diddle dumm ho", "tralala hey diddle dumm hotrala!"),
    ("another block at once", "So:\n```sh", "```js\nx"),
    ("ones", f"{LONG} 111111", "111111 more"),
    ("only ones", "111111", "111111"),
    ("laughter", "ha ha", " ha ha ha"),
    ("an equal row", f"{LONG}\n| cat | 4 dm | furry |", "\n| cat | 4 dm | furry |\n"),
    ("dashes", "-" * 60, "-" * 30),
    ("a remark without an anchor", f"{LONG} more", "Sure, here it is: nothing."),
    ("another answer", f"{LONG} more", "I'm sorry, I can't."),
]


@pytest.mark.parametrize("step", [1, 1000])
@pytest.mark.parametrize(("before", "more"), [case[1:] for case in GUESSES], ids=[case[0] for case in GUESSES])
def test_where_nothing_proves_a_repetition_nothing_is_eaten_and_the_seam_is_a_guess(
    before: str, more: str, step: int
) -> None:
    assert spliced(before, more, step) == before + more
    seam = Seam(before)
    seam.feed(more)
    seam.flush()
    assert seam.guessed


@pytest.mark.parametrize("more", ["", f"{LONG} more of it"])
def test_what_is_proven_or_nothing_at_all_is_no_guess(more: str) -> None:
    seam = Seam(LONG)
    seam.feed(more)
    seam.flush()
    assert not seam.guessed


@pytest.mark.parametrize(
    ("before", "pieces", "told"),
    [
        (LONG, (anchor_of(LONG), " the cat", " sat"), ["", " the cat", " sat"]),
        (LONG, ("Sure.", " ", anchor_of(LONG), " ", "the cat"), ["", "", "", "", " the cat"]),
        (LONG, (" the cat sat", " down"), [" the cat sat", " down"]),
        ("one", (" two three", " four"), [" two three", " four"]),
        ("one", (" Two", " three", " four"), ["", "", ""]),  # it may yet be a remark
    ],
)
def test_what_is_new_comes_as_soon_as_it_is_clear(before: str, pieces: Sequence[str], told: Sequence[str]) -> None:
    seam = Seam(before)
    assert [seam.feed(piece) for piece in pieces] == told


def test_a_reply_that_had_no_text_has_no_seam_to_guess() -> None:
    seam = Seam("")
    assert seam.feed("Hello") == "Hello"
    assert not seam.guessed


@pytest.mark.parametrize("held", ["The quick br", "Sure, here it is:\n\nThe quick", "dog, an"])
def test_a_repetition_that_is_cut_off_leaves_nothing(held: str) -> None:
    seam = Seam(LONG)
    assert seam.feed(held) + seam.break_off() == ""


def test_what_is_new_of_a_rest_that_is_cut_off_is_kept() -> None:
    seam = Seam(LONG)
    assert seam.feed(" So it we") + seam.break_off() == " So it we"


@given(st.text(max_size=60), st.text(max_size=60), st.integers(1, 9))
def test_no_input_breaks_it_and_pieces_do_not_matter(before: str, more: str, step: int) -> None:
    whole = spliced(before, more, step)
    assert whole.startswith(before)
    assert whole == spliced(before, more, 1)
