"""The line that always says where things stand."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui_chat.chat.message import Message
from tui_chat.chat.metadata import Mode
from tui_chat.chat.usage import Usage
from tui_chat.program.request_estimate import RequestEstimate
from tui_chat.records import dataclass, replace
from tui_chat.storage import Statistics
from tui_chat.streaming.phase import Phase, Step
from tui_chat.text import fit
from tui_chat.text.amounts import money, stretch, tokens
from tui_chat.ui.chat.context_meter import meter, meter_style
from tui_chat.ui.chat.live_reply import LiveReply
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.chat.usage_figures import UsageFigures
from tui_chat.ui.look.text_styles import ASCII
from tui_chat.ui.shared.model_label import model_label
from tui_chat.ui.shared.row_layout import RowPiece, folded, piece

SILENCE_SHOWN_S = 3
LEAST_USD_SHOWN = 0.0001
LONGEST_NAME = 32
"""Cells of the name of a tool that is asked about: for a longer one there may be no room at all."""
ELAPSED_CELLS, WRITTEN_CELLS, SPEED_CELLS = 4, 6, 3
"""The room of each figure that counts, so that what stands to the right of it does not move while it grows."""
WORD_CELLS = 12
"""The room of the word: enough for all but a wait before a retry, so that the rest stays when the word changes."""
ROOMY = 60
"""Cells of a row from which on the word has room of its own."""
COLOURED = ("ready", "connecting", "waiting", "streaming", "retrying", "stopping", "cancelled")
"""The words that have a colour of their own."""
SEPARATOR = " · "
QUIET = "$foreground 66%"


@dataclass(frozen=True)
class Status:
    """The contents of the status bar."""

    word: str = "Ready"
    """Ready, Connecting, Waiting 3 s, Streaming, Retrying in 3 s (2/4), Stopping, Cancelled."""
    keys: str = ""
    """The mode of the composer, where it has any: what its keys are taken for."""
    mode: Mode = Mode.STREAM
    model: str = ""
    notice: str = ""
    """The reason for waiting, or what has changed."""
    elapsed_s: int | None = None
    """The time for which the reply has been under way."""
    tokens_written: int | None = None
    """The tokens of the reply so far, by their usual length: they are counted only at the end."""
    tokens_per_second: float | None = None
    usage: Usage | None = None
    cost_usd: float | None = None
    """The cost of the last reply."""
    estimated: bool = False
    """True if these figures of it are estimated in part."""
    conversation: Statistics | None = None
    """The sums of the conversation's replies."""
    forecast: RequestEstimate | None = None
    """The next request."""

    def pieces(self, *, plain: bool) -> Iterator[RowPiece]:
        """Yield the pieces after its first word, in the order of the row."""
        if self.keys:
            yield piece((self.keys, 88))
        yield piece((self.mode.value, 80))
        if self.model:
            model = model_label(self.model)
            yield piece((model.removeprefix("claude-"), 70), (model, 41))
        yield from self._context(plain)  # before the figures of a reply, which come, count and go
        if self.elapsed_s is not None:
            yield piece((stretch(self.elapsed_s).rjust(ELAPSED_CELLS), 60))
        if self.tokens_written:
            written = f"~{tokens(self.tokens_written)}".rjust(WRITTEN_CELLS)
            yield piece((f"{written} tok", 52), (f"{written} tokens", 42))
        if self.tokens_per_second:
            yield piece((f"{self.tokens_per_second:{SPEED_CELLS}.0f} tok/s", 54))
        yield from self._usage()
        yield from self._cost()
        yield from self._next_cost()
        if self.notice:  # at the end: it comes and goes, and nothing moves for it
            yield piece((self.notice, 90))

    def _usage(self) -> Iterator[RowPiece]:
        usage = self.usage
        if usage is None or (usage.input_tokens is None and usage.output_tokens is None):
            return
        sent = "?" if usage.prompt_tokens is None else tokens(usage.prompt_tokens)
        about = "~" if self.estimated else ""
        written = "?" if usage.output_tokens is None else f"{about}{tokens(usage.output_tokens)}"
        short, cached = f"{sent} in / {written} out", usage.cache_read_input_tokens
        if cached:
            yield piece((short, 46), (f"{sent} in ({tokens(cached)} cached) / {written} out", 38))
        else:
            yield piece((short, 46))
        if searches := usage.web_search_requests:
            yield piece((f"{searches} search{'' if searches == 1 else 'es'}", 40))

    def _cost(self) -> Iterator[RowPiece]:
        if self.cost_usd:
            yield piece((money(self.cost_usd, estimated=self.estimated), 48))
        sums = self.conversation
        if sums is not None and sums.cost_usd and sums.replies > 1:
            about = money(sums.cost_usd, estimated=sums.estimated > 0)
            yield piece((f"{about} in all", 45))

    def _context(self, plain: bool) -> Iterator[RowPiece]:
        forecast = self.forecast
        if forecast is None or not forecast.tokens:
            return
        style = meter_style(forecast)
        ranks = (85, 84, 66) if style else (50, 44, 18)  # a warning must not fold away
        yield piece(*zip(meter(forecast, plain=plain), ranks, strict=False), style=style)
        if forecast.left_out:
            yield piece((f"{forecast.left_out} left out", 43), (f"{forecast.left_out} messages left out", 17))

    def _next_cost(self) -> Iterator[RowPiece]:
        forecast = self.forecast
        if forecast is not None and (forecast.cost_usd or 0.0) >= LEAST_USD_SHOWN:
            yield piece((f"next ~{money(forecast.cost_usd or 0.0)}", 20))


