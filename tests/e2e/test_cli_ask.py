"""`tui-chat ask` against the real demo server: what comes out, in every format, and what is kept."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.e2e.command import Command
from tests.e2e.conftest import KEY
from tests.pictures import PNG
from tui_chat.demo import DemoServer, script_for

FIELDS = [
    "conversation_id",
    "message_id",
    "text",
    "thinking",
    "stop_reason",
    "streaming_status",
    "model",
    "provider",
    "mode",
    "usage",
    "cost_usd",
    "metrics",
]
USAGE = ["input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"]
METRICS = [
    "ttft_ms",
    "duration_ms",
    "chars_per_second",
    "tokens_per_second",
    "retries",
    "resumes",
    "fallback",
]


def test_the_text_of_the_reply_is_printed_exactly_and_ends_with_a_newline(cli: Command) -> None:
    done = cli.run("ask", "hello")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().rstrip("\n") == script_for("hello").rstrip("\n")
    assert done.stdout.endswith(b"\n")
    assert not done.stdout.endswith(b"\n\n")


def test_text_is_printed_while_the_server_is_still_sending(cli: Command, server: DemoServer) -> None:
    with cli.start("ask", "--model", "demo+stall@8xall", "hello") as process:
        assert process.stdout is not None
        first = os.read(process.stdout.fileno(), 1000)
        assert script_for("hello").encode().startswith(first)
        assert not server.log.replies[-1].completed
        process.kill()


@pytest.mark.parametrize("mode", ["--stream", "--batch"])
def test_json_is_one_object_with_every_field(cli: Command, mode: str) -> None:
    reply = cli.json("ask", "--format", "json", mode, "a table")
    assert list(reply) == FIELDS
    assert list(reply["usage"]) == USAGE
    assert list(reply["metrics"]) == METRICS
    assert reply["text"] == script_for("a table")
    assert reply["streaming_status"] == "complete"
    assert reply["stop_reason"] == "end_turn"
    assert reply["mode"] == mode.removeprefix("--")
    assert reply["provider"] == "anthropic"
    assert reply["usage"]["output_tokens"] > 0


def test_jsonl_is_the_events_of_the_stream(cli: Command) -> None:
    done = cli.run("ask", "--format", "jsonl", "--model", "demo+thinking", "hello")
    events = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert [events[0]["type"], events[-1]["type"]] == ["message_start", "message_stop"]
    assert {"thinking_delta", "signature_delta", "text_delta"} <= {event["type"] for event in events}
    text = "".join(event["text"] for event in events if event["type"] == "text_delta")
    assert text == script_for("hello")


@pytest.mark.parametrize(
    ("arguments", "stdin", "prompt"),
    [
        (["What is this?"], "", "What is this?"),
        ([], "What is this?\n", "What is this?"),
        (["What is this?"], "line 1\nline 2\n", "What is this?\n\nline 1\nline 2"),
        (["--", "-1 + 2"], "", "-1 + 2"),
    ],
)
def test_the_prompt_is_the_argument_and_standard_input(
    cli: Command, server: DemoServer, arguments: list[str], stdin: str, prompt: str
) -> None:
    done = cli.run("ask", *arguments, stdin=stdin)
    assert done.returncode == 0, done.stderr
    assert _prompts(server) == [prompt]


def test_a_prompt_of_one_megabyte_is_sent_whole(cli: Command, server: DemoServer) -> None:
    prompt = "word " * 200_000
    done = cli.run("ask", "--no-save", stdin=prompt)
    assert done.returncode == 0, done.stderr
    assert len(_prompts(server)[0]) == len(prompt)


def test_files_go_with_the_prompt_and_stay_in_the_conversation(
    cli: Command, server: DemoServer, tmp_path: Path
) -> None:
    picture, notes = tmp_path / "a.png", tmp_path / "notes \x1b[31m.md"
    picture.write_bytes(PNG)
    notes.write_text("Remember.")
    cli.run("ask", "--attach", str(picture), "--attach", str(notes), "What is this?")
    cli.run("ask", "-c", "And now?")
    for exchange in server.log.replies:
        first = exchange.body["messages"][0]["content"]
        assert [block["type"] for block in first] == ["image", "document", "text"]
        assert first[1]["source"]["data"] == "Remember."
    shown = cli.run("history", "show", cli.json("history", "list", "--format", "json")[0]["id"]).stdout.decode()
    assert "with a.png, with notes" in shown
    assert "\x1b[31m" not in shown
    for wrong, why in ((tmp_path / "none.md", "is not there"), (tmp_path, "is a folder")):
        done = cli.run("ask", "--attach", str(wrong), "What is this?")
        assert (done.returncode, done.stdout) == (2, b"")
        assert f"tui-chat: {wrong.name} {why}" in done.stderr.decode()


def test_options_reach_the_request(cli: Command, server: DemoServer) -> None:
    cli.run("ask", "--model", "demo-fast", "--system", "Be brief.", "hello")
    body = server.log.replies[-1].body
    assert body["model"] == "demo-fast"
    assert "Be brief." in json.dumps(body["system"])


def test_settings_reach_the_request(cli: Command, server: DemoServer, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir(exist_ok=True)
    (tmp_path / "config" / "config.toml").write_text("""
