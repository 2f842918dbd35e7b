"""Styles as they are needed for drawing, each worked out once."""

from __future__ import annotations

from bisect import bisect_right
from typing import Literal

from rich.segment import Segment
from rich.style import Style

from tui_chat.rendering.inline import Mark, Prose, Span
from tui_chat.rendering.look import Look

Tone = Literal[
    "text", "quote", "table_header", "heading 1", "heading 2", "heading 3", "heading 4", "heading 5", "heading 6"
]
"""The kind of text that a block holds, before inline formats."""
HEADING_TONES: tuple[Tone, ...] = ("heading 1", "heading 2", "heading 3", "heading 4", "heading 5", "heading 6")

_MARKED = {
    Mark.STRONG: "strong",
    Mark.EMPHASIS: "emphasis",
    Mark.STRIKE: "strike",
    Mark.HTML: "html",
    Mark.MATH: "math",
    Mark.FOOTNOTE: "footnote",
    Mark.CODE: "code",
    Mark.LINK: "link",
    Mark.TARGET: "target",
    Mark.IMAGE: "image",
}


class Painter:
    """Gives the styles of one look."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self._prose: dict[tuple[Tone, Mark, str | None], Style] = {}
        self._code: dict[object, Style] = {}

    def prose(self, tone: Tone, marks: Mark, link: str | None) -> Style:
        """Return the style of a span of text."""
        key = (tone, marks, link)
        style = self._prose.get(key)
        if style is None:
            style = self._prose[key] = self._make_prose(*key)
        return style

    def segments(self, tone: Tone, prose: Prose, start: int, end: int) -> list[Segment]:
        """Return a part of a text in its styles."""
        segments: list[Segment] = []
        spans = prose.spans
        index = bisect_right(spans, start, key=_end_of)
        while index < len(spans) and spans[index].start < end:
            span = spans[index]
            text = prose.text[max(span.start, start) : min(span.end, end)]
            segments.append(Segment(text, self.prose(tone, span.marks, span.link)))
            index += 1
        return segments

    def code(self, token: object) -> Style:
        """Return the style of a Pygments token, on the background of a code block."""
        style = self._code.get(token)
        if style is None:
            kind = token
            while kind is not None and kind not in self.look.tokens:
                kind = getattr(kind, "parent", None)
            style = self.look.code_block + self.look.tokens[kind] if kind is not None else self.look.code_block
            self._code[token] = style
        return style

    def _make_prose(self, tone: Tone, marks: Mark, link: str | None) -> Style:
        style = self.look.text
        if tone.startswith("heading"):
            style += self.look.headings[int(tone[-1]) - 1]
        elif tone != "text":
            style += getattr(self.look, tone)
        for mark, name in _MARKED.items():
            if mark in marks:
                style += getattr(self.look, name)
        return style + Style(link=link) if link and self.look.hyperlinks else style


def _end_of(span: Span) -> int:
    return span.end
