"""The question that a request's messages ask: a prompt, or the rest of a reply that broke off."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tui_chat.demo.tokens import count_tokens
from tui_chat.records import dataclass

_TAIL = re.compile(r"<tail>(.*)</tail>", re.DOTALL)
_AGAIN = re.compile(r"<again>(.*)</again>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Asked:
    """A turn of a conversation: the prompt, and how far its reply has come."""

    prompt: str
    partial: str | None
    """The reply so far, if the request asks for the rest of it."""
    again: str
    """The words of that with which the rest is to begin."""
    tools: int
    """The number of blocks at the end of that which are not text."""
    first: bool
    """True if no reply came before."""
    turn: str
    """The same for every request about this prompt at this place of this conversation."""
    rounds: int = 0
    """The number of times that the reply has called tools and got their results."""
    results: tuple[str, ...] = ()
    """Those of the last time, as texts."""


def asked_by(messages: Sequence[Mapping[str, Any]]) -> Asked:
    """Find the prompt. The rest of a reply is asked for in one of two forms.

    Either the last message is the reply so far (a prefilled answer), or a user message that quotes the end of the reply
    in `<tail>` follows it, and that may say in `<again>` with which words to begin. A reply that broke off several
    times may be in several pieces.
    """
    last, partial = len(messages) - 1, None
    if last >= 0 and messages[last]["role"] == "assistant":
        partial, last = said_in(messages[last]), last - 1
    while last >= 2 and (tail := _TAIL.search(said_in(messages[last]))) and messages[last - 1]["role"] == "assistant":
        piece = said_in(messages[last - 1]).rstrip()
        partial, last = piece + _trailing_space(tail[1]) + (partial or ""), last - 2
    asked, rounds = last, 0
    while asked >= 2 and _results(messages[asked]) and not said_in(messages[asked]):
        asked, rounds = asked - 2, rounds + 1
    prompt = said_in(messages[asked]) if asked >= 0 else ""
    before = messages[: last + 1]
    spoken = json.dumps([[message["role"], said_in(message)] for message in before])
    return Asked(
        prompt=prompt,
        partial=partial,
        again=_again(messages[-1]) if messages else "",
        tools=_tools_at_the_end(messages[-1]) if messages else 0,
        first=not any(message["role"] == "assistant" for message in before),
        turn=hashlib.sha256(spoken.encode()).hexdigest(),
        rounds=rounds,
        results=_results(messages[last]) if rounds else (),
    )


def place_in(script: str, partial: str) -> int:
    """Return the place in a script where a partial reply ends; 0 if it is not a part of it."""
    for candidate in (partial, partial.rstrip()):
        if script.startswith(candidate):
            return len(candidate)
    tail = partial.rstrip()[-40:]
    return script.rfind(tail) + len(tail) if tail and tail in script else 0


def input_tokens(body: Mapping[str, Any]) -> int:
    """Return the size of a request: every text in it, and the tools as JSON."""
    asked = [body.get("system") or "", [message.get("content") for message in body.get("messages", [])]]
    return tool_tokens(body) + tokens_of(asked)


def tool_tokens(body: Mapping[str, Any]) -> int:
    """Return the size of the tools that a request offers."""
    return count_tokens(json.dumps(body["tools"])) if body.get("tools") else 0


def tokens_of(content: object) -> int:
    """Return the size of all text in some content."""
    return sum(count_tokens(text) for text in _texts(content))


def said_in(message: Mapping[str, Any]) -> str:
    """Return the text of a message."""
    content = message["content"]
    if isinstance(content, str):
        return content
    return "".join(block["text"] for block in content if block.get("type") == "text")


def _results(message: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the results of tools in a message, as texts."""
    blocks = message["content"] if isinstance(message["content"], list) else []
    return tuple("".join(_texts(block)) for block in blocks if block.get("type") == "tool_result")


def _tools_at_the_end(message: Mapping[str, Any]) -> int:
    blocks = message["content"] if message["role"] == "assistant" and isinstance(message["content"], list) else []
    texts = [place for place, block in enumerate(blocks) if block.get("type") == "text"]
    return len(blocks) - 1 - texts[-1] if texts else 0


def _texts(value: object) -> Iterator[str]:
    """Yield every string in a JSON value that is text, not a name or an identifier."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name in ("text", "thinking", "content", "input"):
            yield from _texts(value.get(name))
    elif isinstance(value, Sequence):
        for item in value:
            yield from _texts(item)


def _again(message: Mapping[str, Any]) -> str:
    found = _AGAIN.search(said_in(message)) if message["role"] == "user" else None
    return found[1] if found else ""


def _trailing_space(text: str) -> str:
    return text[len(text.rstrip()) :]
