"""Chat Completions: what OpenAI and the servers like it send, as the same events and the same errors."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.waiting import PATIENCE_S
from tui_chat.chat.accumulator import ReplyAccumulator
from tui_chat.chat.citations import sources_of
from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.events import (
    BlockStart,
    BlockStop,
    CitationsDelta,
    InputJsonDelta,
    MessageDelta,
    MessageStart,
    MessageStop,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
)
from tui_chat.chat.message import Role
from tui_chat.chat.parts import FilePart, OpaquePart, TextPart, ThinkingPart, ToolCallPart, ToolResultPart
from tui_chat.chat.request import ReplyRequest, Tool, Turn
from tui_chat.chat.usage import Usage
from tui_chat.providers import ProviderConfig, create_provider, loading
from tui_chat.providers.openai_events import OpenAIEvents
from tui_chat.providers.openai_request import completion_params

if TYPE_CHECKING:
    from tests.unit.providers.conftest import Answer, Loopback

Collect = Callable[..., Awaitable[list[StreamEvent]]]
RequestFor = Callable[..., ReplyRequest]
Wire = dict[str, Any]

DONE = b"data: [DONE]\n\n"


URL = {"type": "url_citation", "url": "https://a.example", "title": "A", "start_index": 3, "end_index": 27}
CITED = {"type": "url_citation", "url_citation": {key: value for key, value in URL.items() if key != "type"}}


def chunk(delta: Wire | None = None, finish: str | None = None, **more: Any) -> Wire:
    return {"id": "c1", "model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]} | more


def text(content: str) -> Wire:
    return chunk({"content": content})


def call(index: int, **function: str) -> Wire:
    id = {"id": f"call_{index}"} if "name" in function else {}
    return {"index": index, "type": "function", "function": function} | id


def said(reason: str) -> Wire:
    """Return what is kept of the server's reason for stopping."""
    return {"finish_reason": reason}


USAGE = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15, "prompt_tokens_details": {"cached_tokens": 4}}
END: list[StreamEvent] = [MessageDelta("end_turn", Usage(), said("stop")), MessageStop()]
TEXT_START = BlockStart(0, "text", {"type": "text"})

