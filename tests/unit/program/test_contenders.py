"""Those who are compared: read from a list with commas, and named so that each can be told from the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tui_chat.chat.message import Conversation
from tui_chat.program.contenders import contenders, contenders_named
from tui_chat.program.wiring import Flags, Program
from tui_chat.settings import SettingsError, Value

GATEWAY = "http://127.0.0.1:8"


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """A program with a persona, a key of Anthropic's, and a server of the user's own for OpenAI's wire."""
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas" / "terse.md").write_text("Be brief.")
    (tmp_path / "config.toml").write_text('[provider]\nname = "anthropic"\n')
    environ = {"ANTHROPIC_API_KEY": "sk-ant-test", "OPENAI_BASE_URL": GATEWAY}
    program = Program.open(Flags(config_file=tmp_path / "config.toml"), environ, pytest.fail)
    yield program
    program.close()


def choice(name: str, model: str, address: str = "", **more: Value) -> dict[str, Value]:
    return {
        "provider.name": name,
        "provider.model": model,
        "provider.base_url": address,
        **{f"provider.{key}": value for key, value in more.items()},
    }


@pytest.mark.parametrize(
    ("word", "name", "choices"),
    [
        ("claude-opus-4-5", "Opus 4.5", choice("anthropic", "claude-opus-4-5")),
        ("demo:demo-fast", "demo-fast", choice("demo", "demo-fast")),
        ("openai:llama3:8b", "llama3:8b", choice("openai", "llama3:8b", GATEWAY)),
        ("llama3:8b", "llama3:8b", choice("anthropic", "llama3:8b")),
        ("claude-opus-4-5@terse", "Opus 4.5 · terse", choice("anthropic", "claude-opus-4-5", persona="terse")),
        ("vertex:claude-opus-4-5@20251101", "Opus 4.5", choice("vertex", "claude-opus-4-5@20251101")),
        ("vertex:claude-opus-4-5@20251101@terse", "Opus 4.5 · terse",
         choice("vertex", "claude-opus-4-5@20251101", persona="terse")),
        ("openai:org/some-model", "some-model", choice("openai", "org/some-model", GATEWAY)),
    ],
)  # fmt: skip
def test_an_entry_is_a_model_perhaps_with_a_provider_before_it_and_a_persona_behind(
    program: Program, word: str, name: str, choices: dict[str, Value]
) -> None:
    (contender,) = contenders_named(f" {word} ", program)
    assert (contender.name, contender.choices) == (name, choices)


def test_names_are_told_apart_by_the_provider_and_by_a_number() -> None:
    opus = "claude-opus-4-5"
    named = contenders([
        choice("anthropic", opus), choice("anthropic", opus), choice("vertex", opus), choice("demo", "demo"),
        choice("demo", "demo"), choice("demo", "demo", persona="terse"), choice("demo", "demo", thinking="high"),
        choice("demo", "demo", temperature=0.5),
    ])  # fmt: skip
    assert [contender.name for contender in named] == [
        "Opus 4.5 · Anthropic", "Opus 4.5 · Anthropic (2)", "Opus 4.5 · Google Vertex AI", "demo", "demo (2)",
        "demo · terse", "demo · thinking high", "demo · temperature 0.5",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("claude-opus-4-5,,x", "There is an empty name among the models."),
        ("demo:", '"demo:" names no model.'),
        ("demo@ters", "terse"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(program: Program, words: str, sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        contenders_named(words, program)


def test_each_is_asked_by_its_own_choices_over_those_of_the_conversation(program: Program) -> None:
    conversation = Conversation()
    program.conversation_settings.choose(conversation.id, {"provider.thinking": "high", "provider.persona": "terse"})
    fast, opus = contenders_named("demo:demo-fast,claude-opus-4-5", program)
    for contender, whom in ((fast, ("demo", "demo-fast", "")), (opus, ("anthropic", "claude-opus-4-5", ""))):
        parts = program.parts_of_contender(conversation.id, contender.choices)
        assert parts.provider.whom == whom
        assert (parts.settings.now.provider.thinking, parts.settings.now.provider.persona) == ("high", "terse")
    assert program.parts_of(conversation.id).provider.name == "anthropic"
