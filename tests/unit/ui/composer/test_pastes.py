"""Long pastes are folded in the composer and sent whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_chat.ui.composer.pastes import FoldedPastes

LONG = "\n".join(f"line {number}" for number in range(412))


def test_a_short_paste_stands_as_it_is() -> None:
    assert FoldedPastes().folded("two\nlines") == "two\nlines"


def test_a_long_paste_shows_its_size_and_is_sent_whole() -> None:
    pastes = FoldedPastes()
    token = pastes.folded(LONG)
    assert token == "[412 lines pasted]"
    assert pastes.whole(f"See {token}, please") == f"See {LONG}, please"


def test_the_end_of_the_last_line_is_no_line() -> None:
    assert FoldedPastes().folded("x\n" * 1000) == "[1,000 lines pasted]"


def test_two_pastes_of_one_size_are_told_apart() -> None:
    pastes = FoldedPastes()
    first, second = pastes.folded(LONG), pastes.folded(LONG.replace("line", "row"))
    assert first != second
    assert pastes.whole(first + second) == LONG + LONG.replace("line", "row")


def test_a_long_line_is_folded_by_its_characters() -> None:
    assert FoldedPastes().folded("x" * 2000) == "[2,000 characters pasted]"


# The composer drops control bytes: a paste that reaches this has none.
typed = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=40)


@given(st.lists(typed | st.just(LONG), max_size=5))
def test_whatever_is_pasted_is_what_is_sent(texts: list[str]) -> None:
    pastes = FoldedPastes()
    written = " ".join(pastes.folded(text) for text in texts)
    assert pastes.whole(written) == " ".join(texts)
    again = FoldedPastes()
    assert again.whole(again.taken_up(pastes.kept(written))) == " ".join(texts)


def test_a_draft_that_is_taken_up_is_folded_as_it_was() -> None:
    pastes = FoldedPastes()
    kept = pastes.kept(f"See {pastes.folded(LONG)}, please")
    again = FoldedPastes()
    assert again.taken_up(kept) == "See [412 lines pasted], please"
    assert again.kept(again.taken_up(kept)) == kept
