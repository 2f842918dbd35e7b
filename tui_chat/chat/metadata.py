"""The facts about a reply besides its text: how it was asked for, how it went, what it cost."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum

from tui_chat.chat.errors import ChatError
from tui_chat.chat.usage import Usage
from tui_chat.records import asdict, dataclass, field, replace
from tui_chat.services import service
from tui_chat.text.limits import MOST_BLOCKS
from tui_chat.text.reading import bounded_object, count, figure, mapping, name


class Mode(StrEnum):
    """The mode in which a reply is asked for."""

    STREAM = "stream"
    BATCH = "batch"

    @property
    def other(self) -> Mode:
        """The mode that the toggle goes to."""
        return Mode.BATCH if self is Mode.STREAM else Mode.STREAM


@dataclass(frozen=True, slots=True)
class ReplyMetrics:
    """The figures of a reply, from a monotonic clock; None means "not known", never 0."""

    ttft_ms: float | None = None
    """From the moment the request left to the first text or thinking."""
    duration_ms: float | None = None
    """From the moment the first request left to the end."""
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
    """True if streaming failed and the reply was fetched in one piece."""

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> ReplyMetrics:
        """Return the stored metrics, as far as they make sense."""
        return cls(
            ttft_ms=figure(data.get("ttft_ms")),
            duration_ms=figure(data.get("duration_ms")),
            chars_per_second=figure(data.get("chars_per_second")),
            tokens_per_second=figure(data.get("tokens_per_second")),
            longest_gap_ms=figure(data.get("longest_gap_ms")),
            events=count(data.get("events")) or 0,
            retries=count(data.get("retries")) or 0,
            resumes=count(data.get("resumes")) or 0,
            fallback=data.get("fallback") is True,
        )


@dataclass(frozen=True, slots=True)
class ReplyMetadata:
    """The `stream_metadata` of a message."""

    mode: Mode = Mode.STREAM
    provider: str = ""
    model: str = ""
    stop_reason: str | None = None
    usage: Usage = field(default_factory=Usage)
    """The usage of all requests for it, those for earlier parts of it too."""
    cost_usd: float | None = None
    metrics: ReplyMetrics = field(default_factory=ReplyMetrics)
    simulated: bool = False
    """True if the provider cannot stream and the flow of the text was made here."""
    seams: tuple[int, ...] = ()
    """Offsets in the text at which it was resumed or continued."""
    error: Mapping[str, object] | None = None
    """The failure that ended the reply (`ChatError.to_json`)."""
    stop_details: Mapping[str, object] | None = None
    """The provider's further facts on why it stopped: with a refusal, its category and an explanation."""
    open_seams: tuple[int, ...] = ()
    """Those of `seams` at which nothing proves that no character is missing or stands twice."""
    own_server: bool = False
    """True if it came from a server of the user's own, where the service's prices do not hold."""
    estimated: bool = False
    """True if usage and cost are estimated in part: a request that broke off is never counted to its end."""
    edited: bool = False
    """True if the user has rewritten it: nothing but the text is left of what the model sent."""
    round: str = ""
    """The id that the replies share which were asked for at once, of several models; "" for one that was alone."""
    contender: str = ""
    """The name that it had among these: of its model, and its persona."""
    in_batch: bool = False
    """True if it came of a vendor's batch of requests, which has a price of its own."""

    @property
    def speaker(self) -> str:
        """The writer's name: no other model is called Claude; scripted replies were written for Claude."""
        return "Claude" if service(self.provider).scripted or "claude" in self.model.lower() else "Assistant"

    @property
    def explanation(self) -> str:
        """The model's reason for a refusal, in the provider's words, as far as it told."""
        said = (self.stop_details or {}).get("explanation")
        return said.strip() if isinstance(said, str) else ""

    @property
    def wire_stop_reason(self) -> str | None:
        """The reason for stopping in the wire's own word, where ours is another."""
        said = (self.stop_details or {}).get("finish_reason")
        return said if isinstance(said, str) else self.stop_reason

    def with_usage(self, usage: Usage, cost_usd: float | None, *, estimated: bool) -> ReplyMetadata:
        """Return the same with these figures."""
        return replace(self, usage=usage, cost_usd=cost_usd, estimated=estimated)

    def after(self, earlier: ReplyMetadata) -> ReplyMetadata:
        """Return the same with what the reply had used before it was continued."""
        if earlier.usage == Usage() and earlier.cost_usd is None:
            return self
        known = [cost for cost in (earlier.cost_usd, self.cost_usd) if cost is not None]
        estimated = self.estimated or earlier.estimated
        return self.with_usage(earlier.usage.plus(self.usage), sum(known) if known else None, estimated=estimated)

    def beyond(self, earlier: ReplyMetadata) -> ReplyMetadata:
        """Return the same without what the reply had used before it was continued."""
        cost_usd = None if self.cost_usd is None else max(self.cost_usd - (earlier.cost_usd or 0.0), 0.0)
        return self.with_usage(self.usage.minus(earlier.usage), cost_usd, estimated=self.estimated)

    def to_json(self) -> dict[str, object]:
        """Return a JSON object for storage."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> ReplyMetadata:
        """Return the stored metadata; what an older version did not know, or what makes no sense, has its default."""
        error = mapping(data.get("error"))
        return cls(
            mode=Mode.BATCH if data.get("mode") == Mode.BATCH else Mode.STREAM,
            provider=name(data.get("provider")),
            model=name(data.get("model")),
            stop_reason=name(data.get("stop_reason")) or None,
            usage=Usage.from_json(mapping(data.get("usage"))),
            cost_usd=figure(data.get("cost_usd")),
            metrics=ReplyMetrics.from_json(mapping(data.get("metrics"))),
            simulated=data.get("simulated") is True,
            seams=_seams(data.get("seams")),
            open_seams=_seams(data.get("open_seams")),
            error=ChatError.from_json(error).to_json() if error else None,
            stop_details=_details(data.get("stop_details")),
            own_server=data.get("own_server") is True,
            estimated=data.get("estimated") is True,
            edited=data.get("edited") is True,
            round=name(data.get("round")),
            contender=name(data.get("contender")),
            in_batch=data.get("in_batch") is True,
        )


def _seams(value: object) -> tuple[int, ...]:
    places = map(count, value[:MOST_BLOCKS] if isinstance(value, list | tuple) else ())
    return tuple(place for place in places if place is not None)


def _details(value: object) -> Mapping[str, object] | None:
    with suppress(ValueError, TypeError):
        return bounded_object(value) or None
    return None
