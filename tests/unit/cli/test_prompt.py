"""The prompt: from the command line, from standard input, or from both."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from tui_chat.cli.output import Complaint
from tui_chat.cli.prompt import read_prompt
from tui_chat.text.limits import LONGEST_PROMPT

Piped = Callable[[bytes], None]


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> Piped:
    return lambda content: monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))


@pytest.mark.parametrize(
    ("words", "stdin", "prompt"),
    [
        (["Why?"], b"", "Why?"),
        (["Why", "so?"], b"", "Why so?"),
        ([], b"Why?\n", "Why?"),
        (["Why?"], b"a\r\nb\r\n", "Why?\n\na\r\nb"),
        (["Why?"], b" \n", "Why?"),
        ([" "], b"Why?", "Why?"),
        ([], b"\xef\xbb\xbfWhy?", "Why?"),
        ([], b"\n  indented\n", "\n  indented"),
    ],
)
def test_words_and_standard_input(piped: Piped, words: list[str], stdin: bytes, prompt: str) -> None:
    piped(stdin)
    assert read_prompt(words) == prompt


@pytest.mark.parametrize(
    ("words", "stdin", "says"),
    [
        ([], b"", "no prompt"),
        (["  "], b"\n\n", "no prompt"),
        ([], b"\xff\xfe", "UTF-8"),
        (["\udcff"], b"", "UTF-8"),
        ([], b"x" * (LONGEST_PROMPT + 1), "4,000,000 characters; this has 4,000,001"),
        ([], b"x" * (4 * LONGEST_PROMPT + 1), "too long"),
        (["x"], b"x" * LONGEST_PROMPT, "4,000,000 characters"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_a_sentence(
    piped: Piped, words: list[str], stdin: bytes, says: str
) -> None:
    piped(stdin)
    with pytest.raises(Complaint, match=says) as refused:
        read_prompt(words)
    assert refused.value.status == 2


def test_a_terminal_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", _Terminal("never read"))
    assert read_prompt(["Why?"]) == "Why?"
    with pytest.raises(Complaint):
        read_prompt([])
