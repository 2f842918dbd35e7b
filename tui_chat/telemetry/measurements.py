"""A reply as measurements for the histograms that OpenTelemetry's conventions have for a client of generative AI."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui_chat.chat.protocols import ReplyRecord
from tui_chat.records import dataclass
from tui_chat.telemetry.spans import OPERATION, Attribute, Attributes, error_type, provider_of, server_of


@dataclass(frozen=True, slots=True)
class Histogram:
    """A histogram as the conventions have it."""

    name: str
    unit: str
    boundaries: Sequence[float]


TOKENS = Histogram("gen_ai.client.token.usage", "{token}", tuple(4**power for power in range(14)))
DURATION = Histogram("gen_ai.client.operation.duration", "s", tuple(2**power / 100 for power in range(14)))
HISTOGRAMS = (TOKENS, DURATION)


@dataclass(frozen=True, slots=True)
class Measurement:
    """One value for a histogram."""

    histogram: Histogram
    value: float
    attributes: Attributes


def measurements_of(record: ReplyRecord) -> Iterator[Measurement]:
    """Yield the measurements of a reply: its duration, and the tokens that its provider has counted."""
    metadata = record.reply.metadata
    about = {
        "gen_ai.operation.name": OPERATION,
        "gen_ai.provider.name": provider_of(record),
        "gen_ai.request.model": record.request.model,
        "gen_ai.response.model": metadata.model if record.response_id else None,
        **server_of(record),
    }
    output = None if metadata.estimated else metadata.usage.output_tokens
    for kind, count in (("input", metadata.usage.prompt_tokens), ("output", output)):
        if count is not None:
            yield Measurement(TOKENS, count, _known(about | {"gen_ai.token.type": kind}))
    if metadata.metrics.duration_ms is not None:
        attributes = _known(about | {"error.type": error_type(record)})
        yield Measurement(DURATION, metadata.metrics.duration_ms / 1000, attributes)


def _known(attributes: dict[str, Attribute | None]) -> Attributes:
    return {name: value for name, value in attributes.items() if value is not None}
