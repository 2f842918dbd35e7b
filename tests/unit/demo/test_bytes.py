"""The server as a raw socket sees it: where the point is bytes."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.waiting import PATIENCE_S
from tui_chat.demo import DemoServer, script_for
from tui_chat.demo.tokens import tokenise

PROMPT = "/seed 1\nA poem"


def request(prompt: str = PROMPT, head: str = "", **fields: Any) -> bytes:
    """Return a request for a streamed reply."""
    asked = {"model": "demo", "max_tokens": 1000, "stream": True, "messages": [{"role": "user", "content": prompt}]}
    body = json.dumps(asked | fields).encode()
    return f"POST /v1/messages HTTP/1.1\r\nHost: demo\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


@contextmanager
def connected(server: DemoServer) -> Iterator[socket.socket]:
    """Yield a connection that does not wait for ever."""
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE_S) as connection:
        yield connection


def everything(connection: socket.socket) -> bytes:
    """Return all that comes until the server closes."""
    data = bytearray()
    while piece := connection.recv(65536):
        data += piece
    return bytes(data)


def chunks_of(answer: bytes) -> list[bytes]:
    """Return the chunks of an answer's body."""
    head, _, rest = answer.partition(b"\r\n\r\n")
    assert b"Transfer-Encoding: chunked" in head
    chunks = []
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size, 16)
        chunks.append(rest[:length])
        assert rest[length : length + 2] == b"\r\n"
        rest = rest[length + 2 :]
        if not length:
            break
    assert rest == b""
    return chunks[:-1]


def text_in(body: bytes) -> str:
    """Return the text of an event stream."""
    events = [json.loads(line[6:]) for line in body.decode().split("\n") if line.startswith("data: ")]
    return "".join(event["delta"].get("text", "") for event in events if event["type"] == "content_block_delta")


def test_events_are_lines_as_the_api_writes_them(serve: Any) -> None:
    with connected(serve()) as connection:
        connection.sendall(request(head="Connection: close\r\n"))
        answer = everything(connection)
    head, body = answer.partition(b"\r\n\r\n")[0].decode(), b"".join(chunks_of(answer))
    assert head.startswith("HTTP/1.1 200 OK\r\n")
    assert "content-type: text/event-stream; charset=utf-8\r\n" in head
    assert "request-id: req_demo_000001\r\n" in head
    events = body.decode().split("\n\n")
    assert events[0].startswith('event: message_start\ndata: {"type":"message_start","message":{"id":"msg_demo_000001"')
    assert events[2] == 'event: ping\ndata: {"type":"ping"}'
    assert events[-2:] == ['event: message_stop\ndata: {"type":"message_stop"}', ""]
    assert "古".encode() in body
    assert text_in(body) == script_for(PROMPT)


def test_a_connection_is_used_again_even_when_requests_do_not_wait(serve: Any) -> None:
    server = serve()
    with connected(server) as connection:
        connection.sendall(request() + request(stream=False) + request(head="Connection: close\r\n"))
        answer = everything(connection)
    assert answer.count(b"HTTP/1.1 200 OK") == 3
    assert [exchange.completed for exchange in server.log.exchanges] == [True] * 3


def test_http_1_0_closes_at_the_end(serve: Any) -> None:
    with connected(serve()) as connection:
        connection.sendall(b"GET /v1/models HTTP/1.0\r\n\r\n")
        assert b"Connection: close" in everything(connection)


def test_a_request_may_come_in_chunks_and_byte_by_byte(serve: Any) -> None:
    body = request(stream=False).partition(b"\r\n\r\n")[2]
    chunks = b"5\r\n" + body[:5] + b"\r\n%x;note=x\r\n" % len(body[5:]) + body[5:] + b"\r\n0\r\nTrailer: x\r\n\r\n"
    whole = b"POST /v1/messages HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + chunks
    with connected(serve()) as connection:
        for at in range(len(whole)):
            connection.send(whole[at : at + 1])
        assert everything(connection).startswith(b"HTTP/1.1 200 OK")


def test_a_client_that_asks_first_is_told_to_go_on(serve: Any) -> None:
    head, _, body = request(head="Expect: 100-continue\r\nConnection: close\r\n").partition(b"\r\n\r\n")
    with connected(serve()) as connection:
        connection.sendall(head + b"\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 100 Continue")
        connection.sendall(body)
        assert everything(connection).startswith(b"HTTP/1.1 200 OK")


def test_trickled_bytes_are_a_chunk_each(serve: Any) -> None:
    with connected(serve("trickle")) as connection:
        connection.sendall(request(head="Connection: close\r\n"))
        chunks = chunks_of(everything(connection))
    assert {len(chunk) for chunk in chunks} == {1}
    assert text_in(b"".join(chunks)) == script_for(PROMPT)


