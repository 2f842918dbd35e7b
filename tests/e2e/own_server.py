"""A server of one's own on loopback: it lists its models, and answers on both wires."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.e2e.scripted_server import in_one_piece, reply_events

TEXT = "Here is the answer."
Json = dict[str, Any]


class OwnServer(ThreadingHTTPServer):
    """Notes what it is asked; `models` is what it lists, None for a server that lists nothing."""

    def __init__(self, models: Sequence[Json] | None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.models = models
        self.asked: list[Json] = []
        self.headers: list[Mapping[str, str]] = []
        """The headers of every request, by their names in small letters."""

    @property
    def url(self) -> str:
        """Its address on the Messages wire; Chat Completions have /v1 behind it."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: OwnServer

    def parse_request(self) -> bool:
        understood = super().parse_request()
        if understood:
            self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
        return understood

    def do_GET(self) -> None:
        models = self.server.models
        if models is None or self.path.partition("?")[0] != "/v1/models":
            self.say(404, "application/json", b'{"detail": "Not Found"}')
        else:
            self.say(200, "application/json", json.dumps({"object": "list", "data": models}).encode())

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append(body)
        if self.path.startswith("/v1/messages"):
            self.say_events(body, reply_events([TEXT], model=body["model"]))
        elif self.path == "/v1/chat/completions":
            self.say(200, "text/event-stream", b"".join(map(data_line, chunks_of(body["model"]))))
        else:
            self.say(404, "application/json", b'{"detail": "Not Found"}')

    def say_events(self, body: Json, events: Sequence[Json]) -> None:
        if body.get("stream"):
            lines = (f"event: {event['type']}\n".encode() + data_line(event) for event in events)
            self.say(200, "text/event-stream", b"".join(lines))
        else:
            self.say(200, "application/json", json.dumps(in_one_piece(events)).encode())

    def say(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        for name, value in (("content-type", kind), ("content-length", str(len(body))), ("connection", "close")):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def data_line(value: Json) -> bytes:
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def chunks_of(model: str) -> Sequence[Json]:
    """Return the chunks of a reply, its usage last."""
    about = {"id": "c1", "model": model}
    usage = {"prompt_tokens": 12, "completion_tokens": 34}
    return (
        about | {"choices": [{"index": 0, "delta": {"content": TEXT}}]},
        about | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
        about | {"choices": [], "usage": usage},
    )


@contextmanager
def own_server(*models: Json, lists: bool = True) -> Iterator[OwnServer]:
    """Serve these models."""
    server = OwnServer(models if lists else None)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
