"""The decoders of both vendors' wires: streams, whole replies, lists of models, counts, errors."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import aclosing
from typing import Any

from tests.fuzzing.drawing import draw, send
from tests.fuzzing.garbage import Garbage
from tests.fuzzing.server import Answers
from tui_chat.chat.accumulator import ReplyAccumulator
from tui_chat.chat.errors import ChatError
from tui_chat.chat.events import event_from_json, event_to_json
from tui_chat.chat.message import Message, Role
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.parts import TextPart
from tui_chat.chat.protocols import StreamingProvider
from tui_chat.chat.request import ReplyRequest, Turn
from tui_chat.providers import ProviderConfig, create_provider
from tui_chat.text.limits import LONGEST_SENTENCE
from tui_chat.text.plain_json import as_json

REQUEST = ReplyRequest("claude-haiku-4-5", (Turn(Role.USER, (TextPart("Why?"),)),))
USAGE = {
    "input_tokens": 3,
    "output_tokens": 5,
    "cache_read_input_tokens": 1,
    "server_tool_use": {"web_search_requests": 1},
}
CITATION = {"type": "web_search_result_location", "url": "https://example.com", "title": "A", "cited_text": "x"}
BLOCKS: list[dict[str, Any]] = [
    {"type": "thinking", "thinking": "Hm.", "signature": "s"},
    {"type": "text", "text": "So.", "citations": [CITATION]},
    {"type": "server_tool_use", "id": "t1", "name": "web_search", "input": {"query": "x"}},
    {"type": "web_search_tool_result", "tool_use_id": "t1", "content": [{"type": "web_search_result", "url": "u"}]},
    {"type": "tool_use", "id": "t2", "name": "look", "input": {"a": [1, {"b": None}]}},
]
DELTAS: list[dict[str, Any]] = [
    {"type": "thinking_delta", "thinking": "more"},
    {"type": "signature_delta", "signature": "s"},
    {"type": "text_delta", "text": "more"},
    {"type": "citations_delta", "citation": CITATION},
    {"type": "input_json_delta", "partial_json": '{"a": 1}'},
]
MESSAGE = {
    "id": "m",
    "type": "message",
    "role": "assistant",
    "model": "claude-haiku-4-5",
    "content": [],
    "usage": USAGE,
}
END: dict[str, Any] = {
    "type": "message_delta",
    "delta": {"stop_reason": "refusal", "stop_details": {"category": "x", "explanation": "No."}},
    "usage": USAGE,
}
STREAM: list[dict[str, Any]] = [
    {"type": "message_start", "message": MESSAGE},
    *({"type": "content_block_start", "index": index, "content_block": block} for index, block in enumerate(BLOCKS)),
    *({"type": "content_block_delta", "index": index, "delta": delta} for index, delta in enumerate(DELTAS)),
    *({"type": "content_block_stop", "index": index} for index in range(len(BLOCKS))),
    END,
    {"type": "message_stop"},
]
CALL = {"index": 0, "id": "c", "type": "function", "function": {"name": "look", "arguments": "{}"}}
SAID = {"role": "assistant", "content": "So.", "reasoning_content": "Hm.", "refusal": "No.", "tool_calls": [CALL]}
OPENAI_USAGE = {"prompt_tokens": 5, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 2}}
CHUNK = {"id": "i", "model": "m", "choices": [{"index": 0, "delta": SAID}], "usage": OPENAI_USAGE}
COMPLETION = {**CHUNK, "choices": [{"index": 0, "message": SAID, "finish_reason": "stop"}]}
MODELS = {
    "data": [{"id": "m", "display_name": "M", "max_input_tokens": 9, "max_tokens": 9, "retires_at": "2027-01-01"}],
    "has_more": False,
}
ERROR = {"type": "error", "error": {"type": "invalid_request_error", "message": "No.", "code": "x"}, "request_id": "r"}
HONEST: Mapping[str, Mapping[str, Any]] = {
    "anthropic": {"stream": STREAM, "create": {**MESSAGE, "content": BLOCKS}, "models": MODELS, "count": USAGE},
    "openai": {"stream": [CHUNK, COMPLETION], "create": COMPLETION, "models": MODELS, "count": USAGE},
}


def wire(name: str, what: str, server: Answers) -> Callable[[Garbage], None]:
    """Return a decoder of one vendor's: feeds it one answer."""

    def feed(garbage: Garbage) -> None:
        server.status = garbage.choice((200, 200, 200, 200, 400, 429, 500)) if what != "stream" else 200
        honest = HONEST[name][what] if server.status == 200 else ERROR
        server.content_type = "text/event-stream" if what == "stream" else "application/json"
        body = _sse(garbage, honest) if what == "stream" else garbage.json(honest)
        server.body = body.encode("utf-8", garbage.choice(("replace", "surrogatepass")))
        provider = create_provider(ProviderConfig(name, base_url=server.url, api_key="k" * 20, read_timeout_s=5))
        try:
            asyncio.run(_ask(provider, what))
        except ChatError as error:
            _check(error)

    return feed


def _check(error: ChatError) -> None:
    assert 0 < len(error.sentence) <= LONGEST_SENTENCE
    as_json(error.to_json())


def _sse(garbage: Garbage, events: Any) -> str:
    lines = [(event.get("type", ""), garbage.json(event) if garbage.random() < 0.2 else None) for event in events]
    written = zip(lines, events, strict=True)
    return "".join(f"event: {kind}\ndata: {spoilt or as_json(event)}\n\n" for (kind, spoilt), event in written)


async def _ask(provider: StreamingProvider, what: str) -> None:
    if what == "models":
        for model in await provider.list_models() or ():
            as_json(model.to_json())
    elif what == "count":
        assert isinstance(await provider.count_tokens(REQUEST), int | None)
    elif what == "create":
        _take(ReplyAccumulator().extend(await provider.create(REQUEST, lambda: None)))
    else:
        came = ReplyAccumulator()
        try:
            async with aclosing(provider.stream(REQUEST, lambda: None)) as events:
                async for event in events:
                    came.add(event)
                    assert event_from_json(event_to_json(event)) == event
        finally:
            _take(came)


def _take(came: ReplyAccumulator) -> None:
    """Do with a reply, whole or cut, what the program does."""
    about = ReplyMetadata(
        model=came.model, usage=came.usage, stop_reason=came.stop_reason, stop_details=came.stop_details
    )
    reply = Message(Role.ASSISTANT, came.parts, metadata=about)
    draw(reply)
    send((Message.user("Why?", parent_id=None, created_at=reply.created_at), reply))
