"""Replies and files that are made to break the program: it shows what it can, and opens again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.e2e.command import Command
from tests.e2e.scripted_server import dictating, ending, reply_events
from tests.e2e.terminal import Terminal
from tests.e2e.test_own_faults import spoiled, words
from tests.e2e.warm import WarmProgram

HUGE = 10**400
DEEP = "[" * 2_000 + "]" * 2_000
CONVERSATIONS, NEW, ESC, QUIT = "\x0f", "\x0e", "\x1b", "\x11"


def nested(depth: int) -> Any:
    return json.loads("[" * depth + "]" * depth)


def with_end(**usage: Any) -> list[dict[str, Any]]:
    """Return a reply whose usage is what is given."""
    events = reply_events(["The answer."])
    events[-2]["usage"] = usage
    return events


def with_tool(arguments: str) -> list[dict[str, Any]]:
    """Return a reply that calls a tool before its text."""
    call = {"type": "tool_use", "id": "i" * 1_000_000, "name": "look", "input": {}}
    delta = {"type": "input_json_delta", "partial_json": arguments}
    start, *text = reply_events(["The answer."])[:-2]
    return [
        start,
        {"type": "content_block_start", "index": 0, "content_block": call},
        {"type": "content_block_delta", "index": 0, "delta": delta},
        {"type": "content_block_stop", "index": 0},
        *({**event, "index": 1} for event in text),
        *ending(),
    ]


POISON: Mapping[str, Sequence[dict[str, Any]]] = {
    "arguments of a tool": with_tool(DEEP),
    "a count of tokens": with_end(output_tokens=HUGE, input_tokens=HUGE),
    "searches": with_end(output_tokens=1, server_tool_use={"web_search_requests": HUGE}),
    "details of the stop": [
        *reply_events(["The answer."])[:-2],
        {
            "type": "message_delta",
            "delta": {"stop_reason": "refusal", "stop_details": {"explanation": nested(700)}},
            "usage": {"output_tokens": -1},
        },
        {"type": "message_stop"},
    ],
    "a block of no known kind": [
        *reply_events(["The answer."])[:-2],
        {"type": "content_block_start", "index": 1, "content_block": {"type": "novel", "x": nested(700)}},
        {"type": "content_block_stop", "index": 1},
        *ending(),
    ],
}


def test_no_reply_closes_the_app_and_each_opens_again(environment: Mapping[str, str], warm: WarmProgram) -> None:
    with dictating(lambda prompt: POISON[prompt]) as url:
        environment = {**environment, "ANTHROPIC_BASE_URL": url}
        with Terminal(["--model", "dictated"], environment, warm, size=(100, 30)) as terminal:
            for what in POISON:
                terminal.send(NEW)
                terminal.wait_for(lambda text: "The answer." not in text and "● Ready" in text)
                terminal.send(f"{what}\r")
                terminal.wait_for(lambda text: "The answer." in text and "● Ready" in text)
            check_life(terminal)
    with Terminal(["--model", "dictated"], environment, warm, size=(100, 30)) as terminal:
        for what in POISON:
            open_conversation(terminal, what, "The answer.")
        check_life(terminal)


def open_conversation(terminal: Terminal, title: str, reply: str) -> None:
    """Choose one in the list, and wait until its reply is shown."""
    terminal.wait_for(lambda text: "● Ready" in text and "Close" not in text)
    terminal.send(CONVERSATIONS)
    terminal.wait_for("Close")
    terminal.send(title)
    terminal.wait_for("1 found")
    terminal.send("\r")
    terminal.wait_for(lambda text: text.startswith(f"  tui-chat   {title}\n") and reply in text and "● Ready" in text)


def check_life(terminal: Terminal) -> None:
    """Type something, and quit."""
    terminal.send("still here")
    terminal.wait_for("still here")
    terminal.send(QUIT)
    assert terminal.exit_code() == 0


def message(**values: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "text": "Why?"}, {"role": "assistant", "text": "So it is.", **values}]}


FILES = {
    "no citation": message(parts=[{"type": "text", "text": "So it is.", "citations": [1]}]),
    "an error of an odd kind": message(streaming_status="failed", stream_metadata={"error": {"kind": {"a": 1}}}),
    "usage": message(stream_metadata={"usage": {"input_tokens": HUGE, "output_tokens": HUGE}, "cost_usd": HUGE}),
    "no model": message(stream_metadata={"model": None}),
    "deep details": message(stream_metadata={"stop_details": {"explanation": nested(700)}}),
    "deep arguments": message(
        parts=[
            {"type": "tool_call", "id": "", "name": "", "arguments": DEEP},
            {"type": "text", "text": "So it is."},
        ]
    ),
}


def test_no_file_closes_the_app_and_every_conversation_can_be_found(
    cli: Command, environment: Mapping[str, str], warm: WarmProgram
) -> None:
    for what, data in FILES.items():
        done = cli.run("history", "import", "-", stdin=json.dumps({"title": what, **data}))
        assert done.returncode == 0, done.stderr
    assert {item["title"] for item in cli.json("history", "list", "--format", "json")} == set(FILES)
    with Terminal(["--continue"], environment, warm, size=(100, 30)) as terminal:
        terminal.wait_for("So it is.")
        terminal.send(CONVERSATIONS)
        terminal.wait_for(lambda text: all(what in text for what in FILES))
        terminal.send(ESC)
        for what in FILES:
            open_conversation(terminal, what, "So it is.")
        check_life(terminal)


def test_a_conversation_that_ended_the_app_is_not_opened_again_by_itself(
    cli: Command, environment: Mapping[str, str], warm: WarmProgram, tmp_path: Path
) -> None:
    done = cli.run("history", "import", "-", stdin=json.dumps({"title": "Poison", **message()}))
    assert done.returncode == 0
    unlucky = {**environment, **spoiled("tui_chat.ui.messages.streaming_message.StreamingMessage.build", tmp_path)}
    (tmp_path / "trigger").touch()
    with Terminal(["--continue"], unlucky, warm, size=(150, 30)) as terminal:
        assert terminal.exit_code() == 1
        terminal.wait_for(lambda text: "tui-chat met a fault of its own" in words(text))
    with Terminal(["--continue"], unlucky, warm, size=(150, 30)) as terminal:
        terminal.wait_for(lambda text: "ended while it opened “Poison”" in words(text) and "● Ready" in text)
        assert "So it is." not in terminal.text
        terminal.send(QUIT)
        assert terminal.exit_code() == 0
    (tmp_path / "trigger").unlink()
    with Terminal(["--continue"], unlucky, warm, size=(150, 30)) as terminal:
        terminal.wait_for("So it is.")
