"""The demo server's search answers as the real API does: text blocks end and begin wherever a cited span does."""

from __future__ import annotations

from tui_chat.demo.blocks import TextBlock, text_of
from tui_chat.demo.script import script_for
from tui_chat.demo.search import searched

TEXT = script_for("Search the news", first=False)
BLOCKS = searched(TEXT)
TEXTS = [block for block in BLOCKS if isinstance(block, TextBlock)]


def test_the_blocks_are_the_text() -> None:
    assert text_of(BLOCKS) == TEXT
    assert text_of(searched("One paragraph only.")) == "One paragraph only."


def test_blocks_end_inside_sentences_and_bullets() -> None:
    uncited = [block.text for block in TEXTS if not block.citations]
    assert any(text.endswith("\n- ") for text in uncited), "a bullet stands in the block before its text"
    assert any(text.startswith(".") for text in uncited), "a full stop begins a block"
    assert not any(block.text.endswith((".", "\n")) for block in TEXTS if block.citations)


def test_a_source_is_cited_several_times_and_a_span_has_several_sources() -> None:
    cited = [[citation["url"] for citation in block.citations] for block in TEXTS if block.citations]
    assert max(map(len, cited)) == 2
    urls = [url for urls in cited for url in urls]
    assert len(urls) > len(set(urls)) == 2
