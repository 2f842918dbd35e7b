"""The documents of a request, and a text that cites them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tui_chat.demo.blocks import ContentBlock, TextBlock
from tui_chat.demo.search import after_first_paragraph, cited_spans

_SENTENCE = re.compile(r"\S[^\n.!?]*[.!?]?")
"""The beginning of a text, as far as it is cited."""


def cited_documents(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return a citation of the beginning of each document that is to be cited."""
    documents = documents_in(body)
    return [
        _citation(index, document)
        for index, document in enumerate(documents)
        if document.get("citations", {}).get("enabled") is True
    ]


def documents_in(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the documents of all messages, in order."""
    contents = [message["content"] for message in body["messages"] if isinstance(message["content"], list)]
    return [block for blocks in contents for block in blocks if block.get("type") == "document"]


def citing(text: str, citations: Sequence[Mapping[str, Any]]) -> list[ContentBlock]:
    """Return a text whose spans after the first paragraph cite documents in turn."""
    head, rest = after_first_paragraph(text)
    return [TextBlock.of(head), *cited_spans(rest, [[citation] for citation in citations])]


def _citation(index: int, document: Mapping[str, Any]) -> Mapping[str, Any]:
    about = {"document_index": index, "document_title": document.get("title"), "file_id": None}
    source = document.get("source", {})
    if source.get("type") != "text":
        words = "The words of the first page, if this server could read them."
        return {"type": "page_location", "cited_text": words, **about, "start_page_number": 1, "end_page_number": 2}
    found = _SENTENCE.search(source["data"])
    begin, end = found.span() if found else (0, 0)
    where = {"start_char_index": begin, "end_char_index": end}
    return {"type": "char_location", "cited_text": source["data"][begin:end], **about, **where}
