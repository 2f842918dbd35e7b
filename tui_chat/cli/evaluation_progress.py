"""The progress of an evaluation, and its sums by contender, on standard error."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from tui_chat.cli.output import note
from tui_chat.cli.tables import aligned
from tui_chat.records import dataclass, field
from tui_chat.storage import Percentiles
from tui_chat.text import clean_line
from tui_chat.text.amounts import money, stretch
from tui_chat.text.reading import count, figure, mapping

REWRITTEN_EVERY_S = 0.2
"""Seconds between two states of the line on a terminal."""
SAID_EVERY_S = 30.0
"""Seconds between two lines in a file."""
UNKNOWN = "-"


@dataclass(slots=True)
class Sums:
    """The results of one contender; of each, only its figures are kept."""

    done: int = 0
    failed: int = 0
    ttft_ms: list[float] = field(default_factory=list)
    tokens_per_second: list[float] = field(default_factory=list)
    tokens: int | None = None
    """Sent and received, together."""
    cost_usd: float | None = None

    def add(self, data: Mapping[str, object], *, failed: bool) -> None:
        """Count a result; one that failed has its cost, too."""
        self.failed, self.done = self.failed + failed, self.done + (not failed)
        metrics, usage = mapping(data.get("metrics")), mapping(data.get("usage"))
        if not failed:
            self.ttft_ms += [known for known in [figure(metrics.get("ttft_ms"))] if known is not None]
            speed = figure(metrics.get("tokens_per_second"))
            self.tokens_per_second += [speed] if speed is not None else []
        used = [known for name in ("input_tokens", "output_tokens") if (known := count(usage.get(name))) is not None]
        if used:
            self.tokens = (self.tokens or 0) + sum(used)
        if (cost := figure(data.get("cost_usd"))) is not None:
            self.cost_usd = (self.cost_usd or 0.0) + cost

    def row(self, name: str) -> Sequence[str]:
        """Return its line of the table."""
        ttft, speed = Percentiles.of(self.ttft_ms).p50, Percentiles.of(self.tokens_per_second).p50
        return (
            f"{self.done:,}",
            f"{self.failed:,}",
            UNKNOWN if ttft is None else f"{ttft / 1000:.2f} s",
            UNKNOWN if speed is None else f"{speed:.0f}",
            UNKNOWN if self.tokens is None else f"{self.tokens:,}",
            UNKNOWN if self.cost_usd is None else money(self.cost_usd),
            name,
        )


class Progress:
    """One line that is rewritten on a terminal; elsewhere, a line every so often."""

    def __init__(self, total: int, before: int, *, alone: bool, steady: bool = True) -> None:
        """`alone` is False where results go to a terminal, too: there they would stand in the line.

        `steady` is False where results do not come one by one, so that those which came tell nothing of the others.
        """
        self._total, self._before = total, before
        """All results that there will be, and those that an earlier run has left."""
        self._done = self._failed = 0
        self._began = self._shown = time.monotonic()
        self._rewrites = alone and sys.stderr.isatty()
        self._steady = steady
        self._told: set[str] = set()

    def add(self, *, failed: bool) -> None:
        """Count a result."""
        self._done, self._failed = self._done + 1, self._failed + failed
        self.show(self._figures())

    def leave_out(self) -> None:
        """Wait for one result fewer."""
        self._total -= 1

    def show(self, line: str) -> None:
        """Show how it stands, unless that was shown just now."""
        now = time.monotonic()
        if now - self._shown < (REWRITTEN_EVERY_S if self._rewrites else SAID_EVERY_S):
            return
        self._shown = now
        if self._rewrites:
            self._write(f"\r\x1b[K{clean_line(line)}")
        else:
            note(line)

    def say(self, sentence: str) -> None:
        """Say something, once."""
        if sentence not in self._told:
            self._told.add(sentence)
            self._clear()
            note(sentence)

    def end(self, sums: Mapping[str, Sums]) -> None:
        """Print the table."""
        self._clear()
        head = ("DONE", "FAILED", "FIRST TOKEN", "TOKENS/S", "TOKENS", "COST", "CONTENDER")
        rows: Iterable[Sequence[str]] = (each.row(name) for name, each in sums.items())
        for line in aligned((head, *rows), right=range(6)):
            note(line)

    def _figures(self) -> str:
        done, took = self._before + self._done, time.monotonic() - self._began
        left = (self._total - done) * took / max(self._done, 1)
        failed = f", {self._failed:,} failed" if self._failed else ""
        rest = f"; about {stretch(left)} left" if self._steady else ""
        return f"{done:,} of {self._total:,}{failed}{rest}"

    def _clear(self) -> None:
        if self._rewrites:
            self._write("\r\x1b[K")

    @staticmethod
    def _write(text: str) -> None:
        with suppress(OSError):  # nobody is there any more
            os.write(sys.stderr.fileno(), text.encode())  # past what lets only printable lines pass
