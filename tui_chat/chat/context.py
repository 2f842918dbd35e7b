"""The share of a model's context that a conversation fills, and what to leave out when that is too much."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from tui_chat.chat.message import Message, Role, StreamingStatus
from tui_chat.chat.parts import TextPart
from tui_chat.chat.usage import Usage

CACHED_FOR = timedelta(minutes=5)
"""The time for which providers keep the beginning of a conversation."""


def measured_tokens(reply: Message) -> int | None:
    """Return the size of a conversation up to the end of this reply, where its own figures tell it exactly.

    They do if it was fetched whole by one request: the usage of several is added up. And if it is text alone: thinking
    counts as output and is not sent back as such, and a search that the provider runs reads the request several times.
    """
    metrics, usage = reply.metadata.metrics, reply.metadata.usage
    at_once = not (metrics.retries or metrics.resumes or metrics.fallback or reply.metadata.seams)
    whole = reply.status is StreamingStatus.COMPLETE and all(isinstance(part, TextPart) for part in reply.parts)
    if not (at_once and whole) or usage.prompt_tokens is None or usage.output_tokens is None:
        return None
    return usage.prompt_tokens + usage.output_tokens


def usage_to_come(tokens: int, last: Message | None, now: datetime) -> Usage:
    """Return the usage expected of a request this size: what the last reply left in the cache is read from there."""
    cached = _cached(last, now) if last is not None else 0
    if not cached:
        return Usage(input_tokens=tokens, output_tokens=0)
    return Usage(0, 0, min(cached, tokens), max(tokens - cached, 0))


def _cached(last: Message, now: datetime) -> int:
    usage, took = last.metadata.usage, timedelta(milliseconds=last.metadata.metrics.duration_ms or 0)
    fresh = now - last.created_at - took < CACHED_FOR
    return (usage.cache_read_input_tokens or 0) + (usage.cache_creation_input_tokens or 0) if fresh else 0


def first_that_fits(messages: Sequence[Message], size_of: Callable[[Message], int], room: float) -> Message | None:
    """Return the prompt with which to begin so that the messages fit; the last one if nothing less will do.

    Whole exchanges are left out, the oldest first. None where there is but one, and nothing to leave out.
    """
    prompts = [place for place, message in enumerate(messages) if message.role is Role.USER]
    sizes = [size_of(message) for message in messages]
    for place in prompts[1:]:
        if sum(sizes[place:]) <= room:
            return messages[place]
    return messages[prompts[-1]] if len(prompts) > 1 else None