def test_split_events_are_cut_at_every_place_in_turn(serve: Any) -> None:
    with connected(serve("split")) as connection:
        connection.sendall(request(head="Connection: close\r\n"))
        chunks = chunks_of(everything(connection))
    assert text_in(b"".join(chunks)) == script_for(PROMPT)
    assert [len(chunk) for chunk in chunks[0:10:2]] == [1, 2, 3, 4, 5]
    assert sum(_is_torn(chunk) for chunk in chunks) == sum(
        not token.isascii() for token in tokenise(script_for(PROMPT))
    )


def _is_torn(chunk: bytes) -> bool:
    """True if a chunk ends within a UTF-8 sequence."""
    try:
        chunk.decode()
    except UnicodeDecodeError as error:
        return error.end == len(chunk)
    return False


def test_a_reset_is_a_reset(serve: Any) -> None:
    with connected(serve("reset@3")) as connection:
        connection.sendall(request())
        with pytest.raises(ConnectionResetError):
            everything(connection)


@pytest.mark.parametrize(("fault", "ended"), [("eof@3", True), ("cut@3", False)])
def test_an_end_is_clean_or_in_the_middle(fault: str, ended: bool, serve: Any) -> None:
    with connected(serve(fault)) as connection:
        connection.sendall(request(head="Connection: close\r\n"))
        answer = everything(connection)
    assert answer.endswith(b"0\r\n\r\n") is ended
    assert b"message_stop" not in answer


def test_pings_keep_a_line_alive(serve: Any) -> None:
    with connected(serve("pings@600")) as connection:
        connection.sendall(request())
        data = b""
        while data.count(b"event: ping") < 2:
            data += connection.recv(65536)
    assert b"message_start" in data
    assert b"content_block" not in data


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"POST /v1/messages HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
        (b"POST /v1/messages HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 413),
        (b"POST /v1/messages HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"POST /v1/messages HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n", 413),
        (b"x" * 70_000, 400),
        (b"POST /v1/messages HTTP/1.1\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{]", 400),
        (b"POST /v1/messages HTTP/1.1\r\nConnection: close\r\nContent-Length: 5000\r\n\r\n" + b"[" * 5000, 400),
        (b"GET /v1/messages HTTP/1.1\r\nConnection: close\r\n\r\n", 405),
        (b"GET /elsewhere HTTP/1.1\r\nConnection: close\r\n\r\n", 404),
        (b"GET /portal HTTP/1.1\r\nConnection: close\r\n\r\n", 200),
    ],
)
def test_what_is_no_request_for_a_reply_is_answered_and_harms_nobody(sent: bytes, status: int, serve: Any) -> None:
    server = serve()
    with connected(server) as connection:
        connection.sendall(sent)
        assert everything(connection).startswith(b"HTTP/1.1 %d " % status)
    with connected(server) as connection:
        connection.sendall(request(head="Connection: close\r\n"))
        assert everything(connection).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize("sent", [b"", b"POST /v1/mess", request()[:-5], request(head="Expect: 100-continue\r\n")[:-9]])
def test_a_client_that_leaves_in_the_middle_of_a_request_leaves_nothing_behind(sent: bytes, serve: Any) -> None:
    server = serve()
    with connected(server) as connection:
        connection.sendall(sent)
    assert server.wait_for(lambda log: log.open_connections == 0, timeout_s=PATIENCE_S)
    assert server.log.total == 0


def test_a_client_that_stops_reading_and_leaves_is_noticed(serve: Any) -> None:
    server = serve()
    with connected(server) as connection:
        connection.sendall(request("/fault flood@200000\nx", max_tokens=1_000_000))
        connection.recv(1000)
    assert server.wait_for(lambda log: bool(log.closed_early) and log.open_connections == 0, timeout_s=PATIENCE_S)
    assert server.log.exchanges[0].tokens_sent < 200_000


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["role", "type", "text", "x"]), inner),
    max_leaves=8,
)
FIELDS = ("model", "max_tokens", "messages", "system", "tools", "thinking", "stop_sequences", "stream")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_no_json_breaks_the_server(fuzzed_server: DemoServer, fields: dict[str, Any]) -> None:
    with connected(fuzzed_server) as connection:
        connection.sendall(request("/tokens 3\nx", head="Connection: close\r\n", **fields))
        assert everything(connection).startswith((b"HTTP/1.1 200 OK", b"HTTP/1.1 400 Bad Request"))


@pytest.fixture
def fuzzed_server(serve: Any) -> Any:
    """One server for all examples."""
    return serve()
