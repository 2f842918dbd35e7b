"""A prompt: whether there is anything to send, and not too much."""

from __future__ import annotations

import pytest

from tui_chat.chat.parts import FilePart
from tui_chat.chat.prompt import Prompt, too_long
from tui_chat.text.limits import LONGEST_PROMPT

FILE = FilePart("a.txt", "text/plain", "A")


@pytest.mark.parametrize(
    ("prompt", "empty"),
    [(Prompt(""), True), (Prompt(" \n"), True), (Prompt("a"), False), (Prompt(" ", files=(FILE,)), False)],
)
def test_a_prompt_without_words_or_files_is_empty(prompt: Prompt, empty: bool) -> None:
    assert prompt.is_empty is empty


def test_a_prompt_may_be_as_long_as_is_said() -> None:
    assert too_long("x" * LONGEST_PROMPT) == ""
    assert too_long("x" * (LONGEST_PROMPT + 1)) == "A prompt may have 4,000,000 characters; this has 4,000,001."
