"""Each fault, as it reaches the vendor's client."""

import asyncio
import time
from email.utils import parsedate_to_datetime
from typing import Any

import anthropic
import httpx2
import pytest

from tests.waiting import PATIENCE_S
from tui_chat.demo import FAULT_NAMES, Log, script_for
from tui_chat.demo.tokens import tokenise

PROMPT = "/tokens 60\nTell me about rivers"
SCRIPT = script_for(PROMPT)
CUT = "".join(tokenise(SCRIPT)[:20])


@pytest.mark.parametrize(
    ("fault", "error", "type"),
    [
        ("400", anthropic.BadRequestError, "invalid_request_error"),
        ("401", anthropic.AuthenticationError, "authentication_error"),
        ("403", anthropic.PermissionDeniedError, "permission_error"),
        ("404-model", anthropic.NotFoundError, "not_found_error"),
        ("413", anthropic.APIStatusError, "request_too_large"),
        ("429", anthropic.RateLimitError, "rate_limit_error"),
        ("500", anthropic.InternalServerError, "api_error"),
        ("529", anthropic.InternalServerError, "overloaded_error"),
        ("502", anthropic.InternalServerError, None),
        ("302", anthropic.APIStatusError, None),
    ],
)
async def test_a_status_is_answered_every_time(
    fault: str, error: type[anthropic.APIStatusError], type: str | None, serve: Any, ask: Any
) -> None:
    server = serve(fault)
    for _ in range(2):
        heard = await ask(server, PROMPT)
        assert isinstance(heard.error, error)
        assert heard.error.type == type
        assert str(heard.error.status_code) == fault.partition("-")[0]
    assert [exchange.faults for exchange in server.log.exchanges] == [[fault]] * 2


async def test_a_status_strikes_models_and_counting_too(serve: Any, connect: Any) -> None:
    client = connect(serve("401"))
    with pytest.raises(anthropic.AuthenticationError):
        await client.models.list()
    with pytest.raises(anthropic.AuthenticationError):
        await client.messages.count_tokens(model="demo", messages=[{"role": "user", "content": "x"}])


@pytest.mark.parametrize(("fault", "header"), [("429", None), ("429-seconds@7", "7")])
async def test_a_rate_limit_says_how_long(fault: str, header: str | None, serve: Any, ask: Any) -> None:
    heard = await ask(serve(fault), PROMPT)
    assert heard.error.response.headers.get("retry-after") == header


async def test_a_rate_limit_says_until_when(serve: Any, ask: Any) -> None:
    heard = await ask(serve("429-date@3600"), PROMPT)
    until = parsedate_to_datetime(heard.error.response.headers["retry-after"])
    assert 3500 < until.timestamp() - time.time() < 3700


@pytest.mark.parametrize("where", ["server", "model", "prompt"])
async def test_a_fault_with_a_count_is_over_after_so_many_requests(where: str, serve: Any, ask: Any) -> None:
    server = serve("529x2") if where == "server" else serve()
    prompt = f"/fault 529x2\n{PROMPT}" if where == "prompt" else PROMPT
    model = "demo+529x2" if where == "model" else "demo"
    heard = [await ask(server, prompt, model=model) for _ in range(3)]
    assert [reply.whole for reply in heard] == [False, False, True]
    assert heard[2].text == SCRIPT


async def test_several_faults_are_combined(serve: Any, ask: Any) -> None:
    server = serve("529x1", "split")
    heard = [await ask(server, PROMPT, model="demo+reset@20") for _ in range(3)]
    assert [reply.text for reply in heard] == ["", CUT, SCRIPT]
    assert [exchange.faults for exchange in server.log.exchanges] == [["529"], ["split", "reset"], ["split"]]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("error", anthropic.APIStatusError),
        ("error-api", anthropic.APIStatusError),
        ("reset", httpx2.ReadError),
        ("eof", None),
        ("cut", httpx2.RemoteProtocolError),
        ("badjson", ValueError),
        ("badutf8", UnicodeDecodeError),
    ],
)
async def test_a_reply_breaks_off_after_so_many_tokens_and_the_next_request_succeeds(
    fault: str, error: type[BaseException] | None, serve: Any, ask: Any
) -> None:
    server = serve(f"{fault}@20")
    heard = await ask(server, PROMPT)
    assert heard.text == CUT
    assert not heard.whole
    assert heard.error is None if error is None else isinstance(heard.error, error)
    assert (await ask(server, PROMPT)).text == SCRIPT
    assert server.log.exchanges[0].faults == [fault]
    assert not server.log.exchanges[0].completed


