"""A new provider is a file in `providers` and a line in the table, as CONTRIBUTING says: all else follows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

WITH_THE_PROVIDER = """
import json, sys
import tui_chat.services as services
services.SERVICES = {**services.SERVICES, "toy": services.Service("Toy", "toy:ToyProvider", key="TOY_API_KEY")}
import tui_chat.providers
tui_chat.providers.__path__.append(sys.argv[1])
from tui_chat.__main__ import main
status = main(sys.argv[2:])
foreign = sorted({"anthropic", "openai", "httpx2"} & sys.modules.keys())
print(json.dumps(foreign), file=sys.stderr)
sys.exit(status)
"""
"""The program with the file in its folder and the line in its table."""

FOLDER = Path(__file__).parent / "new_provider"


class Toy:
    """Runs the program with the new provider chosen."""

    def __init__(self, folder: Path) -> None:
        here = {"TUI_CHAT_CONFIG_DIR": str(folder), "TUI_CHAT_DATA_DIR": str(folder), "TOY_API_KEY": "toy-key-12345"}
        self.environment: Mapping[str, str] = {**os.environ, **here}

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run it to its end; it loads no SDK of another provider's."""
        command = [sys.executable, "-c", WITH_THE_PROVIDER, str(FOLDER), *arguments, "--provider", "toy"]
        environ = {**self.environment, **environment}
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        *_, foreign = done.stderr.splitlines()
        assert foreign == "[]"
        return done

    def json(self, *arguments: str) -> Any:
        """Return the JSON that it prints; it must succeed."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    (tmp_path / "config.toml").write_text("[streaming]\nretry_attempts = 0\n")
    return Toy(tmp_path)


def test_it_replies_with_the_only_model_that_it_has(toy: Toy) -> None:
    reply = toy.json("ask", "--format", "json", "one two")
    assert reply["text"] == "one, two, "
    assert (reply["provider"], reply["model"]) == ("toy", "toy-1")
    assert reply["cost_usd"] is None
    assert toy.run("ask", "one two", "--batch").stdout == "one, two, \n"


def test_its_models_are_listed(toy: Toy) -> None:
    assert [model["id"] for model in toy.json("models", "--format", "json")] == ["toy-1"]


def test_what_fails_is_said_in_the_usual_words(toy: Toy) -> None:
    done = toy.run("ask", "refuse")
    assert done.returncode == 1
    assert "connection refused" in done.stderr


def test_without_its_key_it_is_not_asked(toy: Toy) -> None:
    done = toy.run("ask", "one", TOY_API_KEY="")
    assert "There is no key for Toy: set TOY_API_KEY" in done.stderr


def test_doctor_and_help_know_it(toy: Toy) -> None:
    assert "TOY_API_KEY is set" in toy.run("doctor").stdout
    printed = toy.run("--help").stdout
    assert "demo, toy" in printed
    assert "TOY_API_KEY" in printed
