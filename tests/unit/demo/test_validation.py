"""Requests that the real API refuses are refused here too."""

from typing import Any

import pytest

from tui_chat.demo.blocks import signature_of
from tui_chat.demo.validation import objection_to

USER = {"role": "user", "content": "hello"}
CALL = {"type": "tool_use", "id": "t1", "name": "look", "input": {}}
RESULT = {"type": "tool_result", "tool_use_id": "t1", "content": "seen"}
SEARCH = {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {}}
FOUND = {"type": "web_search_tool_result", "tool_use_id": "s1", "content": []}
MARK = {"cache_control": {"type": "ephemeral"}}


def request(*messages: Any, **fields: Any) -> dict[str, Any]:
    return {"model": "demo", "max_tokens": 100, "messages": list(messages), **fields}


def assistant(*content: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": list(content)}


def thinking(text: str, signature: str) -> dict[str, Any]:
    return {"type": "thinking", "thinking": text, "signature": signature}


def text(value: str, **fields: Any) -> dict[str, Any]:
    return {"type": "text", "text": value, **fields}


@pytest.mark.parametrize(
    "body",
    [
        request(USER),
        request({"role": "user", "content": [text("hello")]}),
        request(USER, assistant(text("half an ans"))),
        request(USER, assistant()),
        request(USER, assistant(CALL), {"role": "user", "content": [RESULT]}),
        request(USER, assistant(SEARCH, FOUND, text("found")), USER),
        request(USER, assistant(SEARCH)),
        request(USER, assistant(thinking("hm", signature_of("hm")), text("so")), USER),
        request(USER, assistant(thinking("hm", "somebody else's"), text("so")), USER),
        request(USER, assistant({"type": "block_of_tomorrow"}, text("so")), USER),
        request(USER, USER),
        request(USER, thinking={"type": "enabled", "budget_tokens": 1024}, max_tokens=2000),
        request(USER, system=[text("x", **MARK)]),
    ],
)
def test_what_the_api_takes_is_taken(body: dict[str, Any]) -> None:
    assert objection_to(body) is None


@pytest.mark.parametrize(
    ("body", "objection"),
    [
        (None, "valid dictionary"),
        ([], "valid dictionary"),
        ({}, "model: Field required"),
        (request(USER, model=""), "model: Field required"),
        (request(USER, max_tokens=None), "max_tokens: Field required"),
        (request(USER, max_tokens=0), "max_tokens: Input should be"),
        (request(USER, max_tokens="7"), "max_tokens: Input should be"),
        (request(), "at least one message"),
        (request("hello"), "messages.0: Input should be a valid dictionary"),
        (request(USER, messages=None), "messages: Field required"),
        (request({"role": "system", "content": "x"}), "messages.0.role"),
        (request({"role": "user", "content": None}), "messages.0.content"),
        (request({"role": "user", "content": [7]}), "messages.0.content.0"),
        (request({"role": "user", "content": [{"type": "text"}]}), "messages.0.content.0.text"),
        (request(assistant(text("x")), USER), "first message must use"),
        (request(USER, assistant(), USER), "messages.1: all messages must have non-empty content"),
        (request({"role": "user", "content": ""}), "messages.0: all messages must have non-empty content"),
        (request({"role": "user", "content": [text("")]}), "text content blocks must be non-empty"),
        (request({"role": "user", "content": "  \n"}), "must contain non-whitespace text"),
        (request(USER, assistant(text("so "))), "cannot end with trailing whitespace"),
        (request(USER, assistant(CALL), USER), "messages.1: `tool_use` ids were found"),
        (request(USER, assistant(CALL)), "messages.1: `tool_use` ids were found"),
        (
            request(USER, assistant(text("x")), {"role": "user", "content": [RESULT]}),
            "messages.2.content.0: unexpected",
        ),
        (request(USER, assistant(SEARCH, text("x")), USER), "`web_search` tool use with id `s1`"),
        (request(USER, assistant(thinking("hum", signature_of("hm")), text("so")), USER), "Invalid `signature`"),
        (request(USER, assistant(thinking("hm", ""), text("so")), USER), "signature: Field required"),
        (request(USER, assistant(text("so"), thinking("hm", "x"))), "cannot be `thinking`"),
        (request(USER, assistant({"type": "hologram"}), USER), "messages.1.content.0: Input tag 'hologram' found"),
        (request(USER, stop_sequences=7), "stop_sequences: Input should be"),
        (request(USER, stop_sequences=[7]), "stop_sequences: Input should be"),
        (request(USER, thinking={"type": "enabled", "budget_tokens": 10}), "greater than or equal to 1024"),
        (request(USER, thinking={"type": "enabled", "budget_tokens": 2000}), "`max_tokens` must be greater"),
        (request({"role": "user", "content": [text("x", **MARK)] * 5}), "A maximum of 4 blocks"),
    ],
)
def test_what_the_api_refuses_is_refused_in_its_words(body: Any, objection: str) -> None:
    assert objection in (objection_to(body) or "")


def test_counting_needs_no_limit() -> None:
    body = {"model": "demo", "messages": [USER]}
    assert objection_to(body, counting=True) is None
    assert objection_to(body) == "max_tokens: Field required"