def status_now(session: ConversationSession, figures: UsageFigures, *, cancelled: bool, keys: str) -> Status:
    """Return where things stand; `keys` says what keys are taken for."""
    program, live = session.program, session.live
    ui, hidden = program.settings.now.ui, session.comparing.hides_names(session.conversation.id)
    status = live_status(live, time.monotonic(), counting=ui.motion) if live else _at_rest(session.conversation.last)
    if live and session.live_here is None:  # its figures would be taken for those of the column that is looked at
        status = replace(_at_rest(session.conversation.last), word=status.word, notice="in another column")
    if live and not live.stopping and (asked := session.tool_questions.of(live.conversation_id)):
        status = replace(status, notice=f"asks about {fit(asked[0].name, LONGEST_NAME)}")
    if cancelled and live is None:
        status = replace(status, word="Cancelled")
    if ui.show_usage and not hidden:  # what it costs, or how fast it comes, tells whose it is
        status = replace(status, forecast=figures.estimate, conversation=figures.sums)
    else:
        status = Status(status.word, notice=status.notice)
    model = "" if hidden else session.parts.provider.model
    return replace(status, mode=program.requests.mode, model=model, keys=keys)


def live_status(live: LiveReply, now: float, *, counting: bool = True) -> Status:
    """Return the status while a reply comes; without counting, it changes only when something happens."""
    phase = live.phase
    why = phase.notice or (phase.error.kind.headline.lower() if phase.error and phase.step is Step.RETRYING else "")
    why = why or ("summarizing" if live.is_summary else "")
    silent_s = int(now - live.last_text_at)
    if phase.step is Step.STREAMING and silent_s >= SILENCE_SHOWN_S:
        why = f"nothing for {silent_s} s" if counting else "nothing for a while"
    if not counting:
        return Status("Stopping" if live.stopping else _word(phase), notice=why)
    return Status(
        "Stopping" if live.stopping else _counting_word(phase, now),
        notice=why,
        elapsed_s=None if _tells_elapsed(phase, live) else int(now - live.began_at),
        tokens_written=live.tokens_written,
        tokens_per_second=live.tokens_per_second(now),
    )


def _at_rest(last: Message | None) -> Status:
    """Return the status after a reply."""
    if last is None:
        return Status()
    metadata = last.metadata
    return Status(usage=metadata.usage, cost_usd=metadata.cost_usd, estimated=metadata.estimated)


def _word(phase: Phase) -> str:
    attempt = f" ({phase.attempt}/{phase.attempts})" if phase.step is Step.RETRYING else ""
    return f"{phase.step.value.capitalize()}{attempt}"


def _tells_elapsed(phase: Phase, live: LiveReply) -> bool:
    """True if the word counts nearly all of the time for which the reply has been under way."""
    return phase.step is Step.WAITING and phase.since - live.began_at < 1


def _counting_word(phase: Phase, now: float) -> str:
    match phase.step:
        case Step.WAITING:
            return f"Waiting {int(now - phase.since)} s"
        case Step.RETRYING:
            left_s = max(math.ceil((phase.until or now) - now), 0)
            return f"Retrying in {left_s} s ({phase.attempt}/{phase.attempts})"
    return _word(phase)


class StatusBar(Widget):
    """One row: the word first, then as much of the rest as there is room for; what matters least folds away."""

    status: reactive[Status] = reactive(Status())
    """The status shown."""

    def watch_status(self, status: Status) -> None:
        """Give the word the colour of its first part."""
        busy = status.word.partition(" ")[0].lower()
        self.update_classes({f"-{word}": word == busy for word in COLOURED})

    def render(self) -> Content:
        """Return the row, folded to the screen's width."""
        width = self.size.width
        word = row = Content(f"● {self.status.word:{WORD_CELLS if width >= ROOMY else 0}}")
        pieces = list(self.status.pieces(plain=self.app.has_class(ASCII)))
        for said, text in folded(pieces, width - word.cell_length, SEPARATOR):
            between = "  " if row is word else SEPARATOR
            row += Content.assemble((between, QUIET), (text, said.style or QUIET))
        return row