ROWS: dict[str, tuple[list[Wire | bytes], list[StreamEvent]]] = {
    "text": (
        [chunk({"role": "assistant", "content": ""}), text("Hel"), text("lo"), chunk({}, "stop"), DONE],
        [TEXT_START, TextDelta(0, "Hel"), TextDelta(0, "lo"), BlockStop(0), *END],
    ),
    "usage in a chunk of its own": (
        [text("a"), chunk({}, "stop"), chunk(usage=USAGE) | {"choices": []}, DONE],
        [
            TEXT_START,
            TextDelta(0, "a"),
            BlockStop(0),
            MessageDelta("end_turn", Usage(6, 5, 4), said("stop")),
            MessageStop(),
        ],
    ),
    "usage along with the end": (
        [text("a"), chunk({}, "stop", usage=USAGE), DONE],
        [
            TEXT_START,
            TextDelta(0, "a"),
            BlockStop(0),
            MessageDelta("end_turn", Usage(6, 5, 4), said("stop")),
            MessageStop(),
        ],
    ),
    "usage that makes no sense": (
        [text("a"), chunk({}, "stop", usage={"prompt_tokens": "few", "prompt_tokens_details": None}), DONE],
        [TEXT_START, TextDelta(0, "a"), BlockStop(0), *END],
    ),
    "no [DONE], no usage": (
        [text("a"), chunk({}, "stop")],
        [TEXT_START, TextDelta(0, "a"), BlockStop(0), *END],
    ),
    "null choices, null delta, null everything": (
        [
            chunk() | {"choices": None},
            chunk(None),
            text("a"),
            b"data: null\n\n",
            chunk({"content": None}, "stop"),
            DONE,
        ],
        [TEXT_START, TextDelta(0, "a"), BlockStop(0), *END],
    ),
    "reasoning as reasoning_content, then text": (
        [chunk({"reasoning_content": "hm"}), chunk({"reasoning_content": "m"}), text("a"), chunk({}, "stop"), DONE],
        [
            BlockStart(0, "thinking", {"type": "thinking"}),
            ThinkingDelta(0, "hm"),
            ThinkingDelta(0, "m"),
            BlockStop(0),
            BlockStart(1, "text", {"type": "text"}),
            TextDelta(1, "a"),
            BlockStop(1),
            *END,
        ],
    ),
    "reasoning as reasoning": (
        [chunk({"reasoning": "hm"}, "stop"), DONE],
        [BlockStart(0, "thinking", {"type": "thinking"}), ThinkingDelta(0, "hm"), BlockStop(0), *END],
    ),
    "a refusal": (
        [chunk({"refusal": "No."}), chunk({}, "content_filter"), DONE],
        [
            TEXT_START,
            TextDelta(0, "No."),
            BlockStop(0),
            MessageDelta("refusal", Usage(), said("content_filter")),
            MessageStop(),
        ],
    ),
    "two tool calls, their arguments interleaved": (
        [
            text("Look:"),
            chunk({"tool_calls": [call(0, name="a", arguments="")]}),
            chunk({"tool_calls": [call(1, name="b", arguments="{")]}),
            chunk({"tool_calls": [call(0, arguments="{}"), call(1, arguments="}")]}),
            chunk({}, "tool_calls"),
            DONE,
        ],
        [
            TEXT_START,
            TextDelta(0, "Look:"),
            BlockStop(0),
            BlockStart(1, "tool_use", {"type": "tool_use", "id": "call_0", "name": "a", "input": {}}),
            BlockStart(2, "tool_use", {"type": "tool_use", "id": "call_1", "name": "b", "input": {}}),
            InputJsonDelta(2, "{"),
            InputJsonDelta(1, "{}"),
            InputJsonDelta(2, "}"),
            BlockStop(1),
            BlockStop(2),
            MessageDelta("tool_use", Usage(), said("tool_calls")),
            MessageStop(),
        ],
    ),
    "an empty reply": ([chunk({}, "stop"), DONE], END),
    "a search whose sources come last": (
        [
            text("So ([a](https://a.example))."),
            chunk({"annotations": [CITED, {"type": "x"}, 3]}),
            chunk({}, "stop"),
            DONE,
        ],
        [TEXT_START, TextDelta(0, "So ([a](https://a.example))."), CitationsDelta(0, URL), BlockStop(0), *END],
    ),
    "cut at the limit": (
        [chunk({}, "length"), DONE],
        [MessageDelta("max_tokens", Usage(), said("length")), MessageStop()],
    ),
    "a reason that we do not know": (
        [chunk({}, "bored"), DONE],
        [MessageDelta("bored", Usage(), said("bored")), MessageStop()],
    ),
    "half a surrogate pair": (
        [text("a\ud83d"), chunk({}, "stop"), DONE],
        [TEXT_START, TextDelta(0, "a\ufffd"), BlockStop(0), *END],
    ),
}


@pytest.mark.parametrize("name", ROWS)
async def test_each_row_of_the_wire_becomes_its_events(name: str, server: Loopback, collect: Collect) -> None:
    wire, expected = ROWS[name]
    server.will(server.sse(*wire))
    assert await collect(server.provider("openai")) == [MessageStart("c1", "m"), *expected]


async def test_a_model_of_ones_own_may_be_silent_before_its_first_token_and_not_after(
    server: Loopback, request_for: RequestFor
) -> None:
    async def late(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)
        writer.write(b'data: {"choices": [{"delta": {"content": "a"}}]}\n\n')
        await server.silence(writer)

    server.will(server.sse(chunk({"role": "assistant", "content": ""}), then=late))
    events = server.provider("openai", read_timeout_s=0.1).stream(request_for(), lambda: None)
    assert [(await anext(events)).type for _ in range(3)] == ["message_start", "content_block_start", "text_delta"]
    with pytest.raises(ChatError) as failed:
        await anext(events)
    assert failed.value.kind is ErrorKind.STALLED
    assert "for 0.1 s" in failed.value.sentence


