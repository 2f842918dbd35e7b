"""A server that says exactly what a test dictates, in the pieces that the test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Event = dict[str, Any]
Dictation = Callable[[str], Sequence[Event]]
"""From the text of the last prompt to the events of the reply."""


def reply_events(pieces: Sequence[str], *, model: str = "dictated") -> list[Event]:
    """Return the events of a reply whose text comes in these pieces."""
    usage = {"input_tokens": 1, "output_tokens": 1}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": model, "content": [], "usage": usage}
    return [
        {"type": "message_start", "message": message | {"stop_reason": None, "stop_sequence": None}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *(
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
            for piece in pieces
        ),
        {"type": "content_block_stop", "index": 0},
        *ending(),
    ]


def ending() -> list[Event]:
    """Return the end of every reply."""
    return [
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": None},
            "usage": {"output_tokens": 1},
        },
        {"type": "message_stop"},
    ]


def in_one_piece(events: Sequence[Event]) -> Event:
    """Return the message that these events make, as it is sent to somebody who does not stream."""
    message: Event = {**events[0]["message"], "content": []}
    for event in events:
        if event["type"] == "content_block_start":
            message["content"].append(dict(event["content_block"]))
        elif event["type"] == "content_block_delta":
            for name in event["delta"].keys() & {"text", "thinking"}:
                message["content"][-1][name] += event["delta"][name]
        elif event["type"] == "message_delta":
            message |= event["delta"]
    return message


@contextmanager
def dictating(dictation: Dictation) -> Iterator[str]:
    """Serve the Messages wire; yields the base URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            content = body["messages"][-1]["content"]
            text = content if isinstance(content, str) else content[-1]["text"]
            streams = body.get("stream", False)
            self.send_response(200)
            self.send_header("content-type", "text/event-stream" if streams else "application/json")
            self.send_header("connection", "close")
            self.end_headers()
            events = dictation(text)
            if streams:
                for event in events:
                    self.wfile.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())
            else:
                self.wfile.write(json.dumps(in_one_piece(events)).encode())
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
