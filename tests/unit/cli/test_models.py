"""The words of `models` and `doctor` about the models, without a network."""

from __future__ import annotations

import json

import pytest

from tests.unit.cli.conftest import Runner


@pytest.fixture(autouse=True)
def news(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return the vendor's table, as it is in this test."""
    table = {"claude-haiku-4-5": "May 3rd, 2126"}
    monkeypatch.setattr("tui_chat.providers.anthropic_retirement.vendor_table", lambda: table)
    return table


def test_models_remarks_which_is_deprecated(command: Runner) -> None:
    done = command("models", "--provider", "anthropic")
    (line,) = (line for line in done.out.splitlines() if line.startswith("claude-haiku-4-5 "))
    assert line.endswith("  deprecated, retires on 2126-05-03")
    assert "Prices were looked up on 20" in done.err
    listed = json.loads(command("models", "--provider", "anthropic", "--format", "json").out)
    assert {model["id"]: model["retires"] for model in listed if model["deprecated"]} == {
        "claude-haiku-4-5": "2126-05-03"
    }


def test_the_day_of_the_prices_is_that_of_the_list_that_is_shown(command: Runner) -> None:
    assert "Prices were looked up on 20" in command("models").err  # without a key, the demo stands in for replies only


@pytest.mark.parametrize(
    ("provider", "model", "said"),
    [
        ("anthropic", "claude-haiku-4-5", True),
        ("anthropic", "claude-unheard-of", False),
        ("demo", "claude-haiku-4-5", False),
    ],
)
def test_doctor_tells_of_a_deprecated_model(command: Runner, provider: str, model: str, said: bool) -> None:
    command("config", "set", "provider.model", model)
    out = command("doctor", "--provider", provider).out
    assert ("The model claude-haiku-4-5 is deprecated and retires on 2126-05-03." in out) is said


def test_doctor_tells_of_a_model_that_is_gone(command: Runner, news: dict[str, str]) -> None:
    news["claude-haiku-4-5"] = "June 30th, 2026"
    command("config", "set", "provider.model", "claude-haiku-4-5")
    out = command("doctor", "--provider", "anthropic").out
    assert "The model claude-haiku-4-5 retired on 2026-06-30." in out


def test_doctor_does_not_take_a_cloud_that_lists_no_models_for_one_that_answers(
    command: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("AWS_REGION", "us-east-1"), ("AWS_ACCESS_KEY_ID", "no"), ("AWS_SECRET_ACCESS_KEY", "key")):
        monkeypatch.setenv(name, value)
    done = command("doctor", "--provider", "bedrock", "--online")
    (line,) = (line for line in done.out.splitlines() if "Connection" in line)
    assert line.split()[0] == "note"
    assert "not tried: Amazon Bedrock does not list its models" in line
