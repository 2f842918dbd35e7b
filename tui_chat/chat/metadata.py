"""What is known about a reply besides its text: how it was asked for, how it went, what it cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any

from tui_chat.chat.usage import Usage


class Mode(StrEnum):
    """How a reply is asked for."""

    STREAM = "stream"
    BATCH = "batch"

    @property
    def other(self) -> Mode:
        """The mode that the toggle goes to."""
        return Mode.BATCH if self is Mode.STREAM else Mode.STREAM


@dataclass(frozen=True, slots=True)
class ReplyMetrics:
    """How a reply went, from a monotonic clock; None means "not known", never 0."""

    ttft_ms: float | None = None
    """From the request to the first text or thinking."""
    duration_ms: float | None = None
    """From the request to the end."""
    chars_per_second: float | None = None
    """Characters of text and thinking, from the first to the last; None for a batch reply."""
    tokens_per_second: float | None = None
    """The same for output tokens."""
    longest_gap_ms: float | None = None
    """The longest wait between two deltas."""
    events: int = 0
    """Stream events that came."""
    retries: int = 0
    """Requests repeated before any text came."""
    resumes: int = 0
    """Requests for the rest after text came."""
    fallback: bool = False
    """Whether streaming failed and the reply was fetched in one piece."""


@dataclass(frozen=True, slots=True)
class ReplyMetadata:
    """The `stream_metadata` of a message."""

    mode: Mode = Mode.STREAM
    provider: str = ""
    model: str = ""
    stop_reason: str | None = None
    usage: Usage = field(default_factory=Usage)
    cost_usd: float | None = None
    metrics: ReplyMetrics = field(default_factory=ReplyMetrics)
    simulated: bool = False
    """Whether the provider cannot stream and the flow of the text was made here."""
    seams: tuple[int, ...] = ()
    """Offsets in the text at which it was resumed or continued."""
    error: Mapping[str, object] | None = None
    """The failure that ended the reply (`ChatError.to_json`)."""
    stop_details: Mapping[str, object] | None = None
    """What else the provider said of why it stopped: with a refusal, its category and an explanation."""

    @property
    def speaker(self) -> str:
        """Who wrote the reply: another model is not called Claude. What the demo server has was written for Claude."""
        return "Claude" if self.provider == "demo" or "claude" in self.model.lower() else "Assistant"

    @property
    def explanation(self) -> str:
        """Why the model refused, in the provider's words, as far as it told."""
        said = (self.stop_details or {}).get("explanation")
        return said.strip() if isinstance(said, str) else ""

    def to_json(self) -> dict[str, object]:
        """A JSON object for storage."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> ReplyMetadata:
        """The metadata again; what an older version did not know has its default."""
        values = _known(cls, data)
        values["mode"] = Mode(str(values.get("mode") or Mode.STREAM))
        values["usage"] = Usage.from_json(_mapping(data.get("usage")))
        values["metrics"] = ReplyMetrics(**_known(ReplyMetrics, _mapping(data.get("metrics"))))
        values["stop_details"] = _mapping(data.get("stop_details")) or None
        seams = data.get("seams")
        values["seams"] = tuple(seams) if isinstance(seams, list | tuple) else ()
        return cls(**values)


def _known(cls: type[ReplyMetadata] | type[ReplyMetrics], data: Mapping[str, object]) -> dict[str, Any]:
    names = {item.name for item in fields(cls)}
    return {name: value for name, value in data.items() if name in names}


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
