"""Output is aligned, safe to look at, and exact where another program reads it."""

from __future__ import annotations

import io
import json
import os
import pty
import sys
import tty

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.control_sequences import foreign_to_a_command
from tests.steering import SEQUENCES
from tui_chat.cli.output import Problems, prepare_streams
from tui_chat.cli.tables import columns, table
from tui_chat.text.plain_json import as_json


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


@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_whoever_prints_on_a_terminal_cannot_steer_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    with os.fdopen(ours, "rb", buffering=0) as screen, os.fdopen(theirs, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, name, terminal)
        prepare_streams()
        for sequence in SEQUENCES:
            print(f"a{sequence}b", file=getattr(sys, name), flush=True)
        print("\x1b[1mours\x1b[0m", file=getattr(sys, name), flush=True)
        written = b""
        while b"ours\x1b[0m" not in written:
            written += screen.read(65536)
    assert foreign_to_a_command(written) == []


def test_what_is_printed_anywhere_else_is_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", file)
    prepare_streams()
    assert sys.stdout is file