async def test_error_events_say_what_went_wrong(serve: Any, ask: Any) -> None:
    assert (await ask(serve("error"), PROMPT)).error.type == "overloaded_error"
    assert (await ask(serve("error-api"), PROMPT)).error.type == "api_error"


@pytest.mark.parametrize("fault", ["reset@0", "eof@0", "error@100000"])
async def test_a_reply_can_break_off_at_either_end(fault: str, serve: Any, ask: Any) -> None:
    heard = await ask(serve(fault), PROMPT)
    assert heard.text == ("" if fault.endswith("@0") else SCRIPT)
    assert not heard.whole


async def test_a_fault_can_strike_every_time(serve: Any, ask: Any) -> None:
    server = serve("eof@20xall")
    for _ in range(3):
        assert (await ask(server, PROMPT)).text == CUT
    assert [exchange.faults for exchange in server.log.exchanges] == [["eof"]] * 3


@pytest.mark.parametrize("fault", ["silent", "stall@20", "slow-start@30"])
async def test_leaving_a_quiet_server_is_noticed_at_once(fault: str, serve: Any, ask: Any) -> None:
    server = serve(fault)
    reply = asyncio.create_task(ask(server, PROMPT))
    assert await asyncio.to_thread(server.wait_for, _first_is_struck, timeout_s=PATIENCE_S)
    reply.cancel()
    assert await asyncio.to_thread(server.wait_for, lambda log: bool(log.closed_early), timeout_s=PATIENCE_S)
    assert await asyncio.to_thread(server.wait_for, lambda log: log.open_connections == 0, timeout_s=PATIENCE_S)
    assert server.log.exchanges[0].tokens_sent == (20 if fault == "stall@20" else 0)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("max_tokens@20", "max_tokens"),
        ("refusal@20", "refusal"),
        ("pause_turn@20", "pause_turn"),
        ("context-window@20", "model_context_window_exceeded"),
    ],
)
async def test_a_reply_stops_for_a_reason(fault: str, reason: str, serve: Any, ask: Any) -> None:
    heard = await ask(serve(fault), PROMPT)
    assert (heard.text, heard.stop_reason, heard.output_tokens, heard.whole) == (CUT, reason, 20, True)


@pytest.mark.parametrize(
    "fault", ["trickle", "split", "unknown", "duplicate", "usage-weird", "pings@0", "slow-start@0"]
)
async def test_what_a_client_must_bear_leaves_the_text_as_it_is(fault: str, serve: Any, ask: Any) -> None:
    heard = await ask(serve(fault), f"{PROMPT}\n世界 👩‍🚀")
    before_the_end = heard.text.removesuffix("text after the end")
    assert before_the_end == script_for(f"{PROMPT}\n世界 👩‍🚀")
    assert heard.error is None
    assert heard.whole


async def test_unknown_things_come_with_the_known(serve: Any, ask: Any) -> None:
    heard = await ask(serve("unknown"), PROMPT)
    assert "event_of_tomorrow" in heard.types
    assert "block_of_tomorrow" in heard.blocks


async def test_the_end_comes_twice(serve: Any, ask: Any) -> None:
    heard = await ask(serve("duplicate"), PROMPT)
    assert heard.types.count("message_stop") == 2
    assert heard.text.endswith("text after the end")


async def test_blocks_out_of_order_are_whole_by_their_index(serve: Any, connect: Any) -> None:
    texts, starts, early = {0: "", 1: ""}, [], False
    request: Any = {"model": "demo", "max_tokens": 8000, "messages": [{"role": "user", "content": PROMPT}]}
    async with await connect(serve("order")).messages.create(**request, stream=True) as events:
        async for event in events:
            if event.type == "content_block_delta":
                early = early or event.index not in starts
                texts[event.index] += event.delta.text
            elif event.type == "content_block_start":
                starts.append(event.index)
    assert texts[0] + texts[1] == SCRIPT
    assert early
    assert sorted(starts) == [0, 0, 1, 1]


