"""Personas: a prompt, and the settings that hold with it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.settings import Loaded, Origin
from tui_chat.settings.personas import parse_persona
from tui_chat.settings.read import read
from tui_chat.settings.resolve import resolve

LABEL = "personas/p.md"


def test_front_matter_has_settings_and_the_rest_is_the_prompt() -> None:
    front = '# calm\nmodel: "claude-x: 1" # it\nthinking: high\n\ntemperature:  0.5 # calm\nmax_tokens: 900\n'
    text = f"---\n{front}---\n\nBe.\n"
    persona = parse_persona(text, LABEL)
    assert persona.text == "Be."
    assert persona.values == {
        "provider.model": "claude-x: 1",
        "provider.thinking": "high",
        "provider.temperature": 0.5,
        "provider.max_tokens": 900,
    }
    assert persona.problems == ()


@pytest.mark.parametrize("text", ["Be.\n\n---\n\nBrief.", "", "----\nmodel: x\n----", "--- x\nmodel: y\n---"])
def test_a_file_without_front_matter_is_the_prompt(text: str) -> None:
    persona = parse_persona(text, LABEL)
    assert (persona.text, dict(persona.values), persona.problems) == (text, {}, ())


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("modell: x", 'line 3: "modell" is unknown; did you mean model?'),
        ("colour: red", 'line 3: "colour" is unknown; a persona has model, thinking, temperature, max_tokens.'),
        ("temperature: hot", 'line 3: temperature = "hot" is not allowed (0 to 2'),
        ("max_tokens: -1", 'line 3: max_tokens = "-1" is not allowed'),
        ("thinking: much", 'line 3: thinking = "much" is not allowed (off, on, low'),
        ("no key", 'line 3: "no key" is no `key: value`; it is left out.'),
        ("model:x", 'line 3: "model:x" is no `key: value`; it is left out.'),
        ("model: b", "line 3: model is there twice; it is left out."),
    ],
)
def test_a_bad_line_is_named_and_the_rest_is_used(line: str, says: str) -> None:
    persona = parse_persona(f"---\nmodel: a\n{line}\nthinking: low\n---\nBe.", LABEL)
    (problem,) = persona.problems
    assert problem.message.startswith(f"{LABEL} {says}")
    assert persona.values == {"provider.model": "a", "provider.thinking": "low"}
    assert persona.text == "Be."


def test_front_matter_that_is_never_closed_is_named_and_is_the_prompt() -> None:
    persona = parse_persona("---\nmodel: x\nBe.", LABEL)
    assert "line 1: no --- closes" in persona.problems[0].message
    assert (persona.text, dict(persona.values)) == ("---\nmodel: x\nBe.", {})


def test_an_empty_value_says_nothing() -> None:
    persona = parse_persona("---\nmodel:\ntemperature: # none\n---\nBe.", LABEL)
    assert (dict(persona.values), persona.problems) == ({}, ())


@given(st.text(alphabet="-\nmodel: #\"'x\t\\"))
def test_every_text_is_a_persona(text: str) -> None:
    persona = parse_persona(f"---\n{text}\n---\nBe.", LABEL)
    assert persona.text.endswith("Be.")


def test_its_settings_hold_over_the_file_and_under_flags() -> None:
    persona = parse_persona("---\nmodel: p\nthinking: low\n---\nBe.", LABEL)
    file = read("config.toml", b'[provider]\nmodel = "f"\nthinking = "high"\ntemperature = 1.0\n')
    resolved = resolve(file, {}, {"provider.thinking": "off"}, persona)
    provider = resolved.settings.provider
    assert (provider.model, provider.thinking, provider.temperature) == ("p", "off", 1.0)
    origins = [resolved.origin(f"provider.{name}") for name in ("model", "thinking", "temperature")]
    assert origins == [Origin.PERSONA, Origin.FLAG, Origin.FILE]


def test_its_problems_are_among_those_of_the_settings() -> None:
    persona = parse_persona("---\nmodell: p\n---\nBe.", LABEL)
    assert [problem.line for problem in resolve(Loaded(), {}, {}, persona).problems] == [2]
