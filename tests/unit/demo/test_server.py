"""The server as the vendor's own client sees it."""

import asyncio
import gc
import json
import signal
import socket
import subprocess
import sys
import threading
from typing import Any

import anthropic
import pytest

from tests.waiting import PATIENCE_S
from tui_chat.demo import DemoServer, script_for
from tui_chat.demo.tokens import count_tokens

USER: Any = {"role": "user", "content": "Tell me about rivers"}
SCRIPT = script_for("Tell me about rivers")


async def test_a_streamed_reply_is_the_script(serve: Any, ask: Any) -> None:
    heard = await ask(serve(), "Tell me about rivers")
    assert heard.text == SCRIPT
    assert heard.error is None
    assert heard.types[:2] == ["message_start", "content_block_start"]
    assert set(heard.types[2:-3]) == {"content_block_delta"}
    assert heard.types[-3:] == ["content_block_stop", "message_delta", "message_stop"]


async def test_usage_counts_the_pieces_that_were_sent(serve: Any, ask: Any) -> None:
    heard = await ask(serve(), "Tell me about rivers")
    assert heard.output_tokens == count_tokens(SCRIPT) == heard.types.count("content_block_delta")
    assert heard.input_tokens == 4
    assert heard.stop_reason == "end_turn"


async def test_a_reply_that_is_not_streamed_is_the_same(serve: Any, connect: Any) -> None:
    message = await connect(serve()).messages.create(model="demo", max_tokens=8000, messages=[USER])
    assert message.content[0].text == SCRIPT
    assert message.model == "demo"
    assert message.stop_reason == "end_turn"
    assert (message.usage.input_tokens, message.usage.output_tokens) == (4, count_tokens(SCRIPT))


async def test_the_vendors_own_helper_reads_the_stream(serve: Any, connect: Any) -> None:
    async with connect(serve()).messages.stream(model="demo-search", max_tokens=8000, messages=[USER]) as stream:
        message = await stream.get_final_message()
    kinds = [block.type for block in message.content]
    assert kinds[:3] == ["text", "server_tool_use", "web_search_tool_result"]
    assert set(kinds[3:]) == {"text"}
    assert "".join(block.text for block in message.content if block.type == "text") == SCRIPT


async def test_every_answer_has_a_request_id(serve: Any, connect: Any) -> None:
    server = serve("401")
    with pytest.raises(anthropic.AuthenticationError) as error:
        await connect(server).messages.create(model="demo", max_tokens=10, messages=[USER])
    assert error.value.request_id == server.log.exchanges[0].request_id == "req_demo_000001"


async def test_thinking_comes_before_the_text_and_its_signature_lets_it_be_sent_back(serve: Any, connect: Any) -> None:
    client = connect(serve())
    asked: Any = {"model": "demo", "max_tokens": 8000, "thinking": {"type": "enabled", "budget_tokens": 2000}}
    reply = await client.messages.create(**asked, messages=[USER])
    assert [block.type for block in reply.content] == ["thinking", "text"]
    assert reply.usage.output_tokens_details.thinking_tokens == count_tokens(reply.content[0].thinking)
    history = [USER, {"role": "assistant", "content": reply.content}, USER]
    assert (await client.messages.create(**asked, messages=history)).stop_reason == "end_turn"
    reply.content[0].thinking += " changed"
    with pytest.raises(anthropic.BadRequestError, match="Invalid `signature`"):
        await client.messages.create(**asked, messages=history)


@pytest.mark.parametrize("model", ["demo-thinking", "demo-tools", "demo-search", "demo+redacted", "claude-of-any-name"])
async def test_every_model_streams_what_it_says_at_once(model: str, serve: Any, connect: Any, ask: Any) -> None:
    server = serve()
    heard = await ask(server, "Tell me about rivers", model=model)
    whole = await connect(server).messages.create(model=model, max_tokens=8000, messages=[USER])
    assert heard.text == SCRIPT == "".join(block.text for block in whole.content if block.type == "text")
    assert heard.blocks == [block.type for block in whole.content]
    assert heard.thinking == "".join(block.thinking for block in whole.content if block.type == "thinking")
    assert heard.output_tokens == whole.usage.output_tokens
    assert heard.stop_reason == whole.stop_reason == ("tool_use" if model == "demo-tools" else "end_turn")
    calls = [block.input for block in whole.content if block.type.endswith("tool_use")]
    assert [json.loads(heard.json)] == calls if calls else heard.json == ""
    assert bool(heard.citations) == (model == "demo-search")


async def test_a_prompt_can_ask_for_thinking_a_tool_or_a_search(serve: Any, ask: Any) -> None:
    server = serve()
    assert (await ask(server, "A riddle, please")).blocks == ["thinking", "text"]
    assert (await ask(server, "Use a tool")).blocks == ["text", "tool_use"]
    assert "web_search_tool_result" in (await ask(server, "Search the news")).blocks


async def test_the_token_limit_and_stop_sequences_are_kept(serve: Any, ask: Any) -> None:
    server = serve()
    short = await ask(server, "Tell me about rivers", max_tokens=7)
    assert (short.stop_reason, short.output_tokens) == ("max_tokens", 7)
    assert SCRIPT.startswith(short.text)
    stopped = await ask(server, "Tell me about rivers", stop_sequences=["never said", "\n\n"])
    assert stopped.stop_reason == "stop_sequence"
    assert stopped.text == SCRIPT.partition("\n\n")[0]


