"""What is written is aligned, safe to look at, and exact where another program reads it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.cli.output import Problems, as_json, columns, table


@given(st.text(st.characters(exclude_categories=())))
def test_json_is_exact_and_has_nothing_that_a_terminal_obeys(text: str) -> None:
    written = as_json({"text": text})
    assert json.loads(written) == {"text": text}
    assert written.isascii()
    assert written.isprintable()


def test_columns_are_aligned_by_what_is_seen() -> None:
    lines = list(table(("NAME", "N", "WHAT"), [("東京", "5", "a"), ("Zürich", "10", "b\x1b[2J")], right=(1,)))
    assert lines == ["NAME     N  WHAT", "東京     5  a", "Zürich  10  b\ufffd[2J"]


def test_names_and_texts() -> None:
    assert list(columns([("a", "one\ntwo"), ("long", "")])) == ["a     one two", "long"]


def test_a_problem_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    problems = Problems()
    for sentence in ("The disk is full.", "Another.", "The disk is full."):
        problems(sentence)
    assert capsys.readouterr().err == "tui-chat: The disk is full.\ntui-chat: Another.\n"
