"""The faults of the demo server, made on request: their table, and the reading of `NAME[@N][xCOUNT]`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from tui_chat.records import dataclass


class FaultPhase(StrEnum):
    """The part of an answer on which a fault acts."""

    ANSWER = "answer"
    """In place of the reply."""
    START = "start"
    """Before the first token."""
    CONTENT = "content"
    """On the content of the reply."""
    STOP = "stop"
    """On the reason for the reply's end."""
    EVENTS = "events"
    """On the events of the stream."""
    BYTES = "bytes"
    """On the way the bytes are cut."""
    CUT = "cut"
    """In the middle of the stream."""
    SEAM = "seam"
    """At the beginning of the rest of an interrupted reply."""


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A row of the table: what a fault does, and what its number and its count are if none is given."""

    name: str
    phase: FaultPhase
    does: str
    at: int | None = None
    """The default of `@N`; None where the fault takes no number."""
    unit: str = "tokens"
    """The unit of `@N`."""
    count: int | None = None
    """The number of requests of one turn that it hits by default; None for all of them."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault as it was asked for."""

    kind: FaultKind
    at: int = 0
    count: int | None = None
    """The number of requests of one turn that it hits before one goes well; None for all of them."""

    @property
    def name(self) -> str:
        """Its name in the table."""
        return self.kind.name

    def __str__(self) -> str:
        at = f"@{self.at}" if self.kind.at is not None else ""
        return f"{self.name}{at}x{'all' if self.count is None else self.count}"


_TABLE = (
    FaultKind("400", FaultPhase.ANSWER, "the request is rejected as invalid"),
    FaultKind("401", FaultPhase.ANSWER, "the key is not accepted"),
    FaultKind("403", FaultPhase.ANSWER, "the key may not do this"),
    FaultKind("404-model", FaultPhase.ANSWER, "there is no such model"),
    FaultKind("413", FaultPhase.ANSWER, "the request is too large"),
    FaultKind("429", FaultPhase.ANSWER, "rate limit, without a retry-after"),
    FaultKind("429-seconds", FaultPhase.ANSWER, "rate limit, retry-after in seconds", at=2, unit="seconds"),
    FaultKind("429-date", FaultPhase.ANSWER, "rate limit, retry-after as a date", at=2, unit="seconds"),
    FaultKind("500", FaultPhase.ANSWER, "the server failed"),
    FaultKind("502", FaultPhase.ANSWER, "a gateway failed and says so in HTML"),
    FaultKind("529", FaultPhase.ANSWER, "the server is overloaded"),
    FaultKind("302", FaultPhase.ANSWER, "a redirect to a captive portal's login page"),
    FaultKind("html", FaultPhase.ANSWER, "status 200 and an HTML page, streamed or not"),
    FaultKind(
        "no-prefill", FaultPhase.ANSWER, "a request that ends with an assistant turn is rejected, as newer models do"
    ),
    FaultKind("silent", FaultPhase.ANSWER, "the request is taken and never answered"),
    FaultKind(
        "json-not-sse", FaultPhase.START, "a stream is answered with one JSON message; without streaming all is well"
    ),
    FaultKind("slow-start", FaultPhase.START, "nothing at all for a while, then the reply", at=20, unit="seconds"),
    FaultKind("pings", FaultPhase.START, "only pings for a while, then the reply", at=60, unit="seconds"),
    FaultKind("empty", FaultPhase.CONTENT, "one text block with no text"),
    FaultKind("meta-only", FaultPhase.CONTENT, "no content block at all"),
    FaultKind("huge-token", FaultPhase.CONTENT, "one delta of 1 MB", at=1_000_000, unit="characters"),
    FaultKind("flood", FaultPhase.CONTENT, "a long reply as fast as the socket goes", at=20_000),
    FaultKind("long-line", FaultPhase.CONTENT, "a line without a space", at=200_000, unit="characters"),
    FaultKind(
        "deep", FaultPhase.CONTENT, "deeply nested quotes and lists, thousands of unclosed marks", at=500, unit="levels"
    ),
    FaultKind("hostile", FaultPhase.CONTENT, "text that attacks the terminal"),
    FaultKind("thinking", FaultPhase.CONTENT, "a thinking block with its signature before the reply"),
    FaultKind("redacted", FaultPhase.CONTENT, "a redacted thinking block before the reply"),
    FaultKind("tools", FaultPhase.CONTENT, "a tool call after the reply's text"),
    FaultKind("search", FaultPhase.CONTENT, "a web search by the server, with citations"),
    FaultKind("schema-break", FaultPhase.CONTENT, "JSON that does not fit the schema that was asked for"),
    FaultKind("max_tokens", FaultPhase.STOP, "the reply is cut at its token limit", at=40, count=1),
    FaultKind("refusal", FaultPhase.STOP, "the model refuses to go on", at=10),
    FaultKind("pause_turn", FaultPhase.STOP, "the server pauses a long turn", at=40, count=1),
    FaultKind("context-window", FaultPhase.STOP, "the context window is full", at=40),
    FaultKind("unknown", FaultPhase.EVENTS, "unknown events, blocks, deltas and fields among the known"),
    FaultKind("order", FaultPhase.EVENTS, "blocks interleaved, deltas before their start, a start twice"),
    FaultKind("duplicate", FaultPhase.EVENTS, "message_stop twice, and events after it"),
    FaultKind("usage-weird", FaultPhase.EVENTS, "usage missing, null, cumulative, beyond every limit"),
    FaultKind("trickle", FaultPhase.BYTES, "one byte at a time"),
    FaultKind("split", FaultPhase.BYTES, "each event cut in two, at every byte in turn, UTF-8 sequences first"),
    FaultKind("error", FaultPhase.CUT, "an error event: overloaded", at=20, count=1),
    FaultKind("error-api", FaultPhase.CUT, "an error event: the server failed", at=20, count=1),
    FaultKind("reset", FaultPhase.CUT, "a TCP reset", at=20, count=1),
    FaultKind("eof", FaultPhase.CUT, "a clean end of the stream without message_stop", at=20, count=1),
    FaultKind("cut", FaultPhase.CUT, "the connection closes in the middle of an event", at=20, count=1),
    FaultKind("stall", FaultPhase.CUT, "the stream goes quiet, without pings", at=20, count=1),
    FaultKind("badjson", FaultPhase.CUT, "an event whose JSON is broken", at=20, count=1),
    FaultKind("badutf8", FaultPhase.CUT, "an event that is not UTF-8", at=20, count=1),
    FaultKind("seam-repeat", FaultPhase.SEAM, "a continued reply repeats its last words"),
    FaultKind("seam-restart", FaultPhase.SEAM, "a continued reply begins its last sentence again"),
    FaultKind("seam-exact", FaultPhase.SEAM, "a continued reply goes on at once, whatever it was asked to begin with"),
    FaultKind("seam-space", FaultPhase.SEAM, "a continued reply begins with a space"),
)

