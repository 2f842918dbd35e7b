"""A reply as `ask` prints it: as text, as one JSON object, or as its events."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Collection

from tui_chat.chat.citations import CitationJoiner, listed, sources_of
from tui_chat.chat.events import ReplyRestarted, StreamEvent, ToolAnswered, event_to_json
from tui_chat.chat.message import Message, StreamingStatus
from tui_chat.chat.parts import ToolCallPart
from tui_chat.cli.output import takes_drawings
from tui_chat.cli.output_thread import Output
from tui_chat.cli.schema import ReplySchema
from tui_chat.streaming.buffer import TokenBuffer
from tui_chat.streaming.phase import Phase, Step
from tui_chat.text import StreamCleaner, clean_line
from tui_chat.text.plain_json import as_json

_GO_ON = "`tui-chat ask -c Continue` may get the rest."
CUT_SHORT = {
    "tool_use": "The reply ends with a call of a tool that was not run.",
    "max_tokens": f"The reply was cut at its token limit; {_GO_ON}",
    "refusal": "The model refused to go on.",
    "pause_turn": f"The provider paused a long reply; {_GO_ON}",
    "model_context_window_exceeded": "The reply was cut: the conversation fills the model's context; begin a new one.",
}
"""Sentences about a reply that did not end by itself, by the reason."""


class Printer:
    """Watches a reply and says on standard error, if that is a terminal, what the wait is for."""

    def __init__(self, sink: Output, allowed: Collection[str] = ()) -> None:
        """`allowed` names the tools that may be called, as they are offered."""
        self._sink = sink
        self._allowed = allowed
        self._talks = sys.stderr.isatty()

    @property
    def behind(self) -> bool:
        """False: what is printed is printed at once."""
        return False

    @property
    def unseen(self) -> bool:
        """False: someone may read along."""
        return False

    @property
    def whole_only(self) -> bool:
        """True if a reply that is not whole is a failure."""
        return False

    async def may_run(self, call: ToolCallPart) -> bool:
        """Return whether the tool is one of those that were named: there is nobody to ask."""
        return call.name in self._allowed

    def on_phase(self, phase: Phase) -> None:
        """Report a change in how the reply comes."""
        if not self._talks:
            return
        if phase.step is Step.RETRYING and phase.until is not None and phase.error is not None:
            wait_s = max(round(phase.until - time.monotonic()), 1)
            why = phase.error.kind.headline.lower()
            self._say(f"Retrying in {wait_s} s ({phase.attempt}/{phase.attempts}): {why}. Ctrl+C stops.")
        elif phase.notice:
            self._say(phase.notice)

    def on_arrival(self, buffer: TokenBuffer) -> None:
        """Print what has come."""
        for event in buffer.drain():
            self.on_event(event)

    def on_event(self, event: StreamEvent) -> None:
        """Print an event, if this format prints any."""

    def finish(self, conversation_id: str, message: Message) -> None:
        """Print the end of the reply."""

    def _say(self, sentence: str) -> None:
        self._sink.note(f"{clean_line(sentence)}\n")


class TextPrinter(Printer):
    """The text as it comes, and its sources: exactly as it is, or cleaned where it goes to a terminal."""

    _cleans = True
    """False if what draws the text has a cleaner of its own."""

    def __init__(self, sink: Output, allowed: Collection[str] = ()) -> None:
        super().__init__(sink, allowed)
        self._joiner = CitationJoiner()
        self._cleaner = StreamCleaner() if self._cleans and sys.stdout.isatty() else None
        self._at_line_start = True
        self._new_paragraph = False
        """True if a tool was called since the last text."""

    def on_event(self, event: StreamEvent) -> None:
        """Print more text; what follows a call of a tool is a new paragraph."""
        self._put_cleaned(self._joiner.feed(event))
        if isinstance(event, ToolAnswered):
            self._new_paragraph = not self._at_line_start

    def finish(self, conversation_id: str, message: Message) -> None:
        """End the last line, and list the sources below it."""
        self._put_cleaned(self._joiner.end_block())
        if self._cleaner is not None:
            self._put(self._cleaner.flush())
        self._end_line()
        self._list_sources()

    def _list_sources(self) -> None:
        if sources := self._joiner.sources:
            self._put(f"\n{listed(sources)}\n")

    def _put_cleaned(self, text: str) -> None:
        if text and self._new_paragraph:
            self._new_paragraph = False
            self._put("\n\n")
        self._put(text if self._cleaner is None else self._cleaner.feed(text))

    def _say(self, sentence: str) -> None:
        self._end_line()
        super()._say(sentence)

    def _put(self, text: str) -> None:
        if text:
            self._sink.write(text)
            self._at_line_start = text.endswith("\n")

    def _end_line(self) -> None:
        if not self._at_line_start:
            self._put("\n")


class JsonPrinter(Printer):
    """One object at the end."""

    def finish(self, conversation_id: str, message: Message) -> None:
        """Print the object."""
        self._sink.write(as_json(reply_to_json(conversation_id, message), indent=2) + "\n")


class JsonLinesPrinter(Printer):
    """Each event on a line of its own, as it comes."""

    def on_event(self, event: StreamEvent) -> None:
        """Print the event; that the reply begins anew, the next message_start says."""
        if isinstance(event, ReplyRestarted):
            return
        self._sink.write(as_json(event_to_json(event)) + "\n")


class DataPrinter(Printer):
    """The document that a reply with a schema is, or the object with it, at the end: never a part of either."""

    def __init__(self, sink: Output, allowed: Collection[str], schema: ReplySchema, *, alone: bool) -> None:
        super().__init__(sink, allowed)
        self._schema = schema
        self._alone = alone

    @property
    def whole_only(self) -> bool:
        """True: half a document is none."""
        return True

    def finish(self, conversation_id: str, message: Message) -> None:
        """Print it if the reply is whole and valid; complain otherwise."""
        if message.status is not StreamingStatus.COMPLETE or message.metadata.stop_reason in CUT_SHORT:
            return
        data = self._schema.data(message.text)
        shown = data if self._alone else {**reply_to_json(conversation_id, message), "data": data}
        self._sink.write(as_json(shown, indent=2) + "\n")


def is_drawn(args: argparse.Namespace) -> bool:
    """True if the Markdown of a text is drawn: on a terminal, unless it is wanted as it is."""
    return args.format == "text" and not args.raw and takes_drawings(sys.stdout)


PRINTERS: dict[str, type[Printer]] = {"text": TextPrinter, "json": JsonPrinter, "jsonl": JsonLinesPrinter}
"""The formats."""


def reply_to_json(conversation_id: str, message: Message) -> dict[str, object]:
    """Return what `ask --format json` prints of a reply."""
    about, metrics, sources = message.metadata, message.metadata.metrics, sources_of(message.parts)
    return {
        "conversation_id": conversation_id,
        "message_id": message.id,
        "text": message.text,
        **({"sources": [source.to_json() for source in sources]} if sources else {}),
        "thinking": message.thinking,
        "stop_reason": about.stop_reason,
        "streaming_status": message.status.value,
        "model": about.model,
        "provider": about.provider,
        "mode": about.mode.value,
        "usage": about.usage.to_json(),
        "cost_usd": about.cost_usd,
        "metrics": {
            "ttft_ms": metrics.ttft_ms,
            "duration_ms": metrics.duration_ms,
            "chars_per_second": metrics.chars_per_second,
            "tokens_per_second": metrics.tokens_per_second,
            "retries": metrics.retries,
            "resumes": metrics.resumes,
            "fallback": metrics.fallback,
        },
    }
