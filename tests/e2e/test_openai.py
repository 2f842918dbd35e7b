"""The program against a server that speaks Chat Completions, and what that server can do wrong."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.e2e.command import Command
from tests.e2e.test_cli_tools import stub, with_servers
from tests.null_watcher import Unwatched
from tests.unit.tools.test_servers import noted
from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, Message, utc_now
from tui_chat.chat.prompt import Prompt
from tui_chat.program.wiring import Flags, Program
from tui_chat.streaming.stop import Stop

Json: TypeAlias = dict[str, Any]
Answer: TypeAlias = Callable[["Handler"], None]

TEXT = "The answer is long, and it comes in many small pieces, one after the other, until it is done."
USAGE = {"prompt_tokens": 12, "completion_tokens": 34, "prompt_tokens_details": {"cached_tokens": 4}}


class Handler(BaseHTTPRequestHandler):
    """One connection; what is answered is the server's to say."""

    server: Completions

    def do_POST(self) -> None:
        self.server.asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self.server.answers.pop(0)(self)

    def say(self, status: int, kind: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"content-type": kind, "connection": "close", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Completions(ThreadingHTTPServer):
    """Gives its answers in turn, and notes what it was asked."""

    answers: list[Answer]
    asked: list[Json]


def chunks(text: str, *more: Json, finish: str | None = "stop") -> bytes:
    deltas = [{"role": "assistant", "content": ""}, *more, *({"content": piece} for piece in text.split("|"))]
    body = [{"id": "c1", "model": "m", "choices": [{"index": 0, "delta": delta}]} for delta in deltas]
    if finish:
        body.append({"id": "c1", "choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
    return b"".join(b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in body)


def streamed(body: bytes) -> Answer:
    return lambda handler: handler.say(200, "text/event-stream", body)


def whole(text: str) -> Answer:
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
    body = json.dumps({"id": "c1", "model": "m", "choices": [choice], "usage": USAGE}).encode()
    return lambda handler: handler.say(200, "application/json", body)


def refusal(status: int, message: str, **headers: str) -> Answer:
    body = json.dumps({"error": {"message": message, "type": "x"}}).encode()
    return lambda handler: handler.say(status, "application/json", body, **headers)


def html(handler: Handler) -> None:
    handler.say(200, "text/html", b"<html>Sign in</html>")


ALL = chunks(TEXT.replace(" ", "| "))
LAST = b'data: {"choices": [], "usage": ' + json.dumps(USAGE).encode() + b"}\n\ndata: [DONE]\n\n"
HALF, REST = TEXT[:40], TEXT[40:]

ROWS: dict[str, tuple[list[Answer], str, int]] = {
    "all is well": ([streamed(ALL + LAST)], "", 0),
    "no usage, no [DONE]": ([streamed(ALL)], "", 0),
    "null choices": ([streamed(b'data: {"choices": null}\n\n' + ALL + LAST)], "", 0),
    "a server that knows no stream_options": ([refusal(400, "unknown field stream_options"), streamed(ALL)], "", 0),
    "a rate limit": ([refusal(429, "Slow down", retry_after="0"), streamed(ALL + LAST)], "", 1),
    "a line that breaks": ([streamed(chunks(HALF, finish=None)), streamed(chunks(REST) + LAST)], "", 0),
    "an error in the stream": (
        [streamed(chunks(HALF, finish=None) + b'data: {"error": {"message": "Busy"}}\n\n'), streamed(chunks(REST))],
        "",
        0,
    ),
    "a page in place of the stream": ([html, whole(TEXT)], "", 0),
    "an error in place of the stream": ([refusal(200, "Busy"), whole(TEXT)], "", 0),
    "a key that is not accepted": ([refusal(401, "No")], "authentication", 0),
    "a conversation that is too long": ([refusal(400, "maximum context length is 8")], "too_large", 0),
}


@pytest.fixture
def completions() -> Iterator[Completions]:
    """The server."""
    server = Completions(("127.0.0.1", 0), Handler)
    server.answers, server.asked = [], []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def program(completions: Completions, tmp_path: Path) -> Iterator[Program]:
    """The program, set to that server."""
    settings = {
        "provider.name": "openai",
        "provider.model": "llama",
        "provider.base_url": f"http://127.0.0.1:{completions.server_address[1]}/v1",
    }
    problems: list[str] = []
    flags = Flags(settings, config_file=tmp_path / "config.toml", data_folder=tmp_path / "data")
    program = Program.open(flags, {"TUI_CHAT_DATA_DIR": str(tmp_path / "data")}, problems.append)
    yield program
    program.close()
    assert problems == []


@pytest.mark.parametrize("name", ROWS)
def test_a_reply_comes_through_whatever_the_server_does(name: str, program: Program, completions: Completions) -> None:
    answers, kind, retries = ROWS[name]
    completions.answers = list(answers)
    reply = asyncio.run(_asked(program))
    assert completions.answers == []
    assert str((reply.metadata.error or {}).get("kind", "")) == kind
    assert reply.text == ("" if kind else TEXT)
    assert reply.metadata.metrics.retries == retries
    assert reply.metadata.stop_reason == (None if kind else "end_turn")


async def _asked(program: Program) -> Message:
    about = program.requests.about()
    pending = exchange.send(Conversation(), Prompt("Why?"), about, utc_now())
    return await program.manager.run(program.requests.job(pending), Unwatched(), Stop())


def test_ask_prints_the_reply_its_thinking_and_what_it_used(
    cli: Command, completions: Completions, environment: Mapping[str, str]
) -> None:
    completions.answers = [streamed(chunks(TEXT, {"reasoning_content": "Hm."}) + LAST)]
    address = f"http://127.0.0.1:{completions.server_address[1]}/v1"
    options: Sequence[str] = ("--provider", "openai", "--model", "llama", "--base-url", address)
    reply = cli.json("ask", "--format", "json", *options, "Why?")
    assert (reply["text"], reply["thinking"], reply["provider"]) == (TEXT, "Hm.", "openai")
    assert [reply["usage"][name] for name in ("input_tokens", "output_tokens", "cache_read_input_tokens")] == [8, 34, 4]
    assert reply["cost_usd"] is None, "nobody knows what it costs"
    assert completions.asked[0]["messages"] == [{"role": "user", "content": "Why?"}]


def calling(name: str, **arguments: str) -> Answer:
    """Return an answer that calls a tool, its arguments in two pieces."""
    text = json.dumps(arguments)
    begin = {"index": 0, "id": "call-7", "type": "function", "function": {"name": name, "arguments": text[:5]}}
    rest = {"index": 0, "function": {"arguments": text[5:]}}
    deltas = [{"tool_calls": [begin]}, {"tool_calls": [rest]}]
    return streamed(chunks("I look.", *deltas, finish="tool_calls") + LAST)


def test_a_tool_is_called_and_the_reply_goes_on(
    cli: Command, completions: Completions, environment: Mapping[str, str], tmp_path: Path
) -> None:
    cli.environment["STUB_FOLDER"] = str(tmp_path)
    with_servers(environment, stub=stub("echo,other"))
    completions.answers = [calling("stub__echo", text="Zebra"), streamed(ALL + LAST)]
    address = f"http://127.0.0.1:{completions.server_address[1]}/v1"
    options = ("--provider", "openai", "--model", "llama", "--base-url", address, "--allow-tool", "stub:echo")
    reply = cli.json("ask", "--format", "json", *options, "Why?")
    assert noted(tmp_path, "calls") == [json.dumps({"text": "Zebra"})]
    assert (reply["text"].startswith("I look."), reply["text"].endswith(TEXT)) == (True, True)
    first, second = completions.asked
    assert [tool["function"]["name"] for tool in first["tools"]] == ["stub__echo"]
    assert second["tools"] == first["tools"]
    asked, called, result = second["messages"]
    assert asked == {"role": "user", "content": "Why?"}
    assert called["content"] == "I look."
    assert [call["function"]["name"] for call in called["tool_calls"]] == ["stub__echo"]
    assert json.loads(called["tool_calls"][0]["function"]["arguments"]) == {"text": "Zebra"}
    assert result == {"role": "tool", "tool_call_id": "call-7", "content": "Zebra"}