async def test_usage_can_be_missing_null_and_enormous(serve: Any, ask: Any) -> None:
    heard = await ask(serve("usage-weird"), PROMPT)
    assert heard.types.count("message_delta") == 5
    assert (heard.input_tokens, heard.output_tokens) == (None, 10**12)


@pytest.mark.parametrize(("fault", "blocks"), [("empty", ["text"]), ("meta-only", [])])
async def test_a_reply_can_be_empty(fault: str, blocks: list[str], serve: Any, ask: Any) -> None:
    heard = await ask(serve(fault), PROMPT)
    assert (heard.text, heard.blocks, heard.whole, heard.output_tokens) == ("", blocks, True, 0)


@pytest.mark.parametrize("fault", ["huge-token@300000", "long-line@20000", "deep@20", "hostile", "flood@3000"])
async def test_extreme_text_arrives_as_it_is(fault: str, serve: Any, ask: Any) -> None:
    heard = await ask(serve(), f"/fault {fault}\nx")
    assert heard.text == script_for(f"/fault {fault}\nx")
    assert heard.whole
    assert fault != "huge-token@300000" or heard.types.count("content_block_delta") == 1


async def test_a_portal_answers_everything_with_a_page(serve: Any, ask: Any) -> None:
    heard = await ask(serve("html"), PROMPT)
    assert (heard.text, heard.types, heard.error) == ("", [], None)


async def test_json_in_place_of_a_stream_is_a_good_answer_without_streaming(serve: Any, ask: Any, connect: Any) -> None:
    server = serve("json-not-sse")
    assert (await ask(server, PROMPT)).types == []
    whole = await connect(server).messages.create(
        model="demo", max_tokens=8000, messages=[{"role": "user", "content": PROMPT}]
    )
    assert whole.content[0].text == SCRIPT


async def test_prefill_can_be_refused_as_newer_models_do(serve: Any, ask: Any) -> None:
    server = serve("no-prefill")
    assert "prefill" in (await ask(server, PROMPT, "The answer")).error.api_message
    assert (await ask(server, PROMPT)).text == SCRIPT


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("error", anthropic.InternalServerError),
        ("reset", anthropic.APIConnectionError),
        ("eof", anthropic.APIConnectionError),
        ("cut", anthropic.APIConnectionError),
        ("stall", anthropic.APITimeoutError),
        ("badjson", ValueError),
        ("badutf8", ValueError),
    ],
)
async def test_a_reply_that_is_not_streamed_breaks_off_too(
    fault: str, error: type[BaseException], serve: Any, connect: Any
) -> None:
    client = connect(serve(fault))
    first = client.with_options(timeout=1) if fault == "stall" else client
    request: Any = {"model": "demo", "max_tokens": 8000, "messages": [{"role": "user", "content": PROMPT}]}
    with pytest.raises(error):
        await first.messages.create(**request)
    assert (await client.messages.create(**request)).content[0].text == SCRIPT


async def test_a_reply_that_is_not_streamed_has_what_is_unknown_or_weird_too(serve: Any, connect: Any) -> None:
    request: Any = {"model": "demo", "max_tokens": 8000, "messages": [{"role": "user", "content": PROMPT}]}
    message = await connect(serve("unknown", "usage-weird")).messages.create(**request)
    assert [block.type for block in message.content] == ["block_of_tomorrow", "text"]
    assert (message.usage.input_tokens, message.usage.output_tokens) == (None, 10**12)


@pytest.mark.parametrize("fault", FAULT_NAMES)
async def test_after_any_fault_the_server_answers_as_before(fault: str, serve: Any, ask: Any) -> None:
    server, prompt = serve(f"{fault}@2000x1" if fault == "flood" else f"{fault}x1"), "/tokens 5\nx"
    reply = asyncio.create_task(ask(server, prompt))
    if fault in ("silent", "stall", "slow-start", "pings"):
        assert await asyncio.to_thread(server.wait_for, _first_is_struck, timeout_s=PATIENCE_S)
        reply.cancel()
    await asyncio.wait([reply])
    assert (await ask(server, prompt)).text == script_for(prompt)


def _first_is_struck(log: Log) -> bool:
    return log.total == 1 and bool(log.exchanges[0].faults)
