"""What listens on this machine is asked for its models, told nothing, and believed only where it makes sense."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.e2e.own_server import own_server
from tests.waiting import PATIENCE_S, wait_until
from tui_chat.chat.models import Model
from tui_chat.providers.local_servers import FoundServer, find_servers, models_in, ollama_port
from tui_chat.text.limits import LARGEST_MODEL_LIST_BYTES, LONGEST_NAME, MOST_LISTED_MODELS

LLAMA = {"id": "llama", "object": "model", "meta": {"n_ctx": 4096}}
LISTED = json.dumps({"object": "list", "data": [LLAMA]}).encode()


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine takes its time."""
    monkeypatch.setattr("tui_chat.providers.local_servers.PATIENCE_S", PATIENCE_S)


def found(*ports: int) -> Sequence[FoundServer]:
    return asyncio.run(find_servers(ports))


class Raw:
    """A port at which raw bytes are said; `heard` is what was asked."""

    def __init__(self, said: bytes, *, stays: bool, drips: bool) -> None:
        self.heard: list[bytes] = []
        self._said, self._stays, self._drips = said, stays, drips
        self._ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lines: list[socket.socket] = []
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self._lines.append(line)
            self.heard.append(line.recv(65536))
            with suppress(OSError):  # it has heard enough
                line.sendall(self._said)
                while self._drips and not self._ended.wait(0.05):
                    line.sendall(b" ")
            if not self._stays:
                line.close()

    def close(self) -> None:
        self._ended.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        for line in self._lines:
            line.close()


@contextmanager
def saying(said: bytes, *, stays: bool = False, drips: bool = False) -> Iterator[Raw]:
    raw = Raw(said, stays=stays, drips=drips)
    try:
        yield raw
    finally:
        raw.close()


def http(body: bytes, *head: str, status: str = "200 OK") -> bytes:
    return "\r\n".join((f"HTTP/1.1 {status}", "Content-Type: application/json", *head, "", "")).encode() + body


def test_the_models_of_every_server_are_found() -> None:
    with own_server(LLAMA) as one, own_server({"id": "qwen"}, {"id": "mistral"}) as other:
        assert found(one.server_address[1], other.server_address[1], one.server_address[1]) == [
            FoundServer(f"{one.url}/v1", (Model("llama", context_window=4096),)),
            FoundServer(f"{other.url}/v1", (Model("qwen"), Model("mistral"))),
        ]


def test_nothing_but_the_question_is_sent_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "OPENAI_API_KEY", "OPENAI_CUSTOM_HEADERS"):
        monkeypatch.setenv(name, "http://me:secret@127.0.0.1:9")
    with saying(http(LISTED)) as raw:
        assert found(raw.port)
    (asked,) = raw.heard
    host = f"Host: 127.0.0.1:{raw.port}"
    assert asked.decode() == f"GET /v1/models HTTP/1.0\r\n{host}\r\nAccept: application/json\r\n\r\n"


