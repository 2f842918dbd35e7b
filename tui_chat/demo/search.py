"""A search by the server, and a text that cites what it found, in the blocks of the real API."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from typing import Any

from tui_chat.demo.blocks import CallBlock, ContentBlock, TextBlock, WholeBlock

_PAGES = (
    (
        "The Textual framework",
        "https://textual.textualize.io/",
        "Textual is a framework for building terminal applications.",
    ),
    (
        "Server-sent events",
        "https://html.spec.whatwg.org/multipage/server-sent-events.html",
        "Event streams in this format must always be encoded as UTF-8.",
    ),
)
_SPAN = re.compile(r"(?:(?<=\n\n)|(?<=\n- )|(?<=\. ))\w[^\n.:|#`]{24,}(?=\.)")
"""A sentence without its full stop, at the beginning of a paragraph or a bullet or after another."""
_MOST_SPANS = 5
_CALL = "srvtoolu_demo_01"


def searched(text: str) -> list[ContentBlock]:
    """Return a search after the first paragraph of a text; spans of what follows cite what was found."""
    head, rest = after_first_paragraph(text)
    if not rest:
        return [TextBlock.of(text)]
    found = [
        {"type": "web_search_result", "title": title, "url": url, "encrypted_content": "ZGVtbw==", "page_age": None}
        for title, url, _ in _PAGES
    ]
    return [
        TextBlock.of(head),
        CallBlock("server_tool_use", _CALL, "web_search", {"query": "terminal chat streaming"}),
        WholeBlock({"type": "web_search_tool_result", "tool_use_id": _CALL, "content": found}),
        *cited_spans(rest, [[_citation(*page)] for page in _PAGES] + [[_citation(*page) for page in _PAGES]]),
    ]


def after_first_paragraph(text: str) -> tuple[str, str]:
    """Return a text to the end of its first paragraph, the server's own note (a quote) aside, and the rest."""
    begin = text.find("\n\n") + 2 if text.startswith(">") else 0
    end = text.find("\n\n", begin)
    return (text[: end + 2], text[end + 2 :]) if end >= 0 else (text, "")


def cited_spans(text: str, sources: Sequence[Sequence[Mapping[str, Any]]]) -> Iterator[TextBlock]:
    """Yield a text in blocks: a cited span is one, and so is whatever stands between two."""
    at = 0
    for span, citations in zip(list(_SPAN.finditer(f"\n\n{text}"))[:_MOST_SPANS], cycle(sources), strict=False):
        begin, end = span.start() - 2, span.end() - 2
        if text[at:begin]:
            yield TextBlock.of(text[at:begin])
        yield TextBlock.of(text[begin:end], citations)
        at = end
    if text[at:]:
        yield TextBlock.of(text[at:])


def _citation(title: str, url: str, quote: str) -> Mapping[str, Any]:
    where = {"type": "web_search_result_location", "url": url, "title": title}
    return where | {"cited_text": quote, "encrypted_index": "ZGVtbw=="}
