"""A server of one's own: its own model is asked, and no vendor's price or limits hold there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.command import Command
from tests.e2e.own_server import TEXT, OwnServer, own_server

LLAMA = {"id": "llama", "object": "model", "meta": {"n_ctx": 4096}}
QWEN = {"id": "qwen", "object": "model", "max_model_len": 8192}
CLAUDE = {"id": "claude-sonnet-5-5", "object": "model", "type": "model"}
OPENAI, ANTHROPIC = "openai", "anthropic"


@pytest.fixture(autouse=True)
def plain_settings(cli: Command, tmp_path: Path) -> None:
    """Nothing is said of the server but its address."""
    (tmp_path / "config" / "config.toml").unlink()


def options(server: OwnServer, provider: str) -> list[str]:
    return ["--provider", provider, "--base-url", server.url + ("/v1" if provider == OPENAI else "")]


def test_the_only_model_is_asked_and_its_reply_has_no_price(cli: Command) -> None:
    with own_server(LLAMA) as server:
        reply = cli.json("ask", "--format", "json", *options(server, OPENAI), "Why?")
        assert (reply["text"], reply["model"], reply["cost_usd"]) == (TEXT, "llama", None)
        assert server.asked[0]["model"] == "llama"
        assert cli.json("stats", "--format", "json")["cost_usd"] is None


def test_a_gateway_on_the_messages_wire_is_asked_for_the_usual_model_at_once(cli: Command) -> None:
    with own_server(LLAMA, QWEN) as server:
        reply = cli.json("ask", "--format", "json", *options(server, ANTHROPIC), "Why?")
        assert (reply["text"], reply["cost_usd"]) == (TEXT, None)
        assert [request["model"] for request in server.asked] == ["claude-sonnet-5-5"]


def test_of_several_models_one_has_to_be_chosen(cli: Command) -> None:
    with own_server(LLAMA, QWEN) as server:
        done = cli.run("ask", *options(server, OPENAI), "Why?")
        assert (done.returncode, done.stdout, server.asked) == (2, b"", [])
        sentence = done.stderr.decode()
        assert "offers 2 models, and none is chosen: llama, qwen." in sentence
        assert "--model ID" in sentence
        assert "config set provider.model" in sentence
        assert cli.json("ask", "--format", "json", "--model", "qwen", *options(server, OPENAI), "Why?")["text"] == TEXT


@pytest.mark.parametrize("provider", [OPENAI, ANTHROPIC])
def test_a_vendors_model_name_has_no_price_there_unless_the_user_says_so(cli: Command, provider: str) -> None:
    with own_server(CLAUDE, {"id": "gpt-6.1-sol", "object": "model"}) as server:
        asked = ("ask", "--format", "json", *options(server, provider), "Why?")
        free = cli.json(*asked)
        assert free["model"] == ("gpt-6.1-sol" if provider == OPENAI else "claude-sonnet-5-5")
        assert free["cost_usd"] is None
        for setting, value in (("name", provider), ("vendor_prices", "true")):
            assert cli.run("config", "set", f"provider.{setting}", value).returncode == 0
        assert cli.json(*asked)["cost_usd"] > 0


def test_a_reply_without_a_price_does_not_count_against_the_budget(cli: Command) -> None:
    with own_server(CLAUDE) as server:
        cli.run("config", "set", "provider.budget_usd_per_day", "0.000001")
        for _ in range(2):
            assert cli.run("ask", *options(server, ANTHROPIC), "Why?").returncode == 0


def test_a_server_that_lists_nothing_is_asked_for_the_usual_model_on_the_messages_wire_alone(cli: Command) -> None:
    with own_server(lists=False) as server:
        assert cli.json("ask", "--format", "json", *options(server, ANTHROPIC), "Why?")["cost_usd"] is None
        assert server.asked.pop()["model"] == "claude-sonnet-5-5"
        done = cli.run("ask", *options(server, OPENAI), "Why?")
        assert (done.returncode, server.asked) == (2, [])
        assert f"{server.url}/v1 does not list any. If the address is wrong, try {server.url}." in done.stderr.decode()
        said = cli.run("doctor", "--online", *options(server, OPENAI))
        assert (said.returncode, b"does not list its models" in said.stdout) == (0, True)


def test_a_server_that_is_not_there_is_named(cli: Command) -> None:
    done = cli.run("ask", "--provider", OPENAI, "--base-url", "http://127.0.0.1:9/v1", "Why?")
    assert done.returncode == 1
    assert "127.0.0.1:9" in done.stderr.decode()


def test_the_list_has_contexts_and_says_which_is_in_use(cli: Command) -> None:
    with own_server(LLAMA) as server:
        listed = cli.run("models", *options(server, OPENAI)).stdout.decode()
    assert "llama    4,096" in listed
    assert "in use" in listed
    assert "unknown" in listed


def test_doctor_says_which_model_is_asked(cli: Command) -> None:
    with own_server(LLAMA) as server:
        said = cli.run("doctor", "--online", *options(server, OPENAI)).stdout.decode()
        assert "llama, the only one that it offers" in said
        assert "gpt" not in said
    with own_server(LLAMA, QWEN) as server:
        said = cli.run("doctor", "--online", *options(server, OPENAI)).stdout.decode()
        assert "none is chosen of llama, qwen" in said