async def test_models_are_listed_with_their_limits(serve: Any, connect: Any) -> None:
    client = connect(serve())
    models = [model async for model in await client.models.list()]
    assert models[0].id == "demo"
    assert {"demo-thinking", "demo-tools"} <= {model.id for model in models}
    assert all(model.max_tokens and model.max_input_tokens and model.capabilities for model in models)
    assert (await client.models.retrieve("demo-fast")).display_name == "Demo, 500 tokens a second"
    with pytest.raises(anthropic.NotFoundError):
        await client.models.retrieve("demo-missing")


async def test_tokens_are_counted_as_a_reply_counts_them(serve: Any, connect: Any) -> None:
    counted = await connect(serve()).messages.count_tokens(model="demo", messages=[USER], system="Be brief.")
    assert counted.input_tokens == 7


async def test_a_request_beyond_the_limit_is_answered_while_it_is_still_being_sent(serve: Any, ask: Any) -> None:
    heard = await ask(serve(), "x" * 33 * 1024 * 1024)
    assert isinstance(heard.error, anthropic.APIStatusError)
    assert heard.error.status_code == 413


@pytest.mark.parametrize(
    ("prompt", "model", "said"),
    [
        ("/fault resett\nx", "demo", "did you mean 'reset'?"),
        ("x", "demo+fload", "did you mean 'flood'?"),
        ("/rate fast\nx", "demo", "/rate takes a number"),
    ],
)
async def test_a_mistake_in_a_directive_is_answered_with_a_sentence(
    prompt: str, model: str, said: str, serve: Any, ask: Any
) -> None:
    heard = await ask(serve(), prompt, model=model)
    assert isinstance(heard.error, anthropic.BadRequestError)
    assert said in str(heard.error)


async def test_many_replies_at_once_do_not_mix(serve: Any, ask: Any) -> None:
    server = serve()
    prompts = [f"/tokens 300\nreply number {number}" for number in range(20)]
    heard = await asyncio.gather(*(ask(server, prompt) for prompt in prompts))
    assert [reply.text for reply in heard] == [script_for(prompt) for prompt in prompts]


async def test_a_client_that_leaves_is_noticed_and_logged(serve: Any, connect: Any) -> None:
    server = serve(rate=50)
    client = connect(server)
    request: Any = {"model": "demo", "max_tokens": 8000, "messages": [USER]}
    async with await client.messages.create(**request, stream=True) as events:
        async for event in events:
            if event.type == "content_block_delta":
                break
    assert await asyncio.to_thread(server.wait_for, lambda log: bool(log.closed_early), timeout_s=PATIENCE_S)
    exchange = server.log.exchanges[0]
    assert exchange.closed_early
    assert not exchange.completed
    assert 0 < exchange.tokens_sent < count_tokens(SCRIPT)
    assert exchange.ended_at is not None


async def test_a_reply_read_to_its_end_was_not_closed_early(serve: Any, ask: Any) -> None:
    server = serve()
    for _ in range(20):
        await ask(server, "/tokens 3\nx")
    assert all(exchange.completed and not exchange.closed_early for exchange in server.log.exchanges)
    assert [exchange.tokens_sent for exchange in server.log.exchanges] == [3] * 20


async def test_the_log_keeps_what_was_asked_but_no_key(serve: Any, ask: Any) -> None:
    server = serve()
    await ask(server, "Tell me about rivers")
    (exchange,) = server.log.replies
    assert (exchange.method, exchange.path, exchange.status) == ("POST", "/v1/messages", 200)
    assert exchange.body["messages"] == [USER]
    assert exchange.text == SCRIPT
    assert exchange.headers["authorization"] == "[redacted]"
    assert "demo-key" not in repr(exchange)


def test_waiting_for_what_does_not_happen_ends(serve: Any) -> None:
    assert not serve().wait_for(lambda log: log.total > 0, timeout_s=0.01)


def test_a_port_that_is_taken_is_an_error_that_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1:{port}") as error:
            DemoServer(port).start()
    assert error.value.errno


def test_it_can_be_stopped_and_started_again() -> None:
    server = DemoServer()
    for _ in range(3):
        url = server.start()
        assert url == server.url == server.start()
        server.stop()
        assert server.url == ""
    server.stop()


def test_stopping_it_while_clients_connect_leaves_nothing_open() -> None:
    for _ in range(30):
        with DemoServer() as server, socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))):
            pass
    gc.collect()


async def test_stopping_it_ends_what_is_under_way(serve: Any, ask: Any) -> None:
    server = serve("silent")
    heard = asyncio.create_task(ask(server, "x"))
    assert await asyncio.to_thread(server.wait_for, lambda log: log.total == 1, timeout_s=PATIENCE_S)
    await asyncio.to_thread(server.stop)
    assert isinstance((await heard).error, anthropic.APIConnectionError)
    assert server.log.open_connections == 0
    assert not server.log.closed_early
    assert "demo-server" not in [thread.name for thread in threading.enumerate()]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serving_ends_on_a_signal(number: signal.Signals) -> None:
    code = (
        "from tui_chat.demo import DemoServer; DemoServer().serve(lambda url: print(url, flush=True)); print('ended')"
    )
    with subprocess.Popen([sys.executable, "-W", "error", "-c", code], stdout=-1, stderr=-1, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("http://127.0.0.1:")
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, out, err) == (0, "ended\n", "")


def test_importing_it_loads_neither_asyncio_nor_the_sdk() -> None:
    code = "import sys, tui_chat.demo; print(sorted({'asyncio', 'anthropic', 'textual'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
