"""A reply as `ask` draws it on a terminal: its Markdown by the app's own renderer, as it comes."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Collection, Sequence
from functools import partial

from tui_chat.chat.citations import listed
from tui_chat.chat.message import Message
from tui_chat.cli.diagrams_in_reach import DiagramsWithinReach
from tui_chat.cli.output import colourful
from tui_chat.cli.output_thread import Sink
from tui_chat.cli.reply import TextPrinter
from tui_chat.cli.terminal_page import TerminalPage
from tui_chat.records import replace
from tui_chat.rendering import Look
from tui_chat.text.printable import printable

FRAME_S = 1 / 30
"""The least time between two drawings of what comes."""


class _Drawing:
    """Markdown that is drawn in the thread that writes it: a diagram takes its time, and Ctrl+C waits for nothing."""

    def __init__(self, sink: Sink, *, plain: bool) -> None:
        self._sink = sink
        self._texts: list[str] = []
        within_reach = DiagramsWithinReach(lambda lines: self.page.reaches(lines), lambda: _size()[0])
        own_look = replace(look(ascii=plain), diagrams=within_reach)
        self.page = TerminalPage(self._texts.append, own_look, _size, coloured=colourful(sys.stdout))

    def do(self, *acts: Callable[[], None]) -> None:
        """Have these change the page, and what that changes written."""
        self._sink.draw(partial(self._text_of, acts))

    def _text_of(self, acts: Sequence[Callable[[], None]]) -> str:
        for act in acts:
            act()
        text = "".join(self._texts)
        self._texts.clear()
        return text


class RenderedPrinter(TextPrinter):
    """Draws the text at most so many times a second."""

    _cleans = False

    def __init__(self, sink: Sink, allowed: Collection[str] = (), *, plain: bool = False) -> None:
        """With `plain`, nothing but ASCII is drawn around the text."""
        super().__init__(sink, allowed)
        self._drawing = _Drawing(sink, plain=plain)
        self._page = self._drawing.page
        self._planned: asyncio.TimerHandle | None = None

    def finish(self, conversation_id: str, message: Message) -> None:
        """Draw the end, and list the sources below it."""
        if self._planned is not None:
            self._planned.cancel()
        self._put_cleaned(self._joiner.end_block())
        self._drawing.do(self._page.finish)
        if sources := self._joiner.sources:
            self._sink.write(f"\n{listed(sources)}\n")

    def _put(self, text: str) -> None:
        if text:
            self._at_line_start = text.endswith("\n")
            append = partial(self._page.append, text)
            if self._planned is None:
                self._drawing.do(append, self._page.draw)
                self._planned = asyncio.get_running_loop().call_later(FRAME_S, self._draw_planned)
            else:
                self._drawing.do(append)

    def _draw_planned(self) -> None:
        self._planned = None
        self._drawing.do(self._page.draw)

    def _end_line(self) -> None:
        self._drawing.do(self._page.draw, self._page.end_line)


def draw_whole(sink: Sink, heading: str, text: str, below: str, *, plain: bool) -> None:
    """Draw a reply that is whole, with a heading above it and a text below it as it is."""
    sink.draw(lambda: f"\x1b[1m{printable(heading)}\x1b[0m\r\n\r\n")
    drawing = _Drawing(sink, plain=plain)
    drawing.do(partial(drawing.page.append, text), drawing.page.finish)
    sink.write(below)


def _size() -> tuple[int, int]:
    """Return the columns and rows of the terminal as they are now."""
    try:
        columns, rows = os.get_terminal_size(sys.stdout.fileno())
    except OSError:  # it has gone; whoever writes to it will know
        columns, rows = 0, 0
    return columns or 80, rows or 24  # some serial lines do not tell


def look(*, ascii: bool) -> Look:
    """Return the look of a text in the terminal's own colours: its background is not known."""
    return Look.from_colours(
        foreground="default", background="default", primary="blue", ansi=True, hyperlinks=False, ascii=ascii
    )