async def test_a_server_that_neither_says_done_nor_hangs_up_is_not_waited_for(
    server: Loopback, collect: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_chat.providers.openai.REST_TIMEOUT_S", 0.05)
    server.will(server.sse(text("a"), chunk({}, "stop"), then=server.silence))
    assert (await collect(server.provider("openai")))[-1] == MessageStop()


async def test_a_line_that_breaks_after_the_end_harms_nothing(server: Loopback, collect: Collect) -> None:
    server.will(server.sse(text("a"), chunk({}, "stop"), then=server.reset))
    assert (await collect(server.provider("openai")))[-1] == MessageStop()


async def test_usage_is_asked_for_and_done_without_where_the_server_refuses(server: Loopback, collect: Collect) -> None:
    refusal = {"error": {"message": "Unknown parameter: 'stream_options'.", "type": "invalid_request_error"}}
    server.will(server.status(400, refusal), server.sse(text("a"), chunk({}, "stop"), DONE))
    assert (await collect(server.provider("openai")))[-1] == MessageStop()
    assert [received.body.get("stream_options") for received in server.received] == [{"include_usage": True}, None]


async def test_a_search_in_one_piece_has_its_sources(server: Loopback, request_for: RequestFor) -> None:
    message = {"role": "assistant", "content": "So.", "annotations": [CITED]}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    server.will(server.status(200, {"id": "c1", "model": "m", "choices": [choice], "usage": USAGE}))
    reply = ReplyAccumulator().extend(await server.provider("openai").create(request_for(), lambda: None))
    assert reply.parts == (TextPart("So.", (URL,)),)
    assert [(source.number, source.title, source.address) for source in sources_of(reply.parts)] == [
        (1, "A", "https://a.example")
    ]


async def test_a_reply_in_one_piece_has_the_same_parts(server: Loopback, request_for: RequestFor) -> None:
    message = {
        "role": "assistant",
        "reasoning_content": "hm",
        "content": "Hello",
        "tool_calls": [
            {"id": "t1", "type": "function", "function": {"name": "look", "arguments": "{}"}},
            {"id": "t2", "type": "function", "function": {"name": "see", "arguments": "[]"}},
        ],
    }
    choice = {"index": 0, "finish_reason": "tool_calls", "message": message}
    server.will(server.status(200, {"id": "c1", "model": "m", "choices": [choice], "usage": USAGE}))
    reply = ReplyAccumulator().extend(await server.provider("openai").create(request_for(), lambda: None))
    assert reply.parts == (
        ThinkingPart("hm"),
        TextPart("Hello"),
        ToolCallPart("t1", "look", "{}"),
        ToolCallPart("t2", "see", "[]"),
    )
    assert (reply.complete, reply.stop_reason, reply.usage) == (True, "tool_use", Usage(6, 5, 4))


def failures(server: Loopback) -> dict[str, tuple[Answer, ErrorKind, bool]]:
    def error(status: int, message: str = "Because.", **more: str) -> Answer:
        return server.status(status, {"error": {"message": message} | more})

    return {
        "401": (error(401, code="invalid_api_key"), ErrorKind.AUTHENTICATION, False),
        "no quota": (error(429, code="insufficient_quota"), ErrorKind.PERMISSION, False),
        "429": (error(429, type="requests", code="rate_limit_exceeded"), ErrorKind.RATE_LIMITED, True),
        "no model": (error(404, code="model_not_found"), ErrorKind.MODEL_NOT_FOUND, False),
        "no model, in Ollama's words": (error(404, "model 'x' not found"), ErrorKind.MODEL_NOT_FOUND, False),
        "too long": (error(400, code="context_length_exceeded"), ErrorKind.TOO_LARGE, False),
        "too long, in vLLM's words": (error(400, "maximum context length is 8"), ErrorKind.TOO_LARGE, False),
        "too long, in llama.cpp's words": (error(400, type="exceed_context_size_error"), ErrorKind.TOO_LARGE, False),
        "400": (error(400), ErrorKind.INVALID_REQUEST, False),
        "500": (error(500, type="server_error"), ErrorKind.SERVER, True),
        "503": (error(503), ErrorKind.OVERLOADED, True),
        "HTML": (server.status(502, "<html>"), ErrorKind.SERVER, True),
        "HTML in place of a stream": (server.status(200, "<html>"), ErrorKind.PROTOCOL, True),
        "an error in place of a stream": (server.status(200, {"error": "Busy"}), ErrorKind.PROTOCOL, True),
        "302": (server.status(302, "", location="http://127.0.0.1:1"), ErrorKind.PROTOCOL, False),
        "an error in the stream": (
            server.sse(text("a"), {"error": {"message": "Busy", "type": "server_error"}}),
            ErrorKind.SERVER,
            True,
        ),
        "an end without a reason": (server.sse(text("a"), DONE), ErrorKind.PROTOCOL, True),
        "reset": (server.sse(text("a"), then=server.reset), ErrorKind.NETWORK, True),
        "silence": (server.sse(text("a"), then=server.silence), ErrorKind.STALLED, True),
        "bad JSON": (server.sse(text("a"), b"data: {oops\n\n"), ErrorKind.PROTOCOL, True),
        "bad UTF-8": (server.sse(text("a"), b"data: \xff\n\n"), ErrorKind.PROTOCOL, True),
        "nothing at all": (server.silence, ErrorKind.STALLED, True),
        "a hang-up": (server.raw(), ErrorKind.NETWORK, True),
    }


async def test_failures_have_the_same_kinds(server: Loopback, request_for: RequestFor) -> None:
    for name, (answer, kind, retryable) in failures(server).items():
        server.will(answer)
        patience_s = 0.5 if kind is ErrorKind.STALLED else PATIENCE_S
        provider = server.provider("openai", read_timeout_s=patience_s, first_token_timeout_s=patience_s)
        with pytest.raises(ChatError) as failed:
            async for _ in provider.stream(request_for(), lambda: None):
                pass
        error = failed.value
        assert (error.kind, error.retryable) == (kind, retryable), f"{name}: {error.sentence}"
        assert "<" not in error.sentence


async def test_something_else_in_one_piece_is_an_error(server: Loopback, request_for: RequestFor) -> None:
    busy = {"error": {"message": "Busy", "type": "server_error"}}
    for body in ("<html>Sign in</html>", {"hello": 1}, {"choices": None}, busy):
        server.will(server.status(200, body))
        with pytest.raises(ChatError) as failed:
            await server.provider("openai").create(request_for(), lambda: None)
        assert failed.value.kind is (ErrorKind.SERVER if body is busy else ErrorKind.PROTOCOL)


async def test_without_the_extra_the_sentence_says_how_to_get_it(
    request_for: RequestFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "_begun", {})

    def missing(name: str) -> None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr("tui_chat.providers.loading.import_module", missing)
    with pytest.raises(ChatError) as failed:
        await create_provider(ProviderConfig("openai", api_key="sk-1")).create(request_for(), lambda: None)
    assert "pip install openai" in failed.value.sentence
    assert not failed.value.retryable


async def test_a_server_of_ones_own_needs_no_key(server: Loopback, collect: Collect) -> None:
    server.will(server.sse(text("a"), chunk({}, "stop"), DONE))
    provider = create_provider(ProviderConfig("openai", f"{server.url}/v1"))
    assert (await collect(provider))[-1] == MessageStop()
    assert server.received[0].line.startswith("POST /v1/chat/completions")


async def test_a_stop_closes_the_connection(server: Loopback, request_for: RequestFor) -> None:
    async def go_on(writer: asyncio.StreamWriter) -> None:
        while not writer.transport.is_closing():
            writer.write(b": still here\n\n")
            await asyncio.sleep(0.01)

    server.will(server.sse(text("a"), then=go_on))
    came = asyncio.Event()

    async def run() -> None:
        async for _ in server.provider("openai").stream(request_for(), lambda: None):
            came.set()

    task = asyncio.create_task(run())
    await came.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await server.closed.wait()


TURNS = (
    Turn(Role.USER, (TextPart("Why?"),)),
    Turn(
        Role.ASSISTANT,
        (
            ThinkingPart("hm", "s1g"),
            TextPart("I look."),
            ToolCallPart("t1", "look", '{"a": 1}'),
            ToolCallPart("s1", "web_search", "{}", server=True),
            OpaquePart("web_search_tool_result", {"tool_use_id": "s1"}),
        ),
    ),
    Turn(
        Role.USER,
        (
            ToolResultPart("t1", "found"),
            TextPart("And?"),
        ),
    ),
)


def test_turns_take_the_form_of_this_wire() -> None:
    params = completion_params(ReplyRequest("llama", TURNS, system="Be brief."), vendor=False)
    assert params["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Why?"},
        {
            "role": "assistant",
            "content": "I look.",
            "tool_calls": [{"id": "t1", "type": "function", "function": {"name": "look", "arguments": '{"a": 1}'}}],
        },
        {"role": "tool", "tool_call_id": "t1", "content": "found"},
        {"role": "user", "content": "And?"},
    ]


