"""The demo server's cache: what it keeps of a prompt, and counts as read."""

from __future__ import annotations

from typing import Any

from tui_chat.demo.cache import Counted, PromptCache
from tui_chat.demo.conversation import input_tokens

LONG = "word " * 2_000
MARK = {"cache_control": {"type": "ephemeral"}}


def request(*said: str, marked: int | None = None, **more: Any) -> dict[str, Any]:
    roles = ("user", "assistant")
    contents: list[list[dict[str, Any]]] = [[{"type": "text", "text": text}] for text in said]
    if marked is not None:
        contents[marked][0] |= MARK
    messages = [{"role": roles[place % 2], "content": content} for place, content in enumerate(contents)]
    return {"model": "demo", "messages": messages, **more}


def test_without_a_mark_nothing_is_kept() -> None:
    cache = PromptCache()
    assert cache.count(request(LONG)) == cache.count(request(LONG)) == Counted(input_tokens(request(LONG)))


def test_what_is_marked_is_written_once_and_read_by_what_begins_with_the_same_words() -> None:
    cache, first = PromptCache(), request(LONG, marked=0, tools=[{"name": "look"}])
    size = input_tokens(first)
    assert cache.count(first) == Counted(0, 0, size)
    again = request(LONG, "Yes.", "And?", marked=2, tools=[{"name": "look"}])
    assert cache.count(again) == Counted(0, size, input_tokens(again) - size)
    assert cache.count(request(LONG, "Yes.", "And?", "So.", "More?", tools=[{"name": "look"}])).read == 0
    assert cache.count(request("No. " + LONG, "Yes.", "And?", marked=2)).read == 0


def test_a_short_prompt_is_not_worth_keeping() -> None:
    cache = PromptCache()
    assert [cache.count(request("Hello", marked=0)).written for _ in range(2)] == [0, 0]


def test_only_so_many_blocks_before_a_mark_are_looked_at() -> None:
    cache = PromptCache()
    kept = cache.count(request(LONG, marked=0)).written
    near, far = (request(LONG, *["a", "b"] * count, marked=2 * count) for count in (10, 11))
    assert cache.count(near).read == kept
    cache = PromptCache()
    cache.count(request(LONG, marked=0))
    assert cache.count(far).read == 0
