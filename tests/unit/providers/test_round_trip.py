"""Every block that the API can send goes back as the SDK itself would send it, however it came."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tui_chat.chat.accumulator import ReplyAccumulator
from tui_chat.chat.events import MessageStop, StreamEvent
from tui_chat.chat.message import Message, Role, utc_now
from tui_chat.chat.parts import Part, parts_from_json, parts_to_json
from tui_chat.chat.request import ReplyRequest, turns_from

if TYPE_CHECKING:
    from tests.unit.providers.conftest import Loopback

Collect = Callable[..., Awaitable[list[StreamEvent]]]
Json = dict[str, Any]

START = {"type": "message_start", "message": {"type": "message", "role": "assistant", "id": "i", "content": []}}
STOP = {"type": "message_stop"}
CALLER = {"type": "code_execution_20260120", "tool_id": "srvtoolu_0"}
WHERE = {"document_index": 0, "document_title": None, "cited_text": "So it is.", "file_id": "f"}


def pair(name: str, input: Json, result: str, content: object, **more: Any) -> list[Json]:
    """Return a call of a server tool, and its result."""
    call = {"type": "server_tool_use", "id": "srvtoolu_1", "name": name, "input": input}
    return [call | more, {"type": result, "tool_use_id": "srvtoolu_1", "content": content} | more]


def cited(**citation: Any) -> list[Json]:
    return [{"type": "text", "text": "It is so.", "citations": [citation]}]


CITED = {
    "char_location": cited(type="char_location", start_char_index=0, end_char_index=9, **WHERE),
    "page_location": cited(type="page_location", start_page_number=1, end_page_number=2, **WHERE),
    "content_block_location": cited(type="content_block_location", start_block_index=0, end_block_index=1, **WHERE),
    "web_search_result_location": cited(
        type="web_search_result_location", url="https://a.example", title=None, encrypted_index="x", cited_text="So."
    ),
    "search_result_location": cited(
        type="search_result_location",
        source="s",
        title="T",
        cited_text="So.",
        search_result_index=0,
        start_block_index=0,
        end_block_index=1,
    ),
}

RAN = {"stdout": "3\n", "stderr": "", "return_code": 0, "content": []}
FOUND = {"type": "web_search_result", "url": "https://a.example", "title": "A", "encrypted_content": "x"}
PAGE = {
    "type": "document",
    "source": {"type": "text", "media_type": "text/plain", "data": "So."},
    "title": None,
    "citations": {"enabled": True},
}

BLOCKS: dict[str, list[Json]] = {
    "thinking": [{"type": "thinking", "thinking": "hm… \U0001f600", "signature": "s1g=="}],
    "thinking that is not shown": [{"type": "thinking", "thinking": "", "signature": "s1g=="}],
    "redacted_thinking": [{"type": "redacted_thinking", "data": "blob"}],
    "server_tool_use": pair("web_search", {"query": "naïve"}, "web_search_tool_result", [FOUND | {"page_age": None}]),
    "web_search_tool_result": pair("web_search", {}, "web_search_tool_result", [FOUND], caller=CALLER),
    "a search that failed": pair(
        "web_search",
        {"query": "x"},
        "web_search_tool_result",
        {"type": "web_search_tool_result_error", "error_code": "max_uses_exceeded"},
        caller={"type": "direct"},
    ),
    "web_fetch_tool_result": pair(
        "web_fetch",
        {"url": "https://a.example"},
        "web_fetch_tool_result",
        {"type": "web_fetch_result", "url": "https://a.example", "retrieved_at": None, "content": PAGE},
        caller=CALLER,
    ),
    "code_execution_tool_result": pair(
        "code_execution", {"code": "1+2"}, "code_execution_tool_result", {"type": "code_execution_result", **RAN}
    ),
    "encrypted results of code": pair(
        "code_execution",
        {"code": "1+2"},
        "code_execution_tool_result",
        {"type": "encrypted_code_execution_result", "encrypted_stdout": "x", "return_code": 0, "content": []},
    ),
    "bash_code_execution_tool_result": pair(
        "bash_code_execution",
        {"command": "expr 1 + 2"},
        "bash_code_execution_tool_result",
        {
            "type": "bash_code_execution_result",
            **RAN,
            "content": [{"type": "bash_code_execution_output", "file_id": "f"}],
        },
    ),
    "text_editor_code_execution_tool_result": pair(
        "text_editor_code_execution",
        {"command": "view", "path": "a.py", "nested": {"list": [1, 2.5, None, True]}},
        "text_editor_code_execution_tool_result",
        {"type": "text_editor_code_execution_view_result", "file_type": "text", "content": "x", "num_lines": 1},
    ),
    "tool_search_tool_result": pair(
        "tool_search_tool_regex",
        {"pattern": "weather"},
        "tool_search_tool_result",
        {"type": "tool_search_tool_search_result", "tool_references": [{"type": "tool_reference", "tool_name": "w"}]},
    ),
    "container_upload": [{"type": "container_upload", "file_id": "f"}],
    "advisor_tool_result": pair("advisor", {}, "advisor_tool_result", {"type": "advisor_result", "text": "Do."}),
    "mcp_tool_use": [
        {"type": "mcp_tool_use", "id": "m1", "name": "look", "server_name": "s", "input": {"a": 1}},
        {"type": "mcp_tool_result", "tool_use_id": "m1", "is_error": False, "content": "found"},
    ],
    "mcp_tool_result": [
        {"type": "mcp_tool_use", "id": "m1", "name": "look", "server_name": "s", "input": {}},
        {"type": "mcp_tool_result", "tool_use_id": "m1", "is_error": True, "content": [{"type": "text", "text": "?"}]},
    ],
    "mcp_tool_listing": [{"type": "mcp_tool_listing", "mcp_server_name": "s", "tools": []}],
    "fallback": [
        {
            "type": "fallback",
            "from": {"model": "a"},
            "to": {"model": "b"},
            "trigger": {"type": "refusal", "category": None},
        }
    ],
    "a kind that nobody knows yet": [{"type": "hologram", "rays": [1, {"x": None}]}],
    **CITED,
}


def streamed(blocks: list[Json]) -> Iterator[Json]:
    """Yield the events of these blocks, in pieces as small as they come."""
    for index, block in enumerate(blocks):
        start, deltas = in_pieces(block)
        yield {"type": "content_block_start", "index": index, "content_block": start}
        for delta in deltas:
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}


def in_pieces(block: Json) -> tuple[Json, list[Json]]:
    match block:
        case {"type": "text", "text": text}:
            citations = [{"type": "citations_delta", "citation": each} for each in block.get("citations", [])]
            return {"type": "text", "text": ""}, citations + [{"type": "text_delta", "text": each} for each in text]
        case {"type": "thinking", "thinking": text, "signature": signature}:
            thinking = [{"type": "thinking_delta", "thinking": each} for each in text]
            return block | {"thinking": "", "signature": ""}, [
                *thinking,
                {"type": "signature_delta", "signature": signature},
            ]
        case {"type": "server_tool_use" | "mcp_tool_use", "input": given} if given:
            pieces = [{"type": "input_json_delta", "partial_json": each} for each in json.dumps(given)]
            return block | {"input": {}}, pieces
    return block, []


def history(parts: tuple[Part, ...]) -> ReplyRequest:
    """Return the request after a reply of these parts, which has been stored meanwhile."""
    now = utc_now()
    first, again = (Message.user(text, parent_id=None, created_at=now) for text in ("Why?", "Really?"))
    stored = parts_from_json(parts_to_json(parts))
    return ReplyRequest("claude-sonnet-5-5", turns_from([first, Message(Role.ASSISTANT, stored), again]))


async def sent_back(server: Loopback, collect: Collect, parts: tuple[Part, ...]) -> object:
    """Return what the API is sent of such a reply."""
    server.will(server.sse(START, STOP))
    await collect(server.provider(), history(parts))
    return server.received[-1].body["messages"][1]["content"]


async def sent_back_by_the_sdk(server: Loopback, wire: list[Json]) -> object:
    """Return what the SDK sends of a reply that it added up itself."""
    from anthropic import AsyncAnthropic
    from anthropic._models import construct_type
    from anthropic.lib.streaming._beta_messages import accumulate_event
    from anthropic.types.beta import BetaRawMessageStreamEvent
    from httpx2 import Headers

    snapshot: Any = None
    buffers: dict[int, bytes] = {}
    for event in [START, *wire]:
        typed: Any = construct_type(type_=BetaRawMessageStreamEvent, value=event)
        snapshot = accumulate_event(
            event=typed, current_snapshot=snapshot, json_bufs=buffers, request_headers=Headers()
        )
    server.will(server.status(200, {"type": "message", "content": []}))
    async with AsyncAnthropic(api_key="none", base_url=server.url, max_retries=0) as client:
        messages: Any = [
            {"role": "user", "content": "Why?"},
            {"role": "assistant", "content": snapshot.content},
            {"role": "user", "content": "Really?"},
        ]
        await client.messages.create(model="m", max_tokens=1, messages=messages)
    return server.received[-1].body["messages"][1]["content"]


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")  # of the SDK, about kinds that it does not know
@pytest.mark.parametrize("name", BLOCKS)
async def test_a_streamed_block_goes_back_as_the_sdk_would_send_it(
    name: str, server: Loopback, collect: Collect
) -> None:
    blocks = [*BLOCKS[name], {"type": "text", "text": "So."}]
    wire = list(streamed(blocks))
    server.will(server.sse(START, *wire, STOP))
    reply = ReplyAccumulator().extend(await collect(server.provider()))
    back = await sent_back(server, collect, reply.parts)
    assert back == blocks
    assert back == await sent_back_by_the_sdk(server, wire)


@pytest.mark.parametrize("name", BLOCKS)
async def test_a_block_of_a_reply_in_one_piece_goes_back_as_it_came(
    name: str, server: Loopback, collect: Collect
) -> None:
    blocks = [*BLOCKS[name], {"type": "text", "text": "So."}]
    message = {"type": "message", "id": "i", "model": "m", "stop_reason": "end_turn", "content": blocks}
    server.will(server.status(200, message))
    reply = ReplyAccumulator().extend(await server.provider().create(history(()), lambda: None))
    assert await sent_back(server, collect, reply.parts) == blocks


async def test_what_else_the_clients_own_tool_call_says_is_kept(server: Loopback, collect: Collect) -> None:
    call = {"type": "tool_use", "id": "t", "name": "n", "input": {}, "caller": CALLER, "toolset_name": "set"}
    server.will(server.sse(START, *streamed([call]), STOP))
    (part,) = ReplyAccumulator().extend(await collect(server.provider())).parts
    (stored,) = parts_from_json(parts_to_json([part]))
    assert getattr(stored, "more", None) == {"caller": CALLER, "toolset_name": "set"}


async def test_a_block_that_grows_in_a_way_we_cannot_read_is_left_out(server: Loopback, collect: Collect) -> None:
    begun = {"type": "content_block_start", "index": 0, "content_block": {"type": "compaction", "content": None}}
    grown = {"type": "content_block_delta", "index": 0, "delta": {"type": "compaction_delta", "content": "so far"}}
    cut = [begun | {"index": 1}, *list(streamed([{"type": "text", "text": "Hi"}]))[1:-1]]
    server.will(server.sse(START, begun, grown, {"type": "content_block_stop", "index": 0}, *cut, STOP))
    reply = ReplyAccumulator().extend(await collect(server.provider()))
    assert (reply.text_length, len(reply.parts)) == (2, 1)


NOT_READ = (
    "messages.1.content.0: `thinking` blocks in the latest assistant message cannot be modified.",
    "messages.1.content.0: Invalid `signature` in `thinking` block. The block is bound to a different conversation.",
    "messages.1.content.1: Input tag 'hologram' found using 'type' does not match any of the expected tags: 'text'",
)


@pytest.mark.parametrize("objection", NOT_READ)
async def test_what_the_api_cannot_read_of_earlier_turns_stays_behind(
    objection: str, server: Loopback, collect: Collect
) -> None:
    error = {"type": "error", "error": {"type": "invalid_request_error", "message": objection}}
    search = pair("web_search", {"query": "x"}, "web_search_tool_result", [FOUND])
    blocks = [*BLOCKS["thinking"], *BLOCKS["redacted_thinking"], *BLOCKS["a kind that nobody knows yet"], *search]
    text = {"type": "text", "text": "So."}
    server.will(server.sse(START, *streamed([*blocks, text]), STOP))
    reply = ReplyAccumulator().extend(await collect(server.provider()))
    server.will(server.status(400, error), server.sse(START, STOP))
    assert (await collect(server.provider(), history(reply.parts)))[-1] == MessageStop()
    contents = [received.body["messages"][1]["content"] for received in server.received[1:]]
    assert contents == [[*blocks, text], [*search, text]]
