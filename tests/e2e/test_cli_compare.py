"""`tui-chat ask --compare` against the real demo server: several replies at once, in every format, and what is kept."""

from __future__ import annotations

import json
import re
import signal

import pytest

from tests.e2e.command import Command
from tests.e2e.conftest import KEY
from tests.e2e.forking import FIRST
from tests.e2e.own_server import TEXT, own_server
from tests.waiting import PATIENCE_S
from tui_chat.demo import DemoServer, script_for

MODELS = "demo,demo-fast,demo+thinking"
NAMES = ["demo", "demo-fast", "demo+thinking"]
SHORT = "/tokens 12\nhello"
"""For the program's own demo server, which replies at a reader's pace."""


def kept(cli: Command) -> list[dict[str, object]]:
    """Return the messages of the only conversation that is kept, on all its branches."""
    (summary,) = cli.json("history", "list", "--format", "json")
    data = json.loads(cli.run("history", "export", summary["id"], "--format", "json").stdout)
    return [*data["messages"], *data.get("branches", [])]


def test_text_has_the_replies_in_the_order_of_the_names_each_under_its_figures(cli: Command) -> None:
    done = cli.run("ask", "--compare", MODELS, "hello")
    assert (done.returncode, done.stderr) == (0, b"")
    headings = re.findall(r"^# (\S+) · first token [\d.]+ s(?: · \d+ tokens/s)?", done.stdout.decode(), re.MULTILINE)
    assert headings == NAMES
    assert done.stdout.decode().count(script_for("hello").strip()) == 3


def test_json_is_one_object_and_the_replies_are_branches_of_one_prompt(cli: Command) -> None:
    whole = cli.json("ask", "--compare", MODELS, "--format", "json", "hello")
    assert [reply["name"] for reply in whole["replies"]] == NAMES
    assert [reply["text"] for reply in whole["replies"]] == [script_for("hello")] * 3
    assert {reply["conversation_id"] for reply in whole["replies"]} == {whole["conversation_id"]}
    messages = kept(cli)
    assert sorted(message["role"] for message in messages if isinstance(message["role"], str)) == [
        "assistant", "assistant", "assistant", "user",
    ]  # fmt: skip
    shown = cli.json("history", "show", whole["conversation_id"], "--format", "json")["messages"]
    assert [message["id"] for message in shown][1] == whole["replies"][0]["message_id"]
    assert cli.run("ask", "-c", "a table").returncode == 0
    assert len(cli.json("history", "show", whole["conversation_id"], "--format", "json")["messages"]) == 4


def test_who_was_asked_is_kept_with_the_conversation(cli: Command) -> None:
    cli.run("ask", "--compare", "demo,demo:demo-fast", SHORT)
    (summary,) = cli.json("history", "list", "--format", "json")
    settings = json.loads(cli.run("history", "export", summary["id"], "--format", "json").stdout)["settings"]
    assert [json.loads(settings[f"compared.{name}"])["provider.name"] for name in ("demo", "demo-fast")] == [
        "anthropic",
        "demo",
    ]


def test_each_line_says_whose_event_it_is(cli: Command) -> None:
    done = cli.run("ask", "--compare", MODELS, "--format", "jsonl", "hello")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    for name in NAMES:
        own = [event for event in events if event["contender"] == name]
        assert [own[0]["type"], own[-1]["type"]] == ["message_start", "message_stop"]
        assert "".join(event.get("text", "") for event in own if event["type"] == "text_delta") == script_for("hello")


def test_one_that_fails_costs_only_itself(cli: Command) -> None:
    done = cli.run("ask", "--compare", "demo,demo+400,demo-fast", "--format", "json", "hello")
    assert done.returncode == 1
    assert done.stderr.startswith(b"tui-chat: demo+400: ")
    assert done.stderr.count(b"\n") == 1
    statuses = [reply["streaming_status"] for reply in json.loads(done.stdout)["replies"]]
    assert statuses == ["complete", "failed", "complete"]


def test_providers_can_be_mixed_and_nothing_is_kept_if_that_is_wanted(cli: Command) -> None:
    done = cli.run("ask", "--no-save", "--compare", "anthropic:demo,demo:demo-fast", "--format", "json", SHORT)
    replies = json.loads(done.stdout)["replies"]
    assert [(reply["provider"], reply["model"]) for reply in replies] == [("anthropic", "demo"), ("demo", "demo-fast")]
    assert cli.json("history", "list", "--format", "json") == []


