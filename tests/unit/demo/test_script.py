"""The demo server's replies."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.demo import parse_fault, script_for
from tui_chat.demo.script import NOTE, topic_of
from tui_chat.demo.tokens import count_tokens

PROMPTS = [
    "hello", "who are you?", "write some python", "rust please", "typescript", "a bash script", "sql", "json", "golang",
    "code", "a table", "plan a picnic", "a plan", "a poem", "maths", "a riddle", "use a tool", "search the news",
    "faults", "something long", "the history of rivers",
]  # fmt: skip


@given(st.text(), st.integers(0, 1000))
def test_the_same_prompt_and_seed_get_the_same_reply(prompt: str, seed: int) -> None:
    if not prompt.lstrip().startswith("/"):
        assert script_for(prompt, seed) == script_for(prompt, seed) != ""


@pytest.mark.parametrize("seed", range(4))
def test_every_reply_is_sound_markdown(seed: int) -> None:
    for prompt in PROMPTS:
        text = script_for(prompt, seed)
        assert "{{" not in text, prompt
        assert text.count("```") % 2 == 0, prompt
        assert text.endswith("\n"), prompt
        for row in re.findall(r"^\|.*$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE):
            assert row.endswith("|"), (prompt, row)


@pytest.mark.parametrize("seed", range(3))
def test_hello_says_that_it_is_scripted_and_how_to_get_a_model(seed: int) -> None:
    text = script_for("Hello!", seed)
    assert "ANTHROPIC_API_KEY" in text
    assert "--local" in text
    assert re.search(r"script", text)


def test_only_the_first_reply_of_a_conversation_says_that_it_is_scripted() -> None:
    assert script_for("rivers") == NOTE + script_for("rivers", first=False)


@pytest.mark.parametrize(
    ("prompt", "topic"),
    [
        ("Hi there", "hello"),
        ("What can you do?", "hello"),
        ("This is about philosophy", "essay"),
        ("Show me some Rust", "rust"),
        ("Plan a picnic", "picnic"),
        ("Plan a migration", "plan"),
        ("Hello Claude!", "hello"),
        ("Hello world in rust", "rust"),
        ("How long is the Nile?", "essay"),
        ("What do you think of cats?", "essay"),
        ("I trust you", "essay"),
        ("Write a function", "code"),
        ("go fishing", "essay"),
        ("a go program", "go"),
    ],
)
def test_a_prompt_is_recognised_by_its_words(prompt: str, topic: str) -> None:
    assert topic_of(prompt).name == topic


@pytest.mark.parametrize("language", ["python", "rust", "typescript", "bash", "sql", "json", "go"])
def test_a_language_gets_code_in_that_language(language: str) -> None:
    assert f"```{language}\n" in script_for("golang" if language == "go" else language)


def test_an_essay_takes_up_the_prompt() -> None:
    assert "sleeping otters" in script_for("Could you explain why sleeping otters hold paws?")


def test_a_long_reply_is_long() -> None:
    assert count_tokens(script_for("Something long, please")) > 2000


def test_seeds_give_different_replies() -> None:
    assert len({script_for("rivers", seed) for seed in range(4)}) == 4


@pytest.mark.parametrize("tokens", [0, 1, 57, 20_000])
def test_a_reply_has_exactly_the_tokens_that_were_asked_for(tokens: int) -> None:
    assert count_tokens(script_for("rivers", tokens=tokens)) == tokens
    assert script_for(f"/tokens {tokens}\nrivers") == script_for("rivers", tokens=tokens)


def test_directives_count() -> None:
    assert script_for("/seed 2\nrivers") == script_for("rivers", 2)
    assert script_for("/fault long-line\nrivers") == script_for("rivers", faults=[parse_fault("long-line")])


def test_extreme_replies_have_their_sizes() -> None:
    assert len(script_for("/fault huge-token")) == 1_000_000
    line = script_for("/fault long-line@5000")
    assert len(line) == 5000
    assert not re.search(r"\s", line)
    deep = script_for("/fault deep")
    assert ">" * 500 + " quote 500" in deep
    assert "*" * 10_000 in deep
    assert script_for("/fault empty") == ""
    assert count_tokens(script_for("/fault flood")) == 20_000


def test_hostile_text_has_every_attack_in_every_place() -> None:
    text = script_for("/fault hostile")
    for attack in ("\x1b]0;", "\x9b", "\x9d", "\u202e", "\x07", "\x00", "\ud800", "\x1b[201~", "\x1bP", "\x85"):
        assert text.count(attack) >= 4, attack