@pytest.mark.parametrize(
    ("vendor", "options", "sent"),
    [
        (True, {"max_tokens": 9}, {"max_completion_tokens": 9}),
        (False, {"max_tokens": 9}, {"max_tokens": 9}),
        (True, {"temperature": 0.5}, {}),
        (False, {"temperature": 0.5}, {"temperature": 0.5}),
        (False, {"stop_sequences": ("END",)}, {"stop": ["END"]}),
        (False, {"tools": ()}, {}),
        (
            False,
            {"tools": (Tool("look", "Looks.", {"type": "object"}),)},
            {
                "tools": [
                    {
                        "type": "function",
                        "function": {"name": "look", "description": "Looks.", "parameters": {"type": "object"}},
                    }
                ]
            },
        ),
        (True, {"thinking": "on"}, {}),
        (True, {"web_search": True}, {}),
        (True, {"web_search": True, "model": "gpt-5-search-api", "temperature": 0.5}, {"web_search_options": {}}),
        (False, {"web_search": True, "model": "gpt-5-search-api"}, {}),
        (True, {"thinking": "high"}, {"reasoning_effort": "high"}),
        (True, {"thinking": "2000"}, {"reasoning_effort": "low"}),
        (True, {"thinking": "500000"}, {"reasoning_effort": "high"}),
    ],
)
def test_options_take_the_form_of_this_wire(vendor: bool, options: dict[str, Any], sent: dict[str, Any]) -> None:
    request = ReplyRequest(**{"model": "gpt-6.1-sol", "turns": TURNS[:1], **options})
    params = completion_params(request, vendor=vendor)
    assert {name: value for name, value in params.items() if name not in ("model", "messages")} == sent