def test_the_same_prompt_goes_over_both_wires(cli: Command) -> None:
    with own_server() as other:
        done = cli.run(
            *("ask", "--compare", "demo,openai:llama3:8b", "--format", "json", "hello"),
            OPENAI_BASE_URL=f"{other.url}/v1",
            OPENAI_API_KEY=KEY,
        )
    replies = json.loads(done.stdout)["replies"]
    assert [reply["text"] for reply in replies] == [script_for("hello"), TEXT], done.stderr
    assert [(reply["name"], reply["provider"]) for reply in replies] == [
        ("demo", "anthropic"),
        ("llama3:8b", "openai"),
    ]
    assert [message["content"] for message in other.asked[0]["messages"]] == ["hello"]


def test_ctrl_c_discards_what_comes_and_keeps_what_is_whole(cli: Command, server: DemoServer) -> None:
    with cli.start("ask", "--compare", "demo+stall@8xall,demo+silent", "hello") as process:
        assert server.wait_for(lambda log: len(log.replies) == 2, PATIENCE_S)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_S) == 130
        assert process.stderr is not None
        assert process.stderr.read() == b"Response cancelled\n"
    assert cli.json("history", "list", "--format", "json") == []
    with cli.start("ask", "--compare", "demo,demo+silent", "hello") as process:
        assert process.stdout is not None
        assert process.stdout.read(6) == b"# demo"
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_S) == 130
    assert sorted(str(message["text"])[:5] for message in kept(cli)) == [script_for("hello")[:5], "hello"]


TIME_IS_UP = """
from tui_chat.cli.asking import Asking

fetch_one = Asking._fetch_one

async def fetch_the_last(self, *each):
    message = await fetch_one(self, *each)
    self._time_out()
    return message

Asking._fetch_one = fetch_the_last
"""
"""Runs before the program: the time is up as soon as a reply is complete, however long that takes."""


def test_what_came_in_time_is_kept_of_each(cli: Command) -> None:
    ask = ("ask", "--compare", "demo,demo+stall@8xall", "--timeout", "600", "--format", "json", "hello")
    done = cli.run(*ask, **{FIRST: TIME_IS_UP})
    assert done.returncode == 1
    assert done.stderr == b"tui-chat: demo+stall@8xall: The reply was not complete after 600 s (--timeout).\n"
    assert [reply["streaming_status"] for reply in json.loads(done.stdout)["replies"]] == ["complete", "stopped"]


def test_a_reader_who_goes_away_ends_it_quietly(cli: Command, server: DemoServer) -> None:
    with cli.start("ask", "--compare", "demo,demo+flood@1000000", "--format", "jsonl", "hello") as process:
        assert process.stdout is not None
        assert process.stdout.read(20)
        process.stdout.close()
        assert process.wait(PATIENCE_S) == 0
    assert server.wait_for(lambda log: log.open_connections == 0, PATIENCE_S)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--compare", "demo"], "--compare takes two models or more, with commas between them."),
        (["--compare", "demo,"], "There is an empty name among the models."),
        (["--compare", "demo,x", "--model", "y"], "--model does not go with --compare: name all models there."),
        (["--compare", "demo,x", "--schema", "{}"], "--schema does not go with --compare."),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(cli: Command, options: list[str], sentence: str) -> None:
    done = cli.run("ask", *options, "hello")
    assert (done.returncode, done.stderr.decode()) == (2, f"tui-chat: {sentence}\n")


def test_a_missing_key_is_said_before_anything_is_sent(cli: Command, server: DemoServer) -> None:
    done = cli.run("ask", "--compare", "demo,openai:some-model", "hello", OPENAI_API_KEY="", OPENAI_BASE_URL="")
    assert done.returncode == 1
    assert done.stderr.startswith(b"tui-chat: some-model: There is no key for OpenAI")
    assert not server.log.replies


def test_the_budget_holds_for_all_together_and_a_warning_says_whose_it_is(cli: Command, server: DemoServer) -> None:
    cli.run("config", "set", "provider.vendor_prices", "true")
    models = "claude-opus-5-5,claude-haiku-4-5"
    long = cli.run("ask", "--provider", "anthropic", "--compare", models, stdin="word " * 190_000)
    assert b"Haiku 4.5: This conversation is about" in long.stderr
    assert b"Opus 5.5: This conversation" not in long.stderr
    assert len(server.log.replies) == 2
    cli.run("config", "set", "provider.budget_usd_per_day", "0.000001")
    refused = cli.run("ask", "--provider", "anthropic", "--compare", models, "hello")
    assert refused.returncode == 1
    assert b"a day (provider.budget_usd_per_day)" in refused.stderr
    assert len(server.log.replies) == 2
