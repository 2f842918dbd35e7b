"""A reply as a span: a pure map to the names of OpenTelemetry's conventions for generative AI.

The conventions are still moving and their names are not in any stable package, so they stand here, in one place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias
from urllib.parse import urlsplit

from tui_chat.chat.errors import ChatError
from tui_chat.chat.message import StreamingStatus
from tui_chat.chat.metadata import Mode
from tui_chat.chat.protocols import ReplyRecord, Setback, ToolRun
from tui_chat.chat.usage import Usage
from tui_chat.records import dataclass, field
from tui_chat.services import service
from tui_chat.telemetry import tool_spans
from tui_chat.telemetry.content import texts_of

Attribute: TypeAlias = str | bool | int | float | Sequence[str]
Attributes: TypeAlias = Mapping[str, Attribute]

OPERATION = "chat"


@dataclass(frozen=True, slots=True)
class SpanEvent:
    """Something that happened on the way."""

    name: str
    at_ns: int
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class ReplySpan:
    """One reply as a collector gets it; times are in nanoseconds since 1970."""

    name: str
    start_ns: int
    end_ns: int
    attributes: Attributes
    events: tuple[SpanEvent, ...] = field(default=())
    failure: str = ""
    """A few words on why it failed; "" for a reply that did not."""
    tools: tuple[ReplySpan, ...] = field(default=())
    """The calls of tools that ran for it."""


def span_of(record: ReplyRecord, *, content: bool) -> ReplySpan:
    """Return the span of a reply; its text is in it only if `content` allows, and never that of a discarded reply."""
    reply, metadata = record.reply, record.reply.metadata
    start_ns = _nanoseconds(record.began_at)
    failed, error = reply.status is StreamingStatus.FAILED, _error(record)
    attributes: dict[str, Attribute | None] = {
        **_asked(record),
        **_answered(record),
        **_usage(metadata.usage, counted=not metadata.estimated),
        "error.type": error_type(record),
    }
    if content and reply.status is not StreamingStatus.CANCELLED:
        attributes |= texts_of(record)
    return ReplySpan(
        name=f"{OPERATION} {record.request.model}",
        start_ns=start_ns,
        end_ns=start_ns + _milliseconds(metadata.metrics.duration_ms or 0.0),
        attributes={name: value for name, value in attributes.items() if value is not None},
        events=tuple(_event(setback, start_ns) for setback in record.setbacks),
        # Not the message: a provider's error may quote the request.
        failure=(error.kind.headline if error else "Failed") if failed else "",
        tools=tuple(
            _tool_span(run, start_ns, content=content and reply.status is not StreamingStatus.CANCELLED)
            for run in record.tool_runs
            if run.result.duration_ms is not None
        ),
    )


def _tool_span(run: ToolRun, reply_start_ns: int, *, content: bool) -> ReplySpan:
    """Return the span of a call that ran."""
    end_ns = reply_start_ns + _milliseconds(run.ended_ms)
    return ReplySpan(
        name=f"{tool_spans.OPERATION} {run.call.name}",
        start_ns=end_ns - _milliseconds(run.result.duration_ms or 0.0),
        end_ns=end_ns,
        attributes=tool_spans.attributes_of(run, content=content),
        failure="The tool failed" if run.result.failed else "",
    )


def error_type(record: ReplyRecord) -> str | None:
    """Return what kind of error ended a reply; None for one that did not fail."""
    error = _error(record)
    return error.kind.value if error else "_OTHER" if record.reply.status is StreamingStatus.FAILED else None


def server_of(record: ReplyRecord) -> dict[str, Attribute | None]:
    """Return the attributes that say where a reply was asked for, where that is known: never a login, nor a path."""
    parts = urlsplit(record.address)
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    return {"server.address": parts.hostname, "server.port": port if parts.hostname else None}


def provider_of(record: ReplyRecord) -> str:
    """Return the provider's name in the conventions."""
    provider = record.reply.metadata.provider
    return service(provider).telemetry or provider


def _error(record: ReplyRecord) -> ChatError | None:
    metadata = record.reply.metadata
    failed = record.reply.status is StreamingStatus.FAILED
    return ChatError.from_json(metadata.error) if failed and metadata.error else None


def _asked(record: ReplyRecord) -> dict[str, Attribute | None]:
    request, metadata = record.request, record.reply.metadata
    provider = provider_of(record)
    return {
        "gen_ai.operation.name": OPERATION,
        "gen_ai.provider.name": provider,
        "gen_ai.system": provider,  # the former name; collectors still look for it
        **server_of(record),
        "gen_ai.conversation.id": record.conversation_id,
        "gen_ai.request.model": request.model,
        "gen_ai.request.max_tokens": request.max_tokens,
        "gen_ai.request.temperature": request.temperature,
        "gen_ai.request.stop_sequences": request.stop_sequences or None,
        "gen_ai.request.stream": True if metadata.mode is Mode.STREAM else None,
    }


def _answered(record: ReplyRecord) -> dict[str, Attribute | None]:
    metadata = record.reply.metadata
    first_ms = metadata.metrics.ttft_ms if metadata.mode is Mode.STREAM else None
    return {
        "gen_ai.response.id": record.response_id or None,
        "gen_ai.response.model": metadata.model if record.response_id else None,
        "gen_ai.response.finish_reasons": (metadata.wire_stop_reason,) if metadata.wire_stop_reason else None,
        "gen_ai.response.time_to_first_chunk": None if first_ms is None else first_ms / 1000,
        "tui_chat.reply.status": record.reply.status.value,
        "tui_chat.reply.cost_usd": metadata.cost_usd,
    }


def _usage(usage: Usage, *, counted: bool) -> dict[str, Attribute | None]:
    """Return the usage. The conventions count tokens read from or written to the cache as input; the wire does not."""
    input_tokens = usage.prompt_tokens
    read, written = usage.cache_read_input_tokens, usage.cache_creation_input_tokens
    return {
        "gen_ai.usage.input_tokens": input_tokens,
        "gen_ai.usage.output_tokens": usage.output_tokens if counted else None,
        "gen_ai.usage.cache_read.input_tokens": read,
        "gen_ai.usage.cache_creation.input_tokens": written,
    }


def _event(setback: Setback, start_ns: int) -> SpanEvent:
    attributes: dict[str, Attribute] = {"error.type": setback.error.value, "tui_chat.wait_s": setback.wait_s}
    return SpanEvent(f"tui_chat.{setback.remedy}", start_ns + _milliseconds(setback.after_ms), attributes)


def _nanoseconds(time: datetime) -> int:
    return int(time.timestamp() * 1_000_000) * 1_000


def _milliseconds(count: float) -> int:
    return int(count * 1_000_000)
