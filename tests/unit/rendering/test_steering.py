"""Whatever a layer decodes, no line of a document holds what a terminal obeys, in its text or behind its links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.control_sequences import SEQUENCE
from tests.steering import every_text, texts
from tui_chat.rendering import Look
from tui_chat.rendering.document import Document
from tui_chat.text import clean

LOOK = Look.default(dark=True)


def lines_of(text: str, step: int, width: int) -> list[tuple[str, str]]:
    """Return the text and the link of each segment."""
    document = Document(width, LOOK)
    for at in range(0, len(text), step):
        document.append(text[at : at + step])
    document.finish()
    lines = [document.line(y) for y in range(document.height)]
    return [(segment.text, (segment.style and segment.style.link) or "") for line in lines for segment in line.segments]


def assert_harmless(segments: list[tuple[str, str]]) -> None:
    for shown, link in segments:
        assert not SEQUENCE.search(shown), shown
        assert clean(shown).count("\ufffd") == shown.count("\ufffd"), shown
        assert link.isascii(), link
        assert not SEQUENCE.search(link), link


def test_no_encoding_in_any_place_makes_a_control_character() -> None:
    for text in every_text():
        assert_harmless(lines_of(text, len(text), 80))


@given(texts(), st.integers(1, 40), st.integers(1, 90))
def test_nothing_that_is_decoded_makes_a_control_character(text: str, step: int, width: int) -> None:
    assert_harmless(lines_of(text, step, width))


@pytest.mark.parametrize("encoded", ["%1B%5B2J", "%1b", "%C2%9B2J", "%07", "%7F", "%E2%80%AE"])
def test_what_an_address_hides_leaves_the_styles_of_its_sentence_alone(encoded: str) -> None:
    segments = lines_of(f"**before** <http://x.example/{encoded}>", 1000, 80)
    assert ("before", "") in segments
    assert any("\ufffd" in shown and link.endswith(encoded) for shown, link in segments)
