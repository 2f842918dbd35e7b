"""The list of sources fits every width, and nothing in it acts on a terminal."""

from __future__ import annotations

import pytest
from rich.style import Style

from tui_chat.chat.citations import sources_of
from tui_chat.chat.parts import TextPart
from tui_chat.text import cell_len
from tui_chat.ui.messages.sections import MessageStyles
from tui_chat.ui.messages.sources_section import SourcesSection

PLAIN = Style()
PALETTE = MessageStyles(*[PLAIN] * 9)
HOSTILE = "\x1b]8;;http://evil.example\x07[@click=app.quit]東京\x1b[2J\u202e 👩‍👩‍👧"
CITED = TextPart(
    "So",
    (
        {"url": "https://a.example/" + "x" * 500, "title": HOSTILE, "cited_text": HOSTILE},
        {"document_index": 0, "document_title": HOSTILE, "start_page_number": 3, "cited_text": "words " * 90},
    ),
)


@pytest.mark.parametrize("width", [1, 2, 5, 20, 80])
def test_the_list_fits_and_does_nothing(width: int) -> None:
    section = SourcesSection(width, PALETTE, "m1", sources_of([CITED]))
    lines = [section.line(y) for y in range(section.height)]
    text = "\n".join("".join(segment.text for segment in line) for line in lines)
    assert all(cell_len(line) <= max(width, 2) for line in text.split("\n"))
    assert not any(ord(character) < 32 and character != "\n" for character in text)
    assert "\u202e" not in text
    assert all(segment.style is None or segment.style.link is None for line in lines for segment in line)
