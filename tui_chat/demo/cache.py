"""The prompt cache: the tokens that a request reads of an earlier one, and those that it leaves for the next."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from tui_chat.demo.conversation import tokens_of, tool_tokens
from tui_chat.records import dataclass

LEAST_TOKENS = 1024
"""The least tokens that are kept."""
LOOKBACK = 20
"""The number of blocks before a mark that are looked up in the cache."""
_MOST_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Counted:
    """The tokens of a request, by where they came from."""

    fresh: int
    read: int = 0
    written: int = 0


class PromptCache:
    """Keeps what a request marks, up to each mark; whatever begins with the same words reads it."""

    def __init__(self) -> None:
        self._kept: dict[str, None] = {}

    def count(self, body: Mapping[str, Any]) -> Counted:
        """Count a request, and keep what it marks."""
        places: list[str] = []
        tokens: list[int] = []
        marks: list[int] = []
        so_far = hashlib.sha256(str(body.get("model")).encode())
        so_far.update(json.dumps(body.get("tools")).encode())
        size = tool_tokens(body)
        for number, block in enumerate(_blocks(body)):
            said = {name: value for name, value in block.items() if name != "cache_control"}
            so_far.update(json.dumps(said, sort_keys=True).encode())
            size += tokens_of(said)
            places.append(so_far.hexdigest())
            tokens.append(size)
            if block.get("cache_control") and size >= LEAST_TOKENS:
                marks.append(number)
        looked_at = {place for mark in marks for place in range(max(mark - LOOKBACK, 0), mark + 1)}
        read = max((tokens[place] for place in looked_at if places[place] in self._kept), default=0)
        written = max((tokens[mark] for mark in marks), default=read) - read
        for mark in marks:
            self._keep(places[mark])
        return Counted(size - read - written, read, written)

    def _keep(self, place: str) -> None:
        self._kept[place] = None
        if len(self._kept) > _MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))


def _blocks(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the content of a request besides its tools, in the order in which a model reads it."""
    for content in (body.get("system"), *(message["content"] for message in body["messages"])):
        if isinstance(content, str):
            yield {"type": "text", "text": content}
        elif isinstance(content, list):
            yield from (block for block in content if isinstance(block, Mapping))
