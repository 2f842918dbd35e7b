"""Reads the inline Markdown of a piece of text into plain text with styled spans."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from enum import IntFlag
from itertools import pairwise

from markdown_it.token import Token

from tui_chat.records import dataclass, field
from tui_chat.rendering.grammar import Inlines, markdown
from tui_chat.rendering.latex import readable
from tui_chat.rendering.leaves import HARD_BREAK
from tui_chat.rendering.links import safe_target
from tui_chat.rendering.provisional import close_open_marks, without_half_marks
from tui_chat.text import clean, clean_line, whole_end

Env = dict[str, object]
"""The definitions of the whole text: link references and the names of footnotes."""


class Mark(IntFlag):
    """The inline formats of a span of text."""

    EMPHASIS = 1
    STRONG = 2
    STRIKE = 4
    CODE = 8
    LINK = 16
    TARGET = 32
    MATH = 64
    IMAGE = 128
    HTML = 256
    FOOTNOTE = 512


PLAIN = Mark(0)


@dataclass(slots=True)
class Span:
    """A run of text in one style, from one place in the source."""

    start: int
    end: int
    marks: Mark
    link: str | None
    at: int
    """The place in the source where it begins."""
    verbatim: bool = True
    """True if the source has the same characters there."""


@dataclass(slots=True)
class Prose:
    """Plain text, its lines separated by line ends, with spans that cover it all."""

    text: str = ""
    spans: list[Span] = field(default_factory=list)

    def source_at(self, position: int) -> int:
        """Return the place in the source of the character at a position."""
        if not self.spans:
            return -1
        span = self.spans[min(bisect_right(self.spans, position, key=_end_of), len(self.spans) - 1)]
        return span.at + min(position - span.start, span.end - span.start) * span.verbatim


_WRAPPED = 50
"""A line that wraps a sentence is at least this long."""
_GOES_ON = re.compile(r"[\w,\-–—)\]'’`*]\Z")
_BEGINS = re.compile(r"[ \t]*[`*_(\[\"'“‘]*(\d(?!\d*[.)])|\w)")

_OPENING = {"em_open": Mark.EMPHASIS, "strong_open": Mark.STRONG, "s_open": Mark.STRIKE}
_CLOSING = {"em_close": Mark.EMPHASIS, "strong_close": Mark.STRONG, "s_close": Mark.STRIKE}
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def read_prose(lines: Sequence[str], at: Sequence[int], env: Env, *, unfinished: bool = False) -> Prose:
    """Return the text of these lines; `at` tells where each begins in the source.

    What an unfinished text has begun, such as emphasis, is shown as if it ended with the text.
    """
    content = "\n".join(lines).rstrip(" ")
    if unfinished:
        content = without_half_marks(content)
    state = Inlines(content, env)
    md = markdown()
    md.inline.tokenize(state)
    if unfinished:
        close_open_marks(state)
    for rule in md.inline.ruler2.getRules(""):
        rule(state)
    reader = _InlineReader(content, lines, at)
    reader.read(state.tokens)
    return reader.prose()


def is_wrapped(before: str, after: str) -> bool:
    """True if a line end only wraps a sentence. In most replies it does not: lines are those of a verse or a list."""
    if len(before) < _WRAPPED or before.endswith((HARD_BREAK, "\\")) or not _GOES_ON.search(before):
        return False
    begins = _BEGINS.match(after)
    return begins is not None and (begins[1].islower() or begins[1].isdigit())


def footnote_sign(label: str, *, plain: bool = False) -> str:
    """Return a footnote's name as it is shown in the text and before the note."""
    return label.translate(_SUPERSCRIPT) if label.isascii() and label.isdigit() and not plain else f"[{label}]"


