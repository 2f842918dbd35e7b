"""The demo server cites the documents that it is sent, each at its place."""

from __future__ import annotations

from typing import Any

import pytest

from tui_chat.demo.blocks import TextBlock, text_of
from tui_chat.demo.documents import cited_documents, citing
from tui_chat.demo.script import script_for
from tui_chat.demo.validation import objection_to

CITED = {"citations": {"enabled": True}}
TEXT = {"type": "document", "title": "a.md", "source": {"type": "text", "data": "\n The plan. More."}}
PDF = {"type": "document", "title": "b.pdf", "source": {"type": "base64", "data": "JVBERi0="}}


def body_with(*documents: dict[str, Any], **more: Any) -> dict[str, Any]:
    content = [*documents, {"type": "text", "text": "Cite it."}]
    return {"model": "demo", "max_tokens": 100, "messages": [{"role": "user", "content": content}], **more}


def test_a_text_is_cited_by_its_characters_and_a_pdf_by_its_page() -> None:
    first, second = cited_documents(body_with(TEXT | CITED, PDF | CITED))
    assert (first["type"], first["start_char_index"], first["end_char_index"]) == ("char_location", 2, 11)
    assert (first["cited_text"], first["document_title"], first["document_index"]) == ("The plan.", "a.md", 0)
    assert (second["type"], second["start_page_number"], second["end_page_number"]) == ("page_location", 1, 2)
    blocks = citing(text := script_for("Cite it."), [first, second])
    assert text_of(blocks) == text
    cited = [block.citations for block in blocks if isinstance(block, TextBlock) and block.citations]
    assert [first] in cited
    assert [second] in cited


def test_without_being_asked_nothing_is_cited() -> None:
    assert cited_documents(body_with(TEXT)) == []


@pytest.mark.parametrize(
    ("body", "objection"),
    [
        (body_with(TEXT | CITED, PDF), "all documents"),
        (
            body_with(TEXT | CITED, output_config={"format": {"type": "json_schema", "schema": {}}}),
            "not supported with output_config.format",
        ),
    ],
)
def test_the_rules_of_the_api_hold(body: dict[str, Any], objection: str) -> None:
    assert objection in (objection_to(body) or "")
    assert objection_to(body_with(TEXT | CITED, PDF | CITED)) is None
