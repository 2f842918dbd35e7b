"""The tokeniser: nothing lost, and the same pieces every time."""

from hypothesis import given
from hypothesis import strategies as st

from tui_chat.demo.tokens import count_tokens, tokenise

TEXTS = st.text(st.characters() | st.sampled_from(" \n\t`*_#|-abcdefghij0123世界👩‍🚀")) | st.text(" abcdefghijk\n")


@given(TEXTS)
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(tokenise(text)) == text


@given(TEXTS)
def test_counting_agrees_with_cutting(text: str) -> None:
    assert count_tokens(text) == len(tokenise(text))


@given(TEXTS, st.integers(0, 50))
def test_the_first_tokens_are_cut_the_same_way_without_the_rest(text: str, count: int) -> None:
    first = tokenise(text)[:count]
    assert tokenise("".join(first)) == first


def test_tokens_look_like_those_of_a_model() -> None:
    assert tokenise("Extraordinarily calm, isn't it? 12345\n\n```py") == [
        "Extra", "ordin", "arily", " calm", ",", " isn", "'", "t", " it", "?", " 123", "45", "\n\n", "```", "py",
    ]  # fmt: skip
