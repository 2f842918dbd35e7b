"""An MCP server with faults to order, as a command: plain JSON-RPC on its standard streams, so that it starts at once.

The first argument says which tools it has (names with commas); further ones are faults at its start. Each tool is one
thing that a test wants to see done.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

READ_ONLY = {"readOnlyHint": True}
HOSTILE = "\x1b]0;forged\x07\x1b[31mred"
"""Text that attacks a terminal."""
ARGUMENTS = {"type": "object", "properties": {"text": {"type": "string"}, "count": {"type": "integer"}}}
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR4nGNoaGBoaAAABgYCASzBUNcAAAAASUVORK5CYII="
"""A picture of two pixels by two."""
BAD: Mapping[str, object] = {
    "no-schema": None,
    "bad-schema": {"type": "object", "properties": {"a": {"type": "objekt"}}},
    "no-object": {"type": "string"},
}
"""The schemas of tools that cannot be offered."""


def send(message: Mapping[str, Any]) -> None:
    """Write a message."""
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    sys.stdout.flush()


def log(name: str, text: str) -> None:
    """Write down, for the test, what happened."""
    if folder := os.environ.get("STUB_FOLDER"):
        with (Path(folder) / name).open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")


def described(name: str) -> dict[str, Any]:
    """Return a tool as the list has it."""
    return {
        "name": name,
        "description": f"Does {name}. {HOSTILE if 'hostile' in name else ''}",
        "inputSchema": BAD.get(name, ARGUMENTS),
        "annotations": READ_ONLY if name in ("echo", "environment") else {},
    }


def result_of(name: str, arguments: Mapping[str, Any], tools: list[str]) -> dict[str, Any] | None:
    """Return the result of a call; None for a call that gets none."""
    match name:
        case "die":
            sys.stderr.write("out of cheese\n")
            sys.stderr.flush()
            os._exit(3)
        case "die-hostile":
            sys.stderr.write(f"{HOSTILE} last\n")
            sys.stderr.flush()
            os._exit(3)
        case "hang":
            return None
        case "huge":
            return {"content": [{"type": "text", "text": "x" * int(arguments["count"])}]}
        case "fail":
            return {"content": [{"type": "text", "text": "It cannot be done."}], "isError": True}
        case "change":
            tools[:] = ["echo", "other"]
            send({"method": "notifications/tools/list_changed"})
        case "fail-hostile":
            return {"content": [{"type": "text", "text": f"No. {HOSTILE}"}], "isError": True}
        case "hostile":
            return {"content": [{"type": "text", "text": HOSTILE}]}
        case "picture":
            return {"content": [{"type": "image", "mimeType": "image/png", "data": "AAAA" * 1000}]}
        case "environment":
            return {"content": [{"type": "text", "text": json.dumps(dict(os.environ))}]}
        case "noise":
            sys.stderr.write("noise for the terminal\n" * 10_000)
            sys.stderr.flush()
            try:
                os.write(os.open("/dev/tty", os.O_WRONLY), b"noise for the terminal\n")
            except OSError:
                return {"content": [{"type": "text", "text": "There is no terminal."}]}
    text = arguments.get("text", f"{name} done")
    return {"content": [{"type": "text", "text": text}]}


def content_of(uri: str) -> dict[str, Any] | None:
    """Return what there is to read at an address; None for one that is never answered."""
    match uri.split("/")[2]:
        case "two":
            return {"contents": [{"uri": uri, "mimeType": "image/png", "blob": PNG}]}
        case "folder":
            return {"contents": [{"uri": f"{uri}/{name}.md", "text": f"# {name}"} for name in ("a", "b")]}
        case "blob":
            return {"contents": [{"uri": uri, "blob": base64.b64encode(bytes(range(256))).decode()}]}
        case "huge":
            return {"contents": [{"uri": uri, "text": "x" * 10_000_000}]}
        case "monstrous":
            return {"contents": [{"uri": uri, "text": "x" * 20_000_000}]}
        case "odd":
            return {"contents": 5}
        case "not-base64":
            return {"contents": [{"uri": uri, "blob": "~"}]}
        case "nothing":
            return {"contents": []}
        case "missing":
            raise LookupError
        case "hang":
            return None
        case "die":
            sys.stderr.write("out of cheese\n")
            sys.stderr.flush()
            os._exit(3)
    return {"contents": [{"uri": uri, "mimeType": "text/plain", "text": f"What {uri} says."}]}


def answer(message: Mapping[str, Any], tools: list[str]) -> dict[str, Any] | None:
    """Return the result of a request."""
    params = message.get("params") or {}
    match message["method"]:
        case "initialize":
            able = {"tools": {"listChanged": True}, "resources": {}, "prompts": {}}
            info = {"name": "stub", "version": "1"}
            return {"protocolVersion": params["protocolVersion"], "capabilities": able, "serverInfo": info}
        case "tools/list":
            log("lists", ",".join(tools))
            return {"tools": [described(name) for name in tools]}
        case "tools/call":
            log("calls", json.dumps(params.get("arguments")))
            return result_of(params["name"], params.get("arguments") or {}, tools)
        case "resources/list":
            notes = {"uri": "note://one", "name": "First note", "mimeType": "text/plain"}
            return {"resources": [notes, {"uri": "pic://two", "name": "A picture", "mimeType": "image/png"}]}
        case "resources/templates/list":
            by_id = {"uriTemplate": "note://{id}/text", "name": "A note by its number"}
            return {"resourceTemplates": [by_id, {"uriTemplate": "find://notes{?q}", "name": "All notes"}]}
        case "resources/read":
            log("reads", params["uri"])
            return content_of(params["uri"])
        case "prompts/list":
            review = {"name": "review", "description": "Reviews a text", "arguments": [{"name": "text"}]}
            return {"prompts": [review, {"name": "hello"}]}
        case "prompts/get":
            said = (params.get("arguments") or {}).get("text", "this")
            return {"messages": [{"role": "user", "content": {"type": "text", "text": f"Review {said}, please."}}]}
    raise LookupError


def main() -> None:
    """Serve until standard input ends."""
    tools, faults = sys.argv[1].split(","), sys.argv[2:]
    log("pids", str(os.getpid()))
    if "die-at-start" in faults:
        sys.stderr.write("no licence found\n")
        sys.exit(1)
    if "child" in faults:
        child = subprocess.Popen(["sleep", "600"])
        log("pids", str(child.pid))
    for line in sys.stdin:
        message = json.loads(line)
        if message.get("method") == "notifications/cancelled":
            log("cancelled", json.dumps(message["params"]))
        if "id" not in message or "mute" in faults:
            continue
        try:
            result = answer(message, tools)
        except LookupError:
            send({"id": message["id"], "error": {"code": -32601, "message": "Method not found"}})
        else:
            if result is not None:
                send({"id": message["id"], "result": result})
    if "stay" in faults:
        time.sleep(600)  # it stays when its input has ended, until it is killed; not for ever, should that fail


if __name__ == "__main__":
    main()
