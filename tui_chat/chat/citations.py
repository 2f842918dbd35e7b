"""The text of a reply as one, with the numbers of its sources after what they are for, and these sources.

Anthropic's wire splits a text wherever a cited span begins or ends; OpenAI's says where it is once the text has come. A
number stands after the last word of its span: in front of the blanks that end it, never in code.
"""

from __future__ import annotations

import re
from bisect import insort
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tui_chat.chat.code_fences import CodeFences
from tui_chat.chat.events import (
    BlockStart,
    BlockStop,
    CitationsDelta,
    JsonObject,
    MessageStart,
    StreamEvent,
    TextDelta,
    ToolAnswered,
)
from tui_chat.chat.parts import Part, TextPart
from tui_chat.records import dataclass, field
from tui_chat.text import clean_line, reading

LONGEST_ADDRESS = 2_000
"""Characters of an address that is cited."""
LONGEST_WORDS = 200
"""Characters of the cited words that are shown."""
MOST_QUOTES = 10
"""Quotations of one source that are shown."""

URL_CITATION = "url_citation"
"""The type of a citation that says which part of its text it is for."""

_HELD = " \t\r\n|"
"""Characters that a number goes before: blanks, and what ends the row of a table."""


@dataclass(frozen=True, slots=True)
class Quote:
    """The cited words of a source, and their place in it."""

    words: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One source of a reply."""

    number: int
    title: str
    address: str = ""
    """Its address on the web; "" for a file that was sent."""
    quotes: tuple[Quote, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    """The places that cite it: from where to where in the text without numbers."""

    def to_json(self) -> dict[str, object]:
        """Return it as `ask --format json` prints it."""
        return {
            "number": self.number,
            "title": self.title,
            "address": self.address or None,
            "quotes": [{"words": quote.words, "place": quote.place or None} for quote in self.quotes],
            "spans": [list(span) for span in self.spans],
        }

    @property
    def lines(self) -> Sequence[str]:
        """The lines that tell of it: number and title, the address, and each quotation."""
        return (f"[{self.number}] {self.title}", *self.below)

    @property
    def below(self) -> Sequence[str]:
        """The lines below its title: the address, if that is not the title, and each quotation."""
        return (*(() if self.address == self.title else filter(None, [self.address])), *self.quoted)

    @property
    def quoted(self) -> Sequence[str]:
        """Each quotation on a line."""
        return [f"{quote.place}: “{quote.words}”".removeprefix(": ").removesuffix(": “”") for quote in self.quotes]


@dataclass(frozen=True, slots=True)
class Mark:
    """A number in the text."""

    at: int
    """Its place in the text without numbers."""
    number: int

    @property
    def text(self) -> str:
        """The number as it is shown."""
        return f"[{self.number}]"


@dataclass(frozen=True, slots=True)
class CitedText:
    """A text with numbers in it, and the sources that they stand for."""

    text: str
    sources: tuple[Source, ...] = ()


def cited(parts: Iterable[Part]) -> CitedText:
    """Return the text of a reply with the numbers of its sources, and the sources."""
    joiner, pieces = CitationJoiner(), []
    for part in parts:
        pieces.append(joiner.end_block())
        if isinstance(part, TextPart):
            pieces.append(joiner.append_part(part))
    return CitedText("".join([*pieces, joiner.end_block()]), joiner.sources)


def sources_of(parts: Iterable[Part]) -> tuple[Source, ...]:
    """Return the sources of a reply, by their numbers."""
    return cited(parts).sources if any(isinstance(part, TextPart) and part.citations for part in parts) else ()


def listed(sources: Iterable[Source]) -> str:
    """Return the list of sources as plain text, with nothing in it that acts on a terminal."""
    return "\n".join(
        "    " * (row > 0) + clean_line(line) for source in sources for row, line in enumerate(source.lines)
    )


class CitationJoiner:
    """Joins a text that comes in blocks, each as it grows; what it returns is to be added to what it returned before.

    A token costs the same however long the text is: what was returned never changes.
    """

    def __init__(self) -> None:
        self.marks: list[Mark] = []
        self._found: dict[object, _Found] = {}
        self._length = 0
        """Of what was returned, without the numbers."""
        self._held: list[str] = []
        """Text that a number may yet stand before."""
        self._holds = False
        """True if the open block may be cited: its end is held back until it is known where that is."""
        self._after_blank = False
        self._numbers: dict[int, None] = {}
        """Those of the open block, in order."""
        self._begin: int | None = None
        """The place of the open block's first word."""
        self._fences = CodeFences()
        self._places: list[_Place] = []
        """The parts of the open block that are cited, and have yet to come, by their ends."""
        self._offset = 0
        """The length of what has come of the open block."""
        self.is_behind = False
        """True if numbers are missing, as their places were known too late: the whole text has them."""

    def feed(self, event: StreamEvent) -> str:
        """Return what an event of a reply brings."""
        match event:
            case TextDelta(text=text):
                return self.append(text)
            case CitationsDelta(citation=citation):
                self.cite(citation)
            case BlockStart(block=block):
                before = self.end_block()
                self.expect(block)
                return before
            case BlockStop() | MessageStart() | ToolAnswered():
                return self.end_block()
        return ""

    def expect(self, block: JsonObject) -> None:
        """Take up that the block which begins may be cited: the wire says so at its start."""
        self._holds = "citations" in block

    def append_part(self, part: TextPart) -> str:
        """Return what a block of text brings, which stays open."""
        for citation in part.citations:
            self.cite(citation)
        return self.append(part.text)

    def append(self, text: str) -> str:
        """Return what more text of the open block brings."""
        pieces: list[str] = []
        while self._places and (end := self._places[0].end) - self._offset <= len(text):
            places = [place for place in self._places if place.end == end]
            self._places = self._places[len(places) :]
            begin, cut = max(places[0].begin - self._offset, 0), end - self._offset
            before, span, text = text[:begin], text[begin:cut], text[cut:]
            numbers = () if _breaks_link(span, text) else [place.number for place in places]
            pieces += (self._append(before), self._append_span(span, places[0].begin, numbers))
        return "".join([*pieces, self._append(text)])

    def _append_span(self, span: str, begin: int, numbers: Iterable[int]) -> str:
        """Return the end of a cited part of the open block, which begins at a place, and its numbers."""
        came = self._length + sum(map(len, self._held)) - (self._offset - begin)
        self._begin = came if came < self._length and not self._after_blank else None
        self._holds = True
        before = self._append(span)
        self._numbers |= dict.fromkeys(numbers)
        after = self._end_span()
        self._holds = True
        return before + after

    def _append(self, text: str) -> str:
        self._offset += len(text)
        kept = text.rstrip(_HELD) if self._holds else text
        if not kept.strip() and self._holds:
            self._held += filter(None, [text])
            return ""
        before = "".join(self._held)
        if self._begin is None and text.strip():
            self._begin = self._length + len(before) + len(text) - len(text.lstrip())
        self._held = list(filter(None, [text[len(kept) :]]))
        return self._put(before + kept)

    def cite(self, citation: JsonObject) -> None:
        """Note a citation of the open block."""
        key, self._holds = _key(citation), True
        if key is None:
            return
        found = self._found.setdefault(key, _Found(len(self._found) + 1, _title(citation), _address(citation)))
        found.take_quote(_quote(citation))
        if citation.get("type") != URL_CITATION:
            self._numbers[found.number] = None
        elif (span := _span(citation)) is not None:
            self._await(*span, found.number)

    def _await(self, begin: int, end: int, number: int) -> None:
        """Note that a part of the open block is cited."""
        self.is_behind |= end <= self._offset
        if end > self._offset:
            insort(self._places, _Place(end, begin, number))

    def end_block(self) -> str:
        """Return the numbers of the block that ends here, and what of its text stands after them."""
        self._places, self._offset = [], 0
        return self._end_span()

    def _end_span(self) -> str:
        numbers, begin, rest = self._numbers, self._begin, "".join(self._held)
        self._numbers, self._begin, self._held, self._holds = {}, None, [], False
        if begin is None or not numbers:
            return self._put(rest)
        for found in self._found.values():
            if found.number in numbers:
                found.spans.append((begin, self._length))
        marks = [] if self._after_blank or self._fences.is_code else [Mark(self._length, number) for number in numbers]
        self.marks += marks
        return "".join(mark.text for mark in marks) + self._put(rest)

    def shown_place(self, place: int) -> int:
        """Return where a place in the text without numbers is in the text with them."""
        return place + sum(len(mark.text) for mark in self.marks if mark.at <= place)

    def number_at(self, place: int) -> int | None:
        """Return the source whose number stands at a place in the text with the numbers."""
        shown = 0
        for mark in self.marks:
            begin = mark.at + shown
            if begin <= place < begin + len(mark.text):
                return mark.number
            shown += len(mark.text)
        return None

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources so far."""
        return tuple(found.source() for found in self._found.values())

    def _put(self, text: str) -> str:
        if text:
            self._length += len(text)
            self._after_blank = text[-1] in _HELD
            self._fences.feed(text)
        return text


class _Place(NamedTuple):
    """A part of a block that a source is cited for."""

    end: int
    begin: int
    number: int


@dataclass(slots=True)
class _Found:
    """A source while more is found of it."""

    number: int
    title: str
    address: str
    quotes: dict[Quote, None] = field(default_factory=dict)
    spans: list[tuple[int, int]] = field(default_factory=list)

    def take_quote(self, quote: Quote) -> None:
        if (quote.words or quote.place) and len(self.quotes) < MOST_QUOTES:
            self.quotes[quote] = None

    def source(self) -> Source:
        return Source(self.number, self.title, self.address, tuple(self.quotes), tuple(self.spans))


def _breaks_link(before: str, after: str) -> bool:
    """True if a number between these would stand in the middle of a link."""
    return before.endswith("]") and after.startswith(("(", "["))


def _span(citation: JsonObject) -> tuple[int, int] | None:
    """Return the part of its text that a citation is for, if it says so."""
    begin, end = reading.count(citation.get("start_index")), reading.count(citation.get("end_index"))
    return (begin, end) if begin is not None and end is not None and begin < end else None


def _key(citation: JsonObject) -> object:
    """Return what is the same for all citations of one source; None for a citation that names none."""
    if address := _address(citation):
        return address
    if document := [citation.get(name) for name in ("file_id", "document_index") if citation.get(name) is not None]:
        return str(document[0]), citation.get("document_title") if len(document) == 1 else None
    return _named(citation) or None


def _named(citation: JsonObject) -> str:
    names = (reading.name(citation.get(field)) for field in ("title", "document_title", "source"))
    return next((" ".join(name.split()) for name in names if name.strip()), "")


def _title(citation: JsonObject) -> str:
    if title := _named(citation):
        return title
    index = reading.count(citation.get("document_index"))
    return _address(citation) or (f"Document {index + 1}" if index is not None else "Document")


def _address(citation: JsonObject) -> str:
    """Return the address on the web of what is cited, if it is there."""
    found = [citation.get(field) for field in ("url", "source")]
    return next((url[:LONGEST_ADDRESS] for url in found if isinstance(url, str) and is_web_address(url)), "")


def is_web_address(url: str) -> bool:
    """True if this is an address of the web, in the characters that one has."""
    return re.fullmatch(r"https?://[!-~]+", url, re.IGNORECASE) is not None


def _quote(citation: JsonObject) -> Quote:
    text = citation.get("cited_text")
    words = " ".join(text[: LONGEST_WORDS * 4].split()) if isinstance(text, str) else ""
    return Quote(words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1].rstrip()}…", _place(citation))


_PLACES = (
    ("page", "start_page_number", "end_page_number", 0),
    ("character", "start_char_index", "end_char_index", 1),
    ("part", "start_block_index", "end_block_index", 1),
)
"""The name of a place in a document, its fields, and what makes the first one 1; the end is the first one after it."""


def _place(citation: JsonObject) -> str:
    """Return the place in a document, in words."""
    if "url" in citation:
        return ""
    for name, begin, end, more in _PLACES:
        first, after = reading.count(citation.get(begin)), reading.count(citation.get(end))
        if first is not None:
            last = (after - 1 if after is not None and after > first else first) + more
            first += more
            return f"{name} {first:,}" if last == first else f"{name}s {first:,}–{last:,}"
    return ""
