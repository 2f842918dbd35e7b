"""The last gate before a terminal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from tests.control_sequences import SEQUENCE, foreign_to_a_command
from tests.steering import SEQUENCES
from tui_chat.text import printable_lines
from tui_chat.text.printable import printable
from tui_chat.ui.look.printable_filter import PrintableOnly

BLACK = Color.parse("black")
ANYTHING = st.text(st.characters() | st.sampled_from("\x1b\x9b\x9d\x07[];?0m\n\t\r"))


@given(ANYTHING | st.sampled_from(SEQUENCES))
def test_nothing_that_a_terminal_obeys_is_left_in_a_line(text: str) -> None:
    assert not SEQUENCE.search(printable(text))


@given(ANYTHING | st.sampled_from(SEQUENCES))
def test_the_lines_of_a_command_keep_their_own_styles_and_nothing_else(text: str) -> None:
    shown = printable_lines(f"\x1b[1m{text}\x1b[0m\n")
    assert shown.startswith("\x1b[1m")
    assert shown.endswith("\x1b[0m\n")
    assert set(foreign_to_a_command(shown.encode(errors="replace"))) <= {"\t"}


def test_text_of_every_script_passes_as_it_is() -> None:
    text = "naïve 漢字 👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 क्षि שלום مرحبا é"
    assert printable(text) == text


def test_a_line_that_is_clean_is_passed_on_as_it_is() -> None:
    segments = [Segment("plain"), Segment("link", Style(link="https://example.com/%1B"))]
    assert PrintableOnly().apply(segments, BLACK) == segments


def test_neither_text_nor_address_can_end_its_sequence() -> None:
    (segment,) = PrintableOnly().apply([Segment("a\x1b]0;b\x07", Style(bold=True, link="http://x/\x1b\\y"))], BLACK)
    assert segment.text == "a�]0;b�"
    assert segment.style is not None
    assert (segment.style.link, segment.style.bold) == (None, True)
