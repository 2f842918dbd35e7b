"""The line that always says where things stand."""

from __future__ import annotations

import math
from dataclasses import dataclass

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui_chat.chat.message import Message
from tui_chat.chat.metadata import Mode
from tui_chat.chat.usage import Usage
from tui_chat.streaming.phase import Phase, Step
from tui_chat.text import clean_line
from tui_chat.ui.live_reply import LiveReply

SILENCE_SHOWN_S = 3


@dataclass(frozen=True)
class Status:
    """What the status bar shows, first things first."""

    word: str = "Ready"
    """Ready, Connecting, Waiting 3 s, Streaming, Retrying in 3 s (2/4), Stopping, Cancelled."""
    mode: Mode = Mode.STREAM
    model: str = ""
    usage: Usage | None = None
    cost_usd: float | None = None
    tokens_per_second: float | None = None
    elapsed_s: int | None = None
    """How long the reply has been under way."""
    notice: str = ""
    """Why it waits, or what has changed."""


def status_of_live(live: LiveReply, now: float) -> Status:
    """Where things stand while a reply comes."""
    phase = live.phase
    why = phase.notice or (phase.error.kind.headline.lower() if phase.error and phase.step is Step.RETRYING else "")
    silent_s = int(now - live.last_text_at)
    if phase.step is Step.STREAMING and silent_s >= SILENCE_SHOWN_S:
        why = f"nothing for {silent_s} s"
    return Status(
        "Stopping" if live.stopping else _word(phase, now),
        usage=live.accumulator.usage,
        tokens_per_second=live.tokens_per_second(now),
        elapsed_s=int(now - live.began_at),
        notice=why,
    )


def status_at_rest(last: Message | None) -> Status:
    """Where things stand after a reply."""
    if last is None:
        return Status()
    metadata = last.metadata
    return Status(usage=metadata.usage, cost_usd=metadata.cost_usd)


def _word(phase: Phase, now: float) -> str:
    match phase.step:
        case Step.CONNECTING:
            return "Connecting"
        case Step.WAITING:
            return f"Waiting {int(now - phase.since)} s"
        case Step.STREAMING:
            return "Streaming"
        case Step.RETRYING:
            left_s = max(math.ceil((phase.until or now) - now), 0)
            return f"Retrying in {left_s} s ({phase.attempt}/{phase.attempts})"


class StatusBar(Widget):
    """One row: the word first, then as much of the rest as there is room for, the most useful first."""

    status: reactive[Status] = reactive(Status())
    """What it shows."""

    def watch_status(self, status: Status) -> None:
        """The word's colour follows its first part."""
        busy = status.word.partition(" ")[0].lower()
        for name in ("ready", "connecting", "waiting", "streaming", "retrying", "stopping", "cancelled"):
            self.set_class(name == busy, f"-{name}")

    def render(self) -> Content:
        """The row, cut where the screen ends."""
        status = self.status
        word = Content(f"● {status.word}")
        pieces = [status.notice, status.mode.value, clean_line(status.model), *self._figures()]
        room = self.size.width - word.cell_length
        shown: list[str] = []
        for piece in filter(None, pieces):
            room -= len(piece) + 3
            if room < 0:
                break
            shown.append(piece)
        return Content.assemble(word, *((f" · {piece}", "$foreground 60%") for piece in shown))

    def _figures(self) -> list[str]:
        status, usage = self.status, self.status.usage
        figures = []
        if status.elapsed_s is not None:
            figures.append(f"{status.elapsed_s} s")
        if status.tokens_per_second:
            figures.append(f"{status.tokens_per_second:.0f} tok/s")
        if usage is not None and (usage.input_tokens is not None or usage.output_tokens is not None):
            out = f" / {_count(usage.output_tokens)} out" if usage.output_tokens is not None else ""
            figures.append(f"{_count(usage.input_tokens)} in{out}")
        if status.cost_usd:
            figures.append(f"${status.cost_usd:.4f}")
        return figures


def _count(tokens: int | None) -> str:
    if tokens is None:
        return "?"
    return str(tokens) if tokens < 10_000 else f"{tokens / 1000:.0f}k"
