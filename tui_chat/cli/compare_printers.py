"""The replies of several models as `ask --compare` prints them: under headings, as one object, or as named events."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import TypeAlias

from tui_chat.chat.events import ReplyRestarted, StreamEvent, event_to_json
from tui_chat.chat.message import Message, StreamingStatus
from tui_chat.cli.asking import Printing
from tui_chat.cli.output_thread import Output, Sink
from tui_chat.cli.reply import Printer, TextPrinter, is_drawn, reply_to_json
from tui_chat.text import clean_line
from tui_chat.text.amounts import money
from tui_chat.text.plain_json import as_json

PrintingOf: TypeAlias = Callable[[Sequence[str], Collection[str], Sink], Printing]
"""Makes the printers for those who are named, of which these tools may be called."""
_WriteReply: TypeAlias = Callable[[str, str, str], None]
"""Writes a heading, the text of a reply, and the list of its sources."""


def printing_of(args: argparse.Namespace, *, plain: bool) -> PrintingOf:
    """Return the way of printing that was asked for; with `plain`, nothing but ASCII is drawn around a text."""
    if is_drawn(args):
        return partial(_as_drawings, plain)
    return {"text": _as_text, "json": _as_json, "jsonl": _as_lines}[args.format]


class _Named:
    """The output of one of several replies: what is said of it begins with its name."""

    def __init__(self, sink: Sink, name: str) -> None:
        self._sink = sink
        self._name = name

    def write(self, text: str) -> None:
        """Write more of the reply."""
        self._sink.write(text)

    def note(self, text: str) -> None:
        """Write more about it."""
        self._sink.note(f"{clean_line(self._name)}: {text}")


class _Held(_Named):
    """Holds a reply until it is whole, and all that were named before it are written."""

    def __init__(self, sink: Sink, name: str) -> None:
        super().__init__(sink, name)
        self._texts: list[str] = []

    def write(self, text: str) -> None:
        """Hold more of the reply."""
        self._texts.append(text)

    @property
    def text(self) -> str:
        """The text that was written so far."""
        return "".join(self._texts)


class _Turns:
    """Has replies written in the order of the names, as soon as it is the turn of each."""

    def __init__(self, sink: Sink, count: int) -> None:
        self._sink = sink
        self._writes: list[Callable[[], None] | None] = [None] * count
        self._written = 0

    def put(self, place: int, write: Callable[[], None]) -> None:
        """Take what writes one that is whole."""
        self._writes[place] = write
        while self._written < len(self._writes) and (ready := self._writes[self._written]) is not None:
            if self._written:
                self._sink.write("\n")
            ready()
            self._written += 1


class _TextInTurn(TextPrinter):
    """A reply as text, under a heading with its name and its figures."""

    def __init__(
        self, turns: _Turns, place: int, sink: Sink, allowed: Collection[str], name: str, write: _WriteReply
    ) -> None:
        self._turns, self._place, self._name, self._write = turns, place, name, write
        self._text, self._sources = _Held(sink, name), _Held(sink, name)
        super().__init__(self._text, allowed)

    def finish(self, conversation_id: str, message: Message) -> None:
        """Put the whole of it where it belongs."""
        super().finish(conversation_id, message)
        heading = clean_line(" · ".join([self._name, *figures(message)]))
        self._turns.put(self._place, partial(self._write, heading, self._text.text, self._sources.text))

    def _list_sources(self) -> None:
        self._sink = self._sources
        super()._list_sources()


class _DrawnInTurn(_TextInTurn):
    """A reply whose Markdown is drawn."""

    _cleans = False


class _NamedLines(Printer):
    """Each event on a line of its own, as it comes, with the name of the one that it is from."""

    def __init__(self, sink: Output, allowed: Collection[str], name: str) -> None:
        super().__init__(sink, allowed)
        self._name = name

    def on_event(self, event: StreamEvent) -> None:
        """Print the event; that the reply begins anew, the next message_start says."""
        if not isinstance(event, ReplyRestarted):
            self._sink.write(as_json({"contender": self._name, **event_to_json(event)}) + "\n")


class _Collected(Printer):
    """Keeps the object that is printed of a reply."""

    def __init__(self, sink: Output, allowed: Collection[str], name: str) -> None:
        super().__init__(sink, allowed)
        self._name = name
        self.conversation_id = ""
        self.reply: dict[str, object] = {}

    def finish(self, conversation_id: str, message: Message) -> None:
        """Keep it."""
        self.conversation_id = conversation_id
        self.reply = {"name": self._name, **reply_to_json(conversation_id, message)}


def figures(message: Message) -> Iterator[str]:
    """Yield the figures of a reply that are known, and how it ended if not in the ordinary way."""
    about = message.metadata
    if message.status is not StreamingStatus.COMPLETE:
        yield message.status.value
    if about.metrics.ttft_ms is not None:
        yield f"first token {about.metrics.ttft_ms / 1000:.2f} s"
    if about.metrics.tokens_per_second is not None:
        yield f"{about.metrics.tokens_per_second:.0f} tokens/s"
    if about.cost_usd is not None:
        yield money(about.cost_usd, estimated=about.estimated)


def _as_text(names: Sequence[str], allowed: Collection[str], sink: Sink) -> Printing:
    def write(heading: str, text: str, sources: str) -> None:
        sink.write(f"# {heading}\n\n{text}{sources}")

    turns = _Turns(sink, len(names))
    return Printing([_TextInTurn(turns, at, sink, allowed, name, write) for at, name in enumerate(names)], names)


def _as_drawings(plain: bool, names: Sequence[str], allowed: Collection[str], sink: Sink) -> Printing:
    from tui_chat.cli.rendered import draw_whole  # it takes its time

    write, turns = partial(draw_whole, sink, plain=plain), _Turns(sink, len(names))
    return Printing([_DrawnInTurn(turns, at, sink, allowed, name, write) for at, name in enumerate(names)], names)


def _as_json(names: Sequence[str], allowed: Collection[str], sink: Sink) -> Printing:
    printers = [_Collected(_Named(sink, name), allowed, name) for name in names]

    def end() -> None:
        whole = {"conversation_id": printers[0].conversation_id, "replies": [printer.reply for printer in printers]}
        sink.write(as_json(whole, indent=2) + "\n")

    return Printing(printers, names, end)


def _as_lines(names: Sequence[str], allowed: Collection[str], sink: Sink) -> Printing:
    return Printing([_NamedLines(_Named(sink, name), allowed, name) for name in names], names)
