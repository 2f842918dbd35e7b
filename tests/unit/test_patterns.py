"""A pattern does what a compiled regular expression does, and is compiled once something is asked of it."""

from __future__ import annotations

import re

import pytest

from tui_chat.patterns import pattern


def test_a_pattern_is_a_regular_expression_with_its_flags() -> None:
    words = pattern("[A-Z]+", re.IGNORECASE)
    found = words.search("12 words")
    assert found is not None
    assert found[0] == "words"
    assert words.sub("x", "1 two") == "1 x"
    assert words.findall("a b") == words.findall("a b") == ["a", "b"]
    assert words.pattern == "[A-Z]+"


def test_a_pattern_is_not_compiled_before_it_is_used() -> None:
    wrong = pattern("(")
    with pytest.raises(re.error):
        wrong.search("")
