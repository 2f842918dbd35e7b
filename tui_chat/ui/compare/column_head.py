"""The head of a column: whose reply it is, how it stands, and its figures."""

from __future__ import annotations

import time
from collections.abc import Iterator

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui_chat.chat.message import Message
from tui_chat.records import dataclass
from tui_chat.text import cell_len, clean_line, fit
from tui_chat.text.amounts import money, tokens
from tui_chat.ui.chat.live_reply import LiveReply
from tui_chat.ui.chat.status_bar import live_status
from tui_chat.ui.shared.row_layout import RowPiece, folded, piece

QUIET = "$foreground 66%"
SEPARATOR = " · "
COLOURS = {
    "streaming": "$text-success",
    "connecting": "$text-secondary",
    "waiting": "$text-secondary",
    "retrying": "$text-warning",
    "stopping": "$text-warning",
    "stopped": "$text-warning",
    "interrupted": "$text-warning",
    "failed": "$text-error",
}
"""The colours of states, by their first word."""


@dataclass(frozen=True)
class Heading:
    """The contents of a head."""

    name: str = ""
    state: str = ""
    place: str = ""
    """Its number among all, where not all are in sight."""
    ttft_s: float | None = None
    tokens_per_second: float | None = None
    tokens_written: int | None = None
    cost_usd: float | None = None
    estimated: bool = False
    """True if the cost is."""

    def figures(self) -> Iterator[RowPiece]:
        """Yield the figures, in the order of the row."""
        if self.ttft_s is not None:
            yield piece((f"{self.ttft_s:.1f} s", 50), (f"{self.ttft_s:.1f} s to first token", 10))
        if self.tokens_per_second:
            yield piece((f"{self.tokens_per_second:.0f} tok/s", 40))
        if self.tokens_written:
            yield piece((f"{tokens(self.tokens_written)} tok", 20))
        if self.cost_usd:
            yield piece((money(self.cost_usd, estimated=self.estimated), 30))


def heading_of(name: str, reply: Message, live: LiveReply | None, *, counting: bool, blind: bool) -> Heading:
    """Return the head of a reply; what it costs tells whose it is, and so does its speed."""
    if live is None:
        about = reply.metadata
        heading = Heading(name, reply.status.value.capitalize())
        if blind:
            return heading
        ttft_ms = about.metrics.ttft_ms
        return Heading(
            name,
            heading.state,
            ttft_s=None if ttft_ms is None else ttft_ms / 1000,
            tokens_per_second=about.metrics.tokens_per_second,
            tokens_written=about.usage.output_tokens,
            cost_usd=about.cost_usd,
            estimated=about.estimated,
        )
    status = live_status(live, time.monotonic(), counting=counting)
    if blind:
        return Heading(name, status.word)
    return Heading(
        name,
        status.word,
        ttft_s=live.ttft_s,
        tokens_per_second=status.tokens_per_second,
        tokens_written=status.tokens_written,
    )


class ColumnHead(Widget):
    """Two rows: the name and the state; the figures."""

    heading: reactive[Heading] = reactive(Heading())
    """The contents shown."""

    def render(self) -> Content:
        """Return the rows, each as wide as the column."""
        heading, width = self.heading, self.content_size.width
        state = Content.styled(heading.state, COLOURS.get(heading.state.partition(" ")[0].lower(), QUIET))
        if heading.place:
            state = Content.assemble((f"{heading.place}  ", QUIET), state)
        name = fit(clean_line(heading.name), max(width - state.cell_length - 2, 0))
        gap = " " * max(width - cell_len(name) - state.cell_length, 0)
        row = Content()
        for _, text in folded(list(heading.figures()), width, SEPARATOR):
            row += Content.assemble((SEPARATOR, QUIET) if row else "", (text, QUIET))
        return Content.assemble((name, "bold"), gap, state, "\n", row)