@pytest.mark.parametrize("length", [len(LISTED), None])
def test_the_end_of_an_answer_is_its_length_or_that_of_the_connection(length: int | None) -> None:
    head = [] if length is None else [f"content-LENGTH:  {length}"]
    with saying(http(LISTED, *head), stays=length is not None) as raw:
        assert len(found(raw.port)) == 1


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"\r\n\r\n",
        http(b"<!doctype html><title>It works</title>"),
        http(LISTED, status="404 Not Found"),
        http(LISTED, status="2000 OK"),
        http(LISTED, "Location: http://127.0.0.1:9/v1/models", status="302 Found"),
        http(LISTED, f"Content-Length: {LARGEST_MODEL_LIST_BYTES + 1}"),
        http(LISTED + b" " * LARGEST_MODEL_LIST_BYTES),
        http(LISTED + b" " * (LARGEST_MODEL_LIST_BYTES - len(LISTED) + 1)),
        http(b"5\r\n{}\r\n0\r\n\r\n", "Transfer-Encoding: chunked"),
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"x" * 2 * LARGEST_MODEL_LIST_BYTES,
    ],
)
def test_whatever_else_is_said_is_no_server(said: bytes) -> None:
    with saying(said) as raw:
        assert found(raw.port) == []


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\n", http(LISTED[:-1], f"Content-Length: {len(LISTED)}")])
def test_who_does_not_finish_is_not_waited_for(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_chat.providers.local_servers.PATIENCE_S", 0.1)
    with saying(said, stays=True) as raw:
        assert found(raw.port) == []


def test_nor_is_who_sends_a_byte_now_and_then_and_it_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_chat.providers.local_servers.PATIENCE_S", 0.5)
    with saying(http(b""), stays=True, drips=True) as raw, own_server(LLAMA) as server:
        ports, other = (raw.port, server.server_address[1]), [f"{server.url}/v1"]
        # On a busy machine the other one may have needed more than its time: it is asked again.
        wait_until(lambda: [server.address for server in found(*ports)] == other, "the other one is found")


def test_a_port_at_which_nothing_listens_has_none() -> None:
    assert found(9) == []


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        ({"object": "list", "data": [{"id": "a"}, {"id": "b"}, {"id": "a"}]}, ["a", "b"]),
        ({"object": "list", "data": [{"id": "org/model:7b-q4_K_M"}]}, ["org/model:7b-q4_K_M"]),
        ({"object": "list", "data": None}, []),
        ({"object": "list", "data": {"id": "a"}}, []),
        ({"data": [{"id": "a"}]}, []),
        ([{"id": "a"}], []),
        ({"object": "list", "data": ["a", None, {"id": 7}, {}, {"id": ""}, {"id": " "}, {"id": " a"}]}, []),
        ({"object": "list", "data": [{"id": "\x1b[2Jgone"}, {"id": "a\u202eb"}, {"id": "a\nb"}]}, []),
        ({"object": "list", "data": [{"id": "x" * (LONGEST_NAME + 1)}]}, []),
    ],
)
def test_an_id_is_one_that_can_be_shown_and_asked_for(data: object, ids: list[str]) -> None:
    assert [model.id for model in models_in(json.dumps(data).encode())] == ids


def test_a_list_has_an_end() -> None:
    data = {"object": "list", "data": [{"id": str(number)} for number in range(MOST_LISTED_MODELS + 5)]}
    assert len(models_in(json.dumps(data).encode())) == MOST_LISTED_MODELS


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.binary() | st.builds(lambda data: json.dumps({"object": "list", "data": data}).encode(), st.lists(JSON)))
def test_nothing_that_is_said_is_an_error(answer: bytes) -> None:
    for model in models_in(answer):
        assert model.id.isprintable()


@pytest.mark.parametrize(
    ("host", "port"),
    [
        ("127.0.0.1:9999", 9999),
        ("127.0.0.1", 11434),
        ("0.0.0.0:9999", 9999),
        ("0.0.0.0", 11434),
        (":9999", 9999),
        ("localhost:9999", 9999),
        ("[::1]:9999", 9999),
        ("::1", 11434),
        ("[::]", 11434),
        ("http://127.0.0.1:9999/", 9999),
        ("http://localhost", 80),
        (" HTTP://LOCALHOST:9999/api ", 9999),
        ("127.0.0.1:none", 11434),
        ("127.0.0.1:0", 11434),
        ("127.0.0.1:99999", 11434),
        ("gpu.office:11434", None),
        ("2001:db8::1", None),
        ("192.168.1.7:11434", None),
        ("https://127.0.0.1:443", None),
        ("http://127.0.0.1@gpu.office:80", None),
    ],
)
def test_ollamas_own_variable_names_a_port_of_this_machine_or_none(host: str, port: int | None) -> None:
    assert ollama_port(host) == port


@given(st.text())
def test_whatever_it_holds(host: str) -> None:
    port = ollama_port(host)
    assert port is None or 0 < port < 65536