async def test_the_models_are_those_that_the_server_names(server: Loopback) -> None:
    listed = [
        {"id": "llama3:8b", "max_model_len": 8192},
        {"id": "old", "object": "model", "shutdown_date": "2026-12-11"},
        {"id": "gguf", "meta": {"n_ctx": 4096, "n_ctx_train": 131_072}},
        {"id": "behind LiteLLM", "max_input_tokens": 200_000, "max_output_tokens": 64_000},
        {"id": "odd", "meta": [], "max_model_len": "many", "max_input_tokens": 0},
    ]
    server.will(server.status(200, {"object": "list", "data": listed}))
    models = await server.provider("openai").list_models() or ()
    assert [(model.id, model.context_window, model.deprecated, model.retires) for model in models] == [
        ("llama3:8b", 8192, False, None),
        ("old", None, True, "2026-12-11"),
        ("gguf", 4096, False, None),
        ("behind LiteLLM", 200_000, False, None),
        ("odd", None, False, None),
    ]
    assert [model.max_output for model in models] == [None, None, None, 64_000, None]


def test_files_go_along_as_this_wire_has_them() -> None:
    files = [
        FilePart("a.png", "image/png", "aGk="),
        FilePart("a.pdf", "application/pdf", "aGk="),
        FilePart("a.md", "text/plain", "Hi"),
    ]
    turn = Turn(Role.USER, (*files, TextPart("What is this?")))
    (message,) = completion_params(ReplyRequest("llama", (turn,)), vendor=False)["messages"]
    assert message["content"] == [
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,aGk="}},
        {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,aGk="}},
        {"type": "text", "text": "a.md:\n\nHi"},
        {"type": "text", "text": "What is this?"},
    ]
    (alone,) = completion_params(ReplyRequest("llama", (Turn(Role.USER, (files[0],)),)), vendor=False)["messages"]
    assert alone["content"] == message["content"][:1]


async def test_this_wire_cannot_count(server: Loopback, request_for: RequestFor) -> None:
    assert await server.provider("openai").count_tokens(request_for()) is None
    assert not server.received


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["delta", "content", "reasoning", "tool_calls", "function", "name", "arguments", "index"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None)  # the first example imports the SDK
@given(st.dictionaries(st.sampled_from(["id", "choices", "usage", "model"]), JSON | st.lists(JSON, max_size=2)))
def test_no_chunk_and_no_completion_whatever_it_holds_is_a_crash(answer: dict[str, Any]) -> None:
    from openai._models import construct_type
    from openai.types.chat import ChatCompletion

    events = OpenAIEvents()
    completion = construct_type(type_=ChatCompletion, value=answer)
    came = (*events.map(answer), *events.end(), *OpenAIEvents().map_completion(completion))
    assert all(isinstance(event, StreamEvent) for event in came)


def test_a_server_of_ones_own_is_told_that_a_reply_is_begun_for_it() -> None:
    begun = (*TURNS[:1], Turn(Role.ASSISTANT, (TextPart("Riv"),)))
    params = completion_params(ReplyRequest("llama", begun), vendor=False)
    assert params["messages"][-1] == {"role": "assistant", "content": "Riv"}
    assert params["extra_body"] == {"continue_final_message": True, "add_generation_prompt": False}
    assert "extra_body" not in completion_params(ReplyRequest("llama", TURNS[:1]), vendor=False)


def choice(text: str, reason: str | None = None) -> Wire:
    return {"delta": {"content": text}, "finish_reason": reason}


@pytest.mark.parametrize(
    ("reason", "ours"),
    [
        ("stop", "end_turn"),
        ("length", "max_tokens"),
        ("tool_calls", "tool_use"),
        ("function_call", "tool_use"),
        ("content_filter", "refusal"),
    ],
)
def test_each_reason_of_this_wire_has_the_name_that_ours_has(reason: str, ours: str) -> None:
    events = OpenAIEvents()
    list(events.map({"id": "1", "model": "m", "choices": [choice("Hi", reason)]}))
    assert events.stop_reason == ours


def test_only_the_first_of_several_choices_is_the_reply() -> None:
    said = (("Hi", "stop"), ("Ho", "length"))
    reply = [MessageStart("1", "m"), BlockStart(0, "text", {"type": "text"}), TextDelta(0, "Hi")]
    assert list(OpenAIEvents().map({"id": "1", "model": "m", "choices": [choice(*words) for words in said]})) == reply
    whole = [SimpleNamespace(message=SimpleNamespace(content=text), finish_reason=reason) for text, reason in said]
    answer = SimpleNamespace(id="1", model="m", choices=whole)
    end = [BlockStop(0), MessageDelta("end_turn", Usage(), {"finish_reason": "stop"}), MessageStop()]
    assert list(OpenAIEvents().map_completion(answer)) == reply + end


def test_it_tells_how_far_a_reply_has_come() -> None:
    events = OpenAIEvents()
    come = [(events.started, events.flowing, events.finished)]
    for choices in ([], [choice("")], [choice("Hi")], [choice("", "stop")]):
        list(events.map({"id": "1", "model": "m", "choices": choices}))
        come.append((events.started, events.flowing, events.finished))
    waits = (True, False, False)
    assert come == [(False, False, False), waits, waits, (True, True, False), (True, True, True)]


def test_usage_counts_what_was_read_from_a_cache_and_what_was_written_to_it_apart() -> None:
    details = {"cached_tokens": 4, "cache_write_tokens": 5}
    events = OpenAIEvents()
    for prompt in (20, 7):
        usage = {"prompt_tokens": prompt, "completion_tokens": 3, "prompt_tokens_details": details}
        list(events.map({"usage": usage}))
        fresh = max(0, prompt - 9)
        assert list(events.end())[-2:] == [MessageDelta(None, Usage(fresh, 3, 4, 5)), MessageStop()]


def test_a_source_without_an_address_is_none() -> None:
    known = {"title": "A", "start_index": 3}
    for address in ({}, {"url": None}, {"url": 3}):
        annotations = [{"type": "url_citation", "url_citation": known | address}]
        assert list(OpenAIEvents().map({"choices": [{"delta": {"annotations": annotations}}]})) == [
            MessageStart("", "")
        ]