[provider]
model = "claude-haiku-4-5"
max_tokens = 5000
temperature = 0.5
stop_sequences = ["END"]
betas = ["context-9", "output-2"]
web_search = true
""")
    cli.run("ask", "--system", "Be brief.", "# hello\n" + "word " * 2000)
    reply = cli.json("ask", "--format", "json", "--continue", "/fault search thinking\n/tokens 400\nAnd?")
    sent = server.log.replies[-1]
    assert {name: sent.body[name] for name in ("max_tokens", "temperature", "stop_sequences")} == {
        "max_tokens": 5000,
        "temperature": 0.5,
        "stop_sequences": ["END"],
    }
    assert sent.headers["anthropic-beta"] == "context-9,output-2"
    assert [tool["name"] for tool in sent.body["tools"]] == ["web_search"]
    marked = [block for turn in sent.body["messages"] for block in turn["content"] if "cache_control" in block]
    assert len(marked) == 2, "both prompts"
    assert reply["usage"]["web_search_requests"] == 1
    kept = reply["usage"]["cache_creation_input_tokens"]
    assert kept > 2000
    cli.run("config", "set", "provider.thinking", "2048")
    third = cli.json("ask", "--format", "json", "--continue", "Why?")
    assert third["usage"]["cache_read_input_tokens"] == kept
    body = server.log.replies[-1].body
    assert body["thinking"] == {"type": "enabled", "budget_tokens": 2048}
    assert "temperature" not in body, "who thinks takes none"
    came = {block["type"] for block in body["messages"][3]["content"]}
    assert came == {"thinking", "text", "server_tool_use", "web_search_tool_result"}


def test_continue_sends_what_was_said_before(cli: Command, server: DemoServer) -> None:
    first = cli.json("ask", "--format", "json", "hello")
    second = cli.json("ask", "--format", "json", "-c", "and a table")
    third = cli.json("ask", "--format", "json", "--resume", first["conversation_id"][:10], "thanks")
    assert first["conversation_id"] == second["conversation_id"] == third["conversation_id"]
    assert [turn["role"] for turn in server.log.replies[-1].body["messages"]] == ["user", "assistant"] * 2 + ["user"]
    stored = cli.json("history", "show", first["conversation_id"], "--format", "json")
    assert [message["text"] for message in stored["messages"][1::2]] == [first["text"], second["text"], third["text"]]


@pytest.mark.parametrize("by_a_setting", [False, True])
def test_no_save_keeps_nothing_and_may_still_go_on_with_a_conversation(
    cli: Command, server: DemoServer, by_a_setting: bool
) -> None:
    cli.run("ask", "hello")
    if by_a_setting:
        cli.run("config", "set", "history.save", "false")
    done = cli.run("ask", *([] if by_a_setting else ["--no-save"]), "-c", "and a table")
    assert done.returncode == 0, done.stderr
    assert len(server.log.replies[-1].body["messages"]) == 3
    (conversation,) = cli.json("history", "list", "--format", "json")
    assert conversation["messages"] == 2


def test_a_retry_is_silent_where_nobody_watches(cli: Command, server: DemoServer) -> None:
    done = cli.run("ask", "--format", "json", "--model", "demo+529x1", "hello")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["metrics"]["retries"] == 1
    assert len(server.log.replies) == 2


def test_a_broken_stream_is_resumed_without_a_seam(cli: Command) -> None:
    done = cli.run("ask", "--model", "demo+reset@20", "a table")
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode() == script_for("a table")


def test_a_failed_request_is_a_sentence_and_exit_1(cli: Command) -> None:
    done = cli.run("ask", "--format", "json", "--model", "demo+401", "hello")
    assert done.returncode == 1
    assert b"key" in done.stderr
    assert b"(request req_demo_000001)" in done.stderr
    assert done.stderr.count(b"\n") == 1
    assert json.loads(done.stdout)["streaming_status"] == "failed"


def test_a_timeout_is_a_failure_that_keeps_the_prompt(cli: Command) -> None:
    done = cli.run("ask", "--timeout", "0.5", "--model", "demo+silent", "hello")
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"after 0.5 s (--timeout)" in done.stderr
    (conversation,) = cli.json("history", "list", "--format", "json")
    prompt, reply = cli.json("history", "show", conversation["id"], "--format", "json")["messages"]
    assert (prompt["text"], reply["streaming_status"]) == ("hello", "stopped")


@pytest.mark.parametrize("options", [[], ["--no-save"]])
def test_what_goes_over_the_budget_is_refused(cli: Command, server: DemoServer, options: list[str]) -> None:
    cli.run("config", "set", "provider.budget_usd_per_day", "0.000001")
    done = cli.run("ask", *options, "--model", "claude-sonnet-5-5", "hello")
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"a day (provider.budget_usd_per_day)" in done.stderr
    assert server.log.replies == ()


def test_without_a_key_ask_says_how_to_set_one(cli: Command, server: DemoServer) -> None:
    done = cli.run("ask", "hello", ANTHROPIC_API_KEY="", ANTHROPIC_BASE_URL="")
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"ANTHROPIC_API_KEY" in done.stderr
    assert b"--demo" in done.stderr
    assert server.log.replies == ()


def test_the_demo_needs_no_key(cli: Command) -> None:
    prompt = "/tokens 12\nhello"  # it comes at a reader's pace
    done = cli.run("ask", "--demo", prompt, ANTHROPIC_API_KEY="")
    assert done.stdout.decode().rstrip("\n") == script_for(prompt)


def test_the_key_is_nowhere_in_what_is_written(cli: Command) -> None:
    runs = [
        cli.run("ask", "--format", "json", "--model", "demo+401", "hello"),
        cli.run("ask", "hello", ANTHROPIC_API_KEY=KEY + "\u00e9"),
        cli.run("doctor", "--online"),
        cli.run("config", "show"),
    ]
    for done in runs:
        assert KEY.encode() not in done.stdout + done.stderr


def test_text_comes_out_raw_for_another_program(cli: Command) -> None:
    done = cli.run("ask", "--model", "demo+hostile", "hello")
    assert b"\x1b" in done.stdout


def _prompts(server: DemoServer) -> list[str]:
    """Return the last user turn of each request for a reply."""
    turns = [exchange.body["messages"][-1]["content"] for exchange in server.log.replies]
    return [turn if isinstance(turn, str) else "".join(block["text"] for block in turn) for turn in turns]


def test_a_prompt_with_a_secret_is_sent_only_if_that_is_said(cli: Command, server: DemoServer) -> None:
    cli.run("config", "set", "provider.vendor_prices", "true")  # the server stands for the way to one elsewhere
    cli.run("config", "set", "provider.secret_check", "true")
    prompt = "Use AKIAAB3DE5GH7JK2MN4P and ghp_aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zCaB3d"
    done = cli.run("ask", prompt)
    assert (done.returncode, done.stdout, server.log.replies) == (1, b"", ())
    assert done.stderr.decode() == (
        "tui-chat: The prompt seems to contain a secret: AWS access key AKIA…, GitHub token ghp_…. "
        "Nothing was sent; --send-secrets sends it anyway.\n"
    )
    done = cli.run("ask", "--send-secrets", prompt)
    assert (done.returncode, len(server.log.replies)) == (0, 1)
    assert done.stderr.decode() == "The prompt seems to contain a secret: AWS access key AKIA…, GitHub token ghp_….\n"


def test_a_template_is_filled_and_goes_before_standard_input(cli: Command, tmp_path: Path, server: DemoServer) -> None:
    folder = tmp_path / "config" / "templates"
    folder.mkdir()
    (folder / "review.md").write_text("Review this {{language}} {{tone:kindly|harshly=kindly}}:\n")
    done = cli.run("ask", "--template", "review", "--param", "language=C", "Be brief.", stdin="int x;\n")
    assert (done.returncode, done.stderr) == (0, b"")
    assert _prompts(server) == ["Review this C kindly:\n\nBe brief.\n\nint x;"]
    for arguments, says in (
        ([], "The template needs language."),
        (["--param", "language=C", "--param", "tones=x"], "did you mean tone?"),
        (["--param", "language=C", "--param", "language=D"], "is given twice"),
        (["--param", "language"], "is no NAME=VALUE"),
    ):
        refused = cli.run("ask", "--template", "review", *arguments)
        assert refused.returncode == 2
        assert says in refused.stderr.decode()
    assert len(server.log.replies) == 1


def test_a_persona_brings_its_model_and_its_prompt(cli: Command, tmp_path: Path, server: DemoServer) -> None:
    folder = tmp_path / "config" / "personas"
    folder.mkdir()
    (folder / "poet.md").write_text("---\nmodel: demo-poet\nmodell: x\nmax_tokens: 77\n---\nYou are a poet.\n")
    done = cli.run("ask", "--persona", "poet", "hello")
    assert "personas/poet.md line 3" in done.stderr.decode()
    cli.run("ask", "--persona", "poet", "--model", "demo", "hello")
    bodies = [reply.body for reply in server.log.replies]
    assert [body["model"] for body in bodies] == ["demo-poet", "demo"]
    assert bodies[0]["max_tokens"] == bodies[1]["max_tokens"] == 77
    assert "You are a poet." in json.dumps(bodies[0]["system"])


def test_files_that_are_too_much_for_one_request_together_are_not_sent(cli: Command, tmp_path: Path) -> None:
    for name in ("one.pdf", "two.pdf"):
        (tmp_path / name).write_bytes(b"%PDF-1.7\n" + name.encode() * 1_800_000)
    first = cli.run("ask", "--model", "claude-opus-4-6", "--attach", str(tmp_path / "one.pdf"), "Read this")
    assert first.returncode == 0
    second = cli.run("ask", "--model", "claude-opus-4-6", "-c", "--attach", str(tmp_path / "two.pdf"), "And this")
    assert (second.returncode, second.stdout) == (1, b"")
    assert "claude-opus-4-6 takes 32 MB in one request. Nothing was sent" in second.stderr.decode()
