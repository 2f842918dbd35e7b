"""The language of searches: filters where they are meant, and everything else as it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.chat.message import Role
from tui_chat.chat.search_query import SearchQuery, Term


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", SearchQuery()),
        ("lake Zürich lake", SearchQuery((Term("lake"), Term("Zürich")))),
        ('"the lake" now', SearchQuery((Term("the lake"), Term("now")))),
        ('a "lone quote', SearchQuery((Term("a"), Term('"lone'), Term("quote")))),
        ('""', SearchQuery()),
        ("pre* a*b * **", SearchQuery((Term("pre", at_word_start=True), Term("a*b"), Term("*"), Term("**")))),
        ("from:me x", SearchQuery((Term("x"),), role=Role.USER)),
        ("FROM:model", SearchQuery(role=Role.ASSISTANT)),
        ("from:you", SearchQuery(role=Role.USER)),
        ("from:reply", SearchQuery(role=Role.ASSISTANT)),
        ("model: tag:", SearchQuery((Term("model:"), Term("tag:")))),
        ("is:Bookmarked", SearchQuery(marks=frozenset({"bookmarked"}))),
        ("a\0b", SearchQuery((Term("a"), Term("b")))),
        ("ab* a*", SearchQuery((Term("ab", at_word_start=True), Term("a", at_word_start=True)))),
        ("from:you:x", SearchQuery((Term("from:you:x"),))),
        ("model:Opus model:4", SearchQuery(models=("opus", "4"))),
        ("before:2026 after:2026-05-17", SearchQuery(before="2026", after="2026-05-17~")),
        ("before:soon before:2026-13", SearchQuery((Term("before:soon"), Term("before:2026-13")))),
        ("has:file has:CODE", SearchQuery(marks=frozenset({"file", "code"}))),
        ("is:pinned is:archived tag:#work", SearchQuery(tags=("work",), marks=frozenset({"pinned", "archived"}))),
        ("has:legs is: http://x", SearchQuery((Term("has:legs"), Term("is:"), Term("http://x")))),
    ],
)  # fmt: skip
def test_filters_are_taken_and_all_else_is_looked_for(text: str, query: SearchQuery) -> None:
    assert SearchQuery.parsed(text) == query


def test_the_words_are_those_of_the_terms_in_their_order() -> None:
    assert SearchQuery.parsed('lake from:me "the sea"').words == ("lake", "the sea")


@given(st.text())
def test_every_text_is_a_search(text: str) -> None:
    query = SearchQuery.parsed(text)
    assert query.is_empty or query != SearchQuery()
    assert all(term.text for term in query.terms)


@pytest.mark.parametrize(
    ("term", "text", "occurs"),
    [
        (Term("lake"), "the LAKEside", True),
        (Term("side"), "the lakeside", True),
        (Term("side", at_word_start=True), "the lakeside", False),
        (Term("lake", at_word_start=True), "(lakeside", True),
        (Term("ẞ"), "strasse", True),
    ],
)
def test_a_prefix_begins_a_word(term: Term, text: str, occurs: bool) -> None:
    assert term.occurs_in(text.casefold()) is occurs
