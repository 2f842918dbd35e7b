"""A call of a tool with its result: one line, and below it what went there and came back for those who unfold it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style

from tui_chat.chat.estimate import utf8_size
from tui_chat.chat.events import JsonObject
from tui_chat.chat.parts import ToolResultPart
from tui_chat.chat.request import tool_key
from tui_chat.rendering import Look
from tui_chat.text import clean_line, reading
from tui_chat.text.amounts import stretch
from tui_chat.ui.messages.folding_section import FoldingSection
from tui_chat.ui.messages.message_sections import LONGEST_SHOWN, shortened
from tui_chat.ui.messages.sections import MessageStyles, new_document
from tui_chat.ui.shared.text_rows import wrapped

if TYPE_CHECKING:
    from tui_chat.rendering.document import Document

LONGEST_PREVIEW = 200
"""Characters of the arguments in the heading, at most: it is one line."""
_EXACT_BELOW_S = 10


class ToolSection(FoldingSection):
    """One line that says what was called and how it went, and below it arguments and result while it is unfolded."""

    def __init__(
        self,
        width: int,
        look: Look,
        palette: MessageStyles,
        name: str,
        clock: Callable[[], float] = time.monotonic,
        *,
        counting: bool = True,
        waits: bool = True,
    ) -> None:
        super().__init__(width, palette)
        self.name = name
        self.counting = counting
        """True if its heading says how long it has been running."""
        self._waits = waits
        """True if a result of ours is to come."""
        self.result: ToolResultPart | None = None
        self._look = look
        self._clock = clock
        self._since: float | None = None
        """The time when it began to wait for its result."""
        self._arguments: list[str] = []
        self._document: Document | None = None
        """The result, laid out once it is unfolded."""

    def append(self, partial_json: str) -> None:
        """Add more of the arguments."""
        self._arguments.append(partial_json)
        self.invalidate()

    def begin(self) -> None:
        """Wait for the result: the arguments are whole."""
        if self._waits and self.result is None and self._since is None:
            self._since = self._clock()
            self.invalidate()

    def tick(self) -> None:
        """Say anew how long it has been running."""
        if self.counting and self._since is not None:
            self.invalidate()

    def answer(self, result: ToolResultPart) -> None:
        """Take the result."""
        self.result, self._since, self._document = result, None, None
        self._lay_out()
        self.invalidate()

    def end(self) -> None:
        """Wait for no result any more: the reply is over."""
        self._since = None
        self.invalidate()

    def fold(self, *, unfolded: bool) -> None:
        """Show arguments and result, or only the heading."""
        super().fold(unfolded=unfolded)
        self._lay_out()

    @property
    def below(self) -> Document | None:
        """The result; None until it is to be seen."""
        return self._document

    @property
    def side(self) -> Style:
        """The style of the line at its side."""
        return self.palette.meta

    def restyle(self, look: Look, palette: MessageStyles) -> None:
        """Draw it in other colours."""
        super().restyle(look, palette)
        self._look = look

    def make(self) -> list[list[Segment]]:
        """Return the heading and, while it is unfolded, the arguments."""
        said = f"{'▾' if self.unfolded else '▸'} ⚙ {clean_line(tool_key(self.name)) or 'tool'}"
        bad = self.result is not None and (self.result.failed or self.result.refused)
        style = self.palette.error if bad else self.palette.tool
        heading = [Segment(said, self.palette.tool)]
        if state := self._state:
            heading.append(Segment(f" · {state}", style))
        raw = "".join(self._arguments)
        if not self.unfolded:
            heading.append(Segment(f"  {_preview(raw)}", self.palette.meta))
        lines = [list(Segment.adjust_line_length(heading, self.width, pad=False))]
        if self.unfolded:
            rows = wrapped(_pretty(raw), self.inner_width)
            lines += [[Segment(f"  {row}", self.palette.meta)] for row in rows]
        return lines

    @property
    def _state(self) -> str:
        """The words for how it goes, or went."""
        if self.result is not None:
            return _outcome(self.result)
        if self._since is None:
            return ""
        return f"waiting · {stretch(self._clock() - self._since)}" if self.counting else "waiting"

    def _lay_out(self) -> None:
        """Make the document of the result once it is to be seen; one that is never unfolded costs nothing."""
        if self.unfolded and self.result is not None and self._document is None:
            self._document = new_document(self.inner_width, self._look)
            self._document.append(_as_markdown(self.result.text))
            self._document.finish()


def _outcome(result: ToolResultPart) -> str:
    """Return how a call went, how long it took and how much came back."""
    if result.refused:
        return result.outcome
    seconds = None if result.duration_ms is None else result.duration_ms / 1000
    took = "" if seconds is None else f"{seconds:.1f} s" if seconds < _EXACT_BELOW_S else stretch(seconds)
    amount = _size(utf8_size(result.text))
    return " · ".join(filter(None, [result.outcome, took, amount]))


def _size(count: int) -> str:
    """Return an amount of text in bytes."""
    if count < 1_000:
        return f"{count} B"
    return f"{count / 1_000:.0f} KB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def _preview(raw: str) -> str:
    """Return the beginning of the arguments, for the heading; of no more of them than that needs."""
    value = _object(raw) if len(raw) <= LONGEST_SHOWN else None
    if value is None:
        return clean_line(raw[:LONGEST_PREVIEW])
    return clean_line(", ".join(f"{key}: {_compact(item)}" for key, item in value.items())[:LONGEST_PREVIEW])


def _pretty(raw: str) -> str:
    """Return the arguments with a line for each; as they stand where they are not whole."""
    value = _object(raw) if len(raw) <= LONGEST_SHOWN else None
    return shortened(raw if value is None else json.dumps(value, ensure_ascii=False, indent=2))


def _object(raw: str) -> JsonObject | None:
    try:
        return reading.bounded_object(reading.parsed(raw or "{}"))
    except (ValueError, TypeError):
        return None  # not whole yet, or never; or nothing that has names


def _as_markdown(text: str) -> str:
    """Return a result to be drawn: JSON in a block of code, with a line for each of its parts; else as Markdown."""
    if len(text) > LONGEST_SHOWN or text.lstrip()[:1] not in ("{", "["):
        return shortened(text)
    try:
        value = reading.bounded(reading.parsed(text))
    except ValueError:
        return text
    pretty = shortened(json.dumps(value, ensure_ascii=False, indent=2))
    fence = "`" * max(3, 1 + _longest_run(pretty))
    return f"{fence}json\n{pretty}\n{fence}"


def _longest_run(text: str) -> int:
    """Return the length of the longest run of backticks."""
    longest = run = 0
    for character in text:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return longest


def _compact(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
