"""The request: to each model in the form that it takes, and what it wrote before unchanged."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import pytest

from tui_chat.chat.events import StreamEvent
from tui_chat.chat.message import Message, Role
from tui_chat.chat.parts import FilePart, OpaquePart, Part, TextPart, ThinkingPart, ToolCallPart, ToolResultPart
from tui_chat.chat.request import ReplyRequest, Tool, Turn, turns_from
from tui_chat.demo.validation import objection_to
from tui_chat.providers.anthropic_request import WEB_SEARCH, counting_params, message_params

if TYPE_CHECKING:
    from tests.unit.providers.conftest import Loopback

RequestFor = Callable[..., ReplyRequest]
Collect = Callable[..., Awaitable[list[StreamEvent]]]

START = {"type": "message_start", "message": {"id": "i", "model": "m"}}
STOP = {"type": "message_stop"}
LONG = "word " * 2_000


def conversation(*texts: str, model: str = "claude-sonnet-5-5", **options: Any) -> ReplyRequest:
    roles = (Role.USER, Role.ASSISTANT)
    turns = tuple(Turn(roles[number % 2], (TextPart(text),)) for number, text in enumerate(texts))
    return ReplyRequest(model, turns, **options)


ADAPTIVE = {"type": "adaptive", "display": "summarized"}


@pytest.mark.parametrize(
    ("model", "wish", "thinking", "effort"),
    [
        ("claude-opus-5-5", "off", None, None),
        ("claude-opus-5", "off", {"type": "disabled"}, None),
        ("claude-opus-4-8", "off", None, None),
        ("claude-sonnet-5-5", "off", {"type": "between_tools"}, None),
        ("claude-haiku-5-5", "off", {"type": "disabled"}, None),
        ("claude-haiku-4-5", "off", None, None),
        ("claude-opus-5-5", "on", ADAPTIVE, None),
        ("claude-opus-4-6", "high", ADAPTIVE, "high"),
        ("claude-sonnet-5-5", "low", ADAPTIVE, "low"),
        ("claude-sonnet-5-5", "2048", ADAPTIVE, "low"),
        ("claude-sonnet-5-5", "4096", ADAPTIVE, "medium"),
        ("claude-sonnet-5-5", "100000", ADAPTIVE, "high"),
        ("claude-haiku-4-5", "on", {"type": "enabled", "budget_tokens": 8192}, None),
        ("claude-haiku-4-5-20251001", "low", {"type": "enabled", "budget_tokens": 2048}, None),
        ("claude-sonnet-4-5", "4096", {"type": "enabled", "budget_tokens": 4096}, None),
        ("claude-sonnet-4-5", "999999", {"type": "enabled", "budget_tokens": 62_976}, None),
        ("claude-opus-9", "on", ADAPTIVE, None),
        ("some-server's-own", "on", {"type": "enabled", "budget_tokens": 7168}, None),
        ("some-server's-own", "off", None, None),
    ],
)
def test_thinking_takes_the_form_of_the_model(
    model: str, wish: str, thinking: dict[str, Any] | None, effort: str | None, request_for: RequestFor
) -> None:
    params = message_params(request_for(model=model, thinking=wish))
    assert params.get("thinking") == thinking
    assert params.get("output_config", {}).get("effort") == effort


def test_a_reply_too_short_for_a_budget_comes_without_thinking(request_for: RequestFor) -> None:
    assert "thinking" not in message_params(request_for(thinking="on", max_tokens=1_000))
    assert "thinking" not in message_params(request_for(thinking="on", max_tokens=2_047))
    assert message_params(request_for(thinking="on", max_tokens=3_000))["thinking"]["budget_tokens"] == 1_976


@pytest.mark.parametrize(("words", "most"), [(10, 64_000), (90_000, 50_000), (500_000, 1_024)])
def test_the_longest_reply_is_what_the_context_has_room_for(words: int, most: int, request_for: RequestFor) -> None:
    asked = message_params(request_for("word " * words))["max_tokens"]
    assert asked == pytest.approx(most, rel=0.01)
    assert message_params(request_for("word " * words, max_tokens=64_000))["max_tokens"] == 64_000


@pytest.mark.parametrize(
    ("model", "given", "sent"),
    [
        ("claude-haiku-4-5", None, 64_000),
        ("claude-sonnet-5-5", None, 128_000),
        ("us.anthropic.claude-haiku-4-5-20251001-v1:0", None, 64_000),
        ("claude-haiku-4-5@20251001", None, 64_000),
        ("anthropic/claude-opus-5-5[1m]", None, 128_000),
        ("claude-haiku-4-5", 10, 10),
        ("unheard-of", None, 8_192),
    ],
)
def test_max_tokens_is_the_models_own_limit_unless_given(
    model: str, given: int | None, sent: int, request_for: RequestFor
) -> None:
    assert message_params(request_for(model=model, max_tokens=given))["max_tokens"] == sent


@pytest.mark.parametrize(
    ("model", "thinking", "sent"),
    [
        ("claude-haiku-4-5", "off", True),
        ("claude-haiku-4-5", "on", False),
        ("claude-opus-4-6", "off", True),
        ("claude-opus-4-7", "off", False),
        ("claude-sonnet-5-5", "off", False),
        ("some-server's-own", "off", True),
    ],
)
async def test_temperature_goes_only_to_models_that_take_it(
    model: str, thinking: str, sent: bool, server: Loopback, collect: Collect, request_for: RequestFor
) -> None:
    server.will(server.sse(START, STOP))
    await collect(server.provider(), request_for(model=model, thinking=thinking, temperature=0.2))
    assert server.received[0].body.get("temperature") == (0.2 if sent else None)


async def test_the_whole_request_arrives_as_it_was_meant(
    server: Loopback, collect: Collect, request_for: RequestFor
) -> None:
    server.will(server.sse(START, STOP))
    request = request_for(
        "Grüße",
        system="Be brief.",
        stop_sequences=("END",),
        web_search=True,
        betas=("context-9", "output-2"),
    )
    await collect(server.provider(), request)
    (received,) = server.received
    assert received.line.startswith("POST /v1/messages ")
    assert received.headers["anthropic-beta"] == "context-9,output-2"
    assert received.body == {
        "model": "claude-haiku-4-5",
        "max_tokens": 64_000,
        "stream": True,
        "system": [{"type": "text", "text": "Be brief."}],
        "stop_sequences": ["END"],
        "tools": [{"type": "web_search_20250305", "name": "web_search", "max_uses": 5}],
        "messages": [{"role": "user", "content": [{"type": "text", "text": "Grüße"}]}],
    }


async def test_a_model_at_its_end_gives_no_warning(
    server: Loopback, collect: Collect, request_for: RequestFor, capfd: pytest.CaptureFixture[str]
) -> None:
    server.will(server.sse(START, STOP))
    await collect(server.provider(), request_for(model="claude-sonnet-4-5"))
    await collect(server.provider(), request_for(model="claude-opus-4-6", thinking="4096"))
    assert capfd.readouterr() == ("", "")


def marks(params: dict[str, Any]) -> list[str]:
    """Return the places of cache marks."""
    system = [f"system {number}" for number, block in enumerate(params.get("system", [])) if "cache_control" in block]
    return system + [
        f"message {number}"
        for number, message in enumerate(params["messages"])
        for block in message["content"]
        if "cache_control" in block
    ]


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (conversation(LONG, "a", "b", system="S"), ["system 0", "message 0", "message 2"]),
        (conversation(LONG, "a", "b"), ["message 0", "message 2"]),
        (conversation(LONG, "a", "b", "c", "d", "e", "f", system="S"), ["system 0", "message 4", "message 6"]),
        (conversation("short", "a", "b", system="S"), []),
        (conversation(LONG, system="S"), []),
        (conversation(LONG, "a", "b", system="S", prompt_caching=False), []),
    ],
    ids=["long", "without a system prompt", "longer", "short", "a single prompt", "switched off"],
)
def test_a_long_conversation_is_marked_for_the_cache(request_: ReplyRequest, expected: list[str]) -> None:
    assert marks(message_params(request_)) == expected


SIGNED = ThinkingPart("hm\ud83d", "s1g")
RESULT = OpaquePart("web_search_tool_result", {"type": "web_search_tool_result", "tool_use_id": "s1", "content": []})
REDACTED = OpaquePart("redacted_thinking", {"type": "redacted_thinking", "data": "blob"})


@pytest.mark.parametrize(
    ("part", "block"),
    [
        (TextPart("Hi"), {"type": "text", "text": "Hi"}),
        (TextPart("Hi", ({"url": "u"},)), {"type": "text", "text": "Hi", "citations": [{"url": "u"}]}),
        (TextPart("a\ud83d\ude00b\ud83d"), {"type": "text", "text": "a😀b\ufffd"}),
        (SIGNED, {"type": "thinking", "thinking": "hm\ud83d", "signature": "s1g"}),
        (REDACTED, {"type": "redacted_thinking", "data": "blob"}),
        (ToolCallPart("t", "look", '{"a": 1}'), {"type": "tool_use", "id": "t", "name": "look", "input": {"a": 1}}),
        (ToolCallPart("t", "look", '{"a": '), {"type": "tool_use", "id": "t", "name": "look", "input": {}}),
        (ToolCallPart("t", "look", "[1]"), {"type": "tool_use", "id": "t", "name": "look", "input": {}}),
        (ToolResultPart("t", "found"), {"type": "tool_result", "tool_use_id": "t", "content": "found"}),
        (
            ToolResultPart("t", "no such file", failed=True),
            {"type": "tool_result", "tool_use_id": "t", "content": "no such file", "is_error": True},
        ),
        (ToolCallPart("s1", "s", "", True), {"type": "server_tool_use", "id": "s1", "name": "s", "input": {}}),
        (RESULT, {"type": "web_search_tool_result", "tool_use_id": "s1", "content": []}),
        (
            FilePart("a.png", "image/png", "aGk="),
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGk="}},
        ),
        (
            FilePart("a.pdf", "application/pdf", "aGk="),
            {
                "type": "document",
                "title": "a.pdf",
                "source": {"type": "base64", "media_type": "application/pdf", "data": "aGk="},
                "citations": {"enabled": True},
            },
        ),
        (
            FilePart("a.md", "text/plain", "Hi"),
            {
                "type": "document",
                "title": "a.md",
                "source": {"type": "text", "media_type": "text/plain", "data": "Hi"},
                "citations": {"enabled": True},
            },
        ),
    ],
)
def test_each_part_goes_back_as_its_block(part: Part, block: dict[str, Any]) -> None:
    request = ReplyRequest("claude-sonnet-5-5", (Turn(Role.ASSISTANT, (part,)),))
    assert message_params(request)["messages"] == [{"role": "assistant", "content": [block]}]


@pytest.mark.parametrize(
    ("model", "schema", "cites"),
    [
        ("claude-haiku-4-5", None, True),
        ("claude-of-tomorrow", None, True),
        ("demo", None, True),
        ("llama-3", None, False),
        ("claude-sonnet-5-5", {"type": "object", "properties": {}, "additionalProperties": False}, False),
    ],
)
def test_documents_are_to_be_cited_where_that_is_possible(
    model: str, schema: dict[str, Any] | None, cites: bool
) -> None:
    turn = Turn(Role.USER, (FilePart("a.md", "text/plain", "Hi"), TextPart("?")))
    document, _ = message_params(ReplyRequest(model, (turn,), schema=schema))["messages"][0]["content"]
    assert document.get("citations") == ({"enabled": True} if cites else None)


async def test_the_count_is_asked_with_what_would_be_sent(server: Loopback, request_for: RequestFor) -> None:
    server.will(server.status(200, {"input_tokens": 12}))
    request = request_for(system="S", web_search=True, thinking="on", betas=("b-1",))
    assert await server.provider().count_tokens(request) == 12
    (received,) = server.received
    assert received.line.startswith("POST /v1/messages/count_tokens")
    assert set(received.body) == {"model", "messages", "system", "tools", "thinking"}
    assert set(counting_params(request)) == {*received.body, "extra_headers"}


@pytest.mark.parametrize("body", ["<html></html>", {"tokens": 3}, {"input_tokens": None}])
async def test_a_count_that_is_none_is_not_known(body: object, server: Loopback, request_for: RequestFor) -> None:
    server.will(server.status(200, body))
    assert await server.provider().count_tokens(request_for()) is None


LOOK = Tool("look", "Looks.", {"type": "object"})


@pytest.mark.parametrize(
    ("options", "tools"),
    [
        ({}, None),
        ({"tools": (LOOK,)}, [{"name": "look", "description": "Looks.", "input_schema": {"type": "object"}}]),
        (
            {"tools": (LOOK,), "web_search": True},
            [WEB_SEARCH, {"name": "look", "description": "Looks.", "input_schema": {"type": "object"}}],
        ),
    ],
)
def test_tools_are_offered_beside_the_vendors_own(options: dict[str, Any], tools: list[object] | None) -> None:
    request = conversation("Hi", **options)
    for params in (message_params(request), counting_params(request)):
        assert params.get("tools") == tools


def test_a_call_and_its_result_are_what_the_api_takes() -> None:
    history = (
        Message(Role.USER, (TextPart("Look."),)),
        Message(
            Role.ASSISTANT, (TextPart("I do."), ToolCallPart("t1", "look", "{}"), ToolCallPart("t2", "look", "{}"))
        ),
        Message(
            Role.USER, (TextPart("And?"), ToolResultPart("t2", "nothing"), ToolResultPart("t1", "no", failed=True))
        ),
    )
    params = message_params(ReplyRequest("demo", turns_from(history), tools=(LOOK,)))
    assert objection_to(params) is None


def test_calls_of_tools_that_are_not_offered_any_more_have_a_definition() -> None:
    called = Turn(Role.ASSISTANT, (ToolCallPart("t1", "look", "{}"), ToolCallPart("s1", "web_search", "{}", True)))
    turns = (Turn(Role.USER, (TextPart("Hi"),)), called, Turn(Role.USER, (ToolResultPart("t1", "seen"),)))
    params = message_params(ReplyRequest("claude-sonnet-5", turns))
    assert [tool["name"] for tool in params["tools"]] == ["look"]
    assert params["tool_choice"] == {"type": "none"}
    offered = message_params(ReplyRequest("claude-sonnet-5", turns, tools=(Tool("other", "", {"type": "object"}),)))
    assert [tool["name"] for tool in offered["tools"]] == ["other"]
    assert "tool_choice" not in offered
    assert "tools" not in message_params(ReplyRequest("claude-sonnet-5", turns[:1]))