FAULTS: Mapping[str, FaultKind] = {kind.name: kind for kind in _TABLE}
"""Every fault by its name, in the order of an answer."""

FAULT_NAMES: tuple[str, ...] = tuple(FAULTS)
"""The names, for help and completion."""

_SYNTAX = re.compile(r"(?P<name>[a-z0-9_-]+?)(?:@(?P<at>\d{1,9}))?(?:x(?P<count>[1-9]\d{0,5}|all))?")


def parse_fault(text: str) -> Fault:
    """Read `NAME[@N][xCOUNT]`, such as `reset@20`, `529x2` or `stall@5xall`.

    `@N` is the place (after N tokens of this answer) or the size. `xCOUNT` is how many requests of one turn it hits;
    then one goes well, and it begins again. `xall` hits every request. By default what breaks a reply in its middle
    hits once, so that the request for the rest succeeds, and everything else hits every request.
    """
    match = _SYNTAX.fullmatch(text.strip().lower())
    if match is None:
        raise ValueError(f"{text!r} is not a fault: write NAME[@N][xCOUNT], such as reset@20 or 529x2")
    kind = FAULTS.get(match["name"])
    if kind is None:
        raise ValueError(f"{match['name']!r} is not a known fault{_suggestion(match['name'])}")
    if match["at"] is not None and kind.at is None:
        raise ValueError(f"{kind.name} takes no number: write {kind.name} or {kind.name}x2")
    at = int(match["at"]) if match["at"] is not None else kind.at or 0
    return Fault(kind, at, _count(match["count"], kind))


def parse_faults(text: str) -> tuple[Fault, ...]:
    """Return several faults, separated by spaces, commas or plus signs."""
    return tuple(parse_fault(item) for item in re.split(r"[\s,+]+", text) if item)


def _count(text: str | None, kind: FaultKind) -> int | None:
    if text is None:
        return kind.count
    return None if text == "all" else int(text)


def _suggestion(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, FAULT_NAMES, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(FAULT_NAMES)}"
