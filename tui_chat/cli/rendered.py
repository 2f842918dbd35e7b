"""A reply as `ask` draws it on a terminal: its Markdown by the app's own renderer, as it comes."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Collection

from tui_chat.chat.citations import listed
from tui_chat.chat.message import Message
from tui_chat.cli.output import colourful
from tui_chat.cli.output_thread import Sink
from tui_chat.cli.reply import TextPrinter
from tui_chat.cli.terminal_page import TerminalPage
from tui_chat.rendering import Look
from tui_chat.text.printable import printable

FRAME_S = 1 / 30
"""The least time between two drawings of what comes."""


class RenderedPrinter(TextPrinter):
    """Draws the text at most so many times a second."""

    def __init__(self, sink: Sink, allowed: Collection[str] = (), *, plain: bool = False) -> None:
        """With `plain`, nothing but ASCII is drawn around the text."""
        super().__init__(sink, allowed)
        self._cleaner = None  # the renderer has its own
        self._page = _page(sink, plain=plain)
        self._planned: asyncio.TimerHandle | None = None

    def finish(self, conversation_id: str, message: Message) -> None:
        """Draw the end, and list the sources below it."""
        if self._planned is not None:
            self._planned.cancel()
        self._put_cleaned(self._joiner.end_block())
        self._page.finish()
        if sources := self._joiner.sources:
            self._sink.write(f"\n{listed(sources)}\n")

    def _put(self, text: str) -> None:
        if text:
            self._at_line_start = text.endswith("\n")
            self._page.append(text)
            if self._planned is None:
                self._page.draw()
                self._planned = asyncio.get_running_loop().call_later(FRAME_S, self._draw_planned)

    def _draw_planned(self) -> None:
        self._planned = None
        self._page.draw()

    def _end_line(self) -> None:
        self._page.draw()
        self._page.end_line()


def draw_whole(sink: Sink, heading: str, text: str, below: str, *, plain: bool) -> None:
    """Draw a reply that is whole, with a heading above it and a text below it as it is."""
    sink.draw(f"\x1b[1m{printable(heading)}\x1b[0m\r\n\r\n")
    page = _page(sink, plain=plain)
    page.append(text)
    page.finish()
    sink.write(below)


def _page(sink: Sink, *, plain: bool) -> TerminalPage:
    return TerminalPage(sink.draw, look(ascii=plain), _size, coloured=colourful(sys.stdout))


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
