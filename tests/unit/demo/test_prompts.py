"""The lines at the start of a prompt that say how it is to be answered."""

import pytest

from tui_chat.demo.prompts import parse_prompt


def test_directives_are_taken_out_of_the_prompt() -> None:
    prompt = parse_prompt("/fault reset@20 529x2\n/rate 500\n/tokens 2000\n/seed 7\nhello\n/rate is a word here")
    assert prompt.text == "hello\n/rate is a word here"
    assert [str(fault) for fault in prompt.faults] == ["reset@20x1", "529x2"]
    assert (prompt.rate, prompt.tokens, prompt.seed) == (500.0, 2000, 7)


def test_a_plain_prompt_has_no_directives() -> None:
    prompt = parse_prompt("what does /fault do?")
    assert (prompt.text, prompt.faults, prompt.rate, prompt.tokens, prompt.seed) == (
        "what does /fault do?", (), None, None, 0,
    )  # fmt: skip


@pytest.mark.parametrize("text", ["/rate fast\nx", "/tokens -3\nx", "/seed 1e9\nx", "/fault resett\nx"])
def test_a_directive_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_prompt(text)