class _InlineReader:
    """Turns inline tokens into text and spans."""

    def __init__(self, content: str, lines: Sequence[str], at: Sequence[int]) -> None:
        self._content = content
        self._begins = _line_offsets(lines, at)
        self._parts: list[str] = []
        self._spans: list[Span] = []
        self._length = 0
        self._marks = PLAIN
        self._links: list[tuple[str, str | None, int, bool]] = []

    def prose(self) -> Prose:
        """Return the text and its spans; text that only decoding made unclean loses its styles."""
        text = "".join(self._parts)
        if text.isascii() and text.replace("\n", "").isprintable():
            return Prose(text, self._spans)
        if (cleaned := clean(text)) != text:
            at = self._spans[0].at if self._spans else -1
            return Prose(cleaned, [Span(0, len(cleaned), PLAIN, None, at)] if cleaned else [])
        _keep_whole(text, self._spans)
        return Prose(text, self._spans)

    def read(self, tokens: Sequence[Token]) -> None:
        """Take up tokens, in order."""
        for token in tokens:
            kind = token.type
            if kind == "text":
                decoded = bool(self._links) and self._links[-1][3]  # markdown-it shows an address decoded
                self._verbatim(clean_line(token.content) if decoded else token.content, token)
            elif kind in _OPENING:
                self._marks |= _OPENING[kind]
            elif kind in _CLOSING:
                self._marks &= ~_CLOSING[kind]
            else:
                self._other(token)

    def _other(self, token: Token) -> None:
        kind = token.type
        if kind == "hardbreak":
            self._put("\n", PLAIN, self._source(token.meta["at"]))
        elif kind == "softbreak":
            self._break(token.meta["at"])
        elif kind == "code_inline":
            self._verbatim(token.content, token, Mark.CODE)
        elif kind == "link_open":
            self._open_link(token)
        elif kind == "link_close":
            self._close_link(self._source(token.meta["at"]))
        elif kind == "image":
            self._image(token)
        elif kind == "html_inline":
            self._html(token)
        elif kind == "math_inline":
            self._put(readable(token.content), Mark.MATH, self._source(token.meta["at"]))
        elif kind == "footnote_ref":
            self._put(footnote_sign(token.content), Mark.FOOTNOTE, self._source(token.meta["at"]))
        else:
            self._put(clean_line(token.content), PLAIN, self._source(token.meta["at"]))

    def _break(self, at: int) -> None:
        before, after = self._content[:at].rpartition("\n")[2], self._content[at + 1 : at + 80]
        self._put(" " if is_wrapped(before, after) else "\n", PLAIN, self._source(at))

    def _verbatim(self, text: str, token: Token, marks: Mark = PLAIN) -> None:
        """Add text that stands in the source as it is, save for tabs and line ends."""
        if text:
            found = self._content.find(text, token.meta.get("at", 0))
            at = self._source(found if found >= 0 else token.meta.get("at", 0))
            self._put(text.replace("\t", " ").replace("\n", " "), marks, at, verbatim=True)

    def _put(self, text: str, marks: Mark, at: int, *, verbatim: bool = False) -> None:
        if text:
            link = self._links[-1][1] if self._links else None
            end = self._length + len(text)
            self._parts.append(text)
            self._spans.append(Span(self._length, end, self._marks | marks, link, at, verbatim))
            self._length = end

    def _open_link(self, token: Token) -> None:
        target = clean_line(str(token.attrs.get("href", "")))
        self._links.append((target, safe_target(target), len(self._parts), token.info == "auto"))
        self._marks |= Mark.LINK

    def _close_link(self, at: int) -> None:
        target, _, first, auto = self._links[-1]
        shown = "".join(self._parts[first:])
        if not shown:
            self._put(target, PLAIN, at)
        self._marks &= ~Mark.LINK
        if shown and not auto and target not in ("", shown, "mailto:" + shown):
            self._put(f" ({target})", Mark.TARGET, at)
        self._links.pop()

    def _image(self, token: Token) -> None:
        target = clean_line(str(token.attrs.get("src", "")))
        at = self._source(token.meta["at"])
        label = clean_line(_plain(token.children or ())) or "image"
        self._links.append((target, safe_target(target), len(self._parts), False))
        self._put("▣ ", Mark.IMAGE, at)
        self._put(label, Mark.IMAGE | Mark.LINK, at)
        if target:
            self._put(f" ({target})", Mark.TARGET, at)
        self._links.pop()

    def _html(self, token: Token) -> None:
        tag = token.content.strip("</> \t").casefold()
        if tag == "br":
            self._put("\n", PLAIN, self._source(token.meta["at"]))
        else:
            self._verbatim(token.content, token, Mark.HTML)

    def _source(self, offset: int) -> int:
        """Return the place in the source of an offset in the content."""
        begin = 0
        for start, at in self._begins:
            if start > offset:
                break
            begin = at + offset - start
        return begin


def _keep_whole(text: str, spans: list[Span]) -> None:
    """Let no span begin inside a grapheme: its parts would have other widths."""
    for before, span in pairwise(spans):
        start = min(whole_end(text, span.start), span.end)
        span.at += start - span.start
        before.end = span.start = start


def _line_offsets(lines: Sequence[str], at: Sequence[int]) -> list[tuple[int, int]]:
    """Return for each line the offset where it begins in the content, and its place in the source."""
    offsets: list[tuple[int, int]] = []
    start = 0
    for line, begin in zip(lines, at, strict=True):
        offsets.append((start, begin))
        start += len(line) + 1
    return offsets


def _end_of(span: Span) -> int:
    return span.end


def _plain(tokens: Sequence[Token]) -> str:
    return "".join(
        _plain(token.children) if token.children else token.content or " " * ("break" in token.type) for token in tokens
    )
