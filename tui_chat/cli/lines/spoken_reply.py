"""A reply as lines: who speaks, what is said, and what happens meanwhile, each once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from tui_chat.chat.citations import CitationJoiner
from tui_chat.chat.events import BlockStart, ReplyRestarted, StreamEvent, ThinkingDelta, ToolAnswered
from tui_chat.cli.lines.sentences import SentenceBuffer
from tui_chat.text import StreamCleaner, clean_line, fit, reading

_CALLS = ("tool_use", "server_tool_use")
LONGEST_NAME = 60
BEGINS_AGAIN = "The reply begins again."


class Lines(Protocol):
    """Takes lines, and text that grows."""

    def write(self, text: str) -> None:
        """Add text, which is clean, to the present line."""
        ...

    def say(self, sentence: str) -> None:
        """Add a line of its own."""
        ...


class HeldLines:
    """Keeps lines for later: those of a reply that comes while another is read out."""

    def __init__(self) -> None:
        self._kept: list[tuple[bool, str]] = []

    def write(self, text: str) -> None:
        """Keep text."""
        self._kept.append((False, text))

    def say(self, sentence: str) -> None:
        """Keep a line."""
        self._kept.append((True, sentence))

    def give_to(self, lines: Lines) -> None:
        """Pass on what was kept."""
        for is_line, text in self._kept:
            (lines.say if is_line else lines.write)(text)
        self._kept.clear()


class SpokenReply:
    """Turns what comes of a reply into lines."""

    def __init__(self, speaker: str, lines: Lines) -> None:
        self.lines = lines
        self._speaker = speaker
        self._named = self._thought = False
        self._begin()

    def _begin(self) -> None:
        self._joiner, self._cleaner, self._sentences = CitationJoiner(), StreamCleaner(), SentenceBuffer()

    def feed(self, events: Iterable[StreamEvent]) -> None:
        """Take up what has come."""
        for event in events:
            self._write(self._joiner.feed(event))
            match event:
                case ThinkingDelta() if not self._thought:
                    self._thought = True
                    self._remark(f"{self._speaker} is thinking.")
                case BlockStart(kind=kind, block=block) if kind in _CALLS:
                    name = fit(clean_line(reading.name(block.get("name"))), LONGEST_NAME)
                    self._remark(f"{self._speaker} calls the tool {name}.")
                case ToolAnswered(failed=failed, refused=refused):
                    outcome = "was not allowed to run" if refused else "failed" if failed else "has answered"
                    self._remark(f"The tool {outcome}.")
                case ReplyRestarted():
                    self._end_text()
                    self._begin()
                    self._named = False
                    self.lines.say(BEGINS_AGAIN)

    def remark(self, sentence: str) -> None:
        """Say what happens to the reply, after all that has come of it."""
        self._remark(sentence)

    def end(self) -> None:
        """Write what has been held back for its end."""
        self._write(self._joiner.end_block())
        self._end_text()

    def _remark(self, sentence: str) -> None:
        self._end_text()
        self.lines.say(sentence)

    def _end_text(self) -> None:
        self._put(self._sentences.feed(self._cleaner.flush()) + self._sentences.flush())
        self._cleaner = StreamCleaner()

    def _write(self, text: str) -> None:
        if text:
            self._put(self._sentences.feed(self._cleaner.feed(text)))

    def _put(self, text: str) -> None:
        if not self._named and text.strip():
            self._named, text = True, text.lstrip("\n")
            self.lines.say(f"{self._speaker}:")
        if self._named and text:
            self.lines.write(text)
