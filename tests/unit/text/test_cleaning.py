"""Cleaning of foreign text."""

from __future__ import annotations

import itertools
import json
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.text import STAND_IN, StreamCleaner, clean, clean_line, typed_unseen
from tui_chat.text.characters import is_widthless, without_unseen
from tui_chat.text.cleaning import MAX_WIDTHLESS

CORPUS = json.loads((Path(__file__).parents[2] / "data" / "hostile.json").read_text())
NEVER = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
FLAGS = ["".join(chr(0xE0000 + ord(c)) for c in tag) + "\U000e007f" for tag in ("gbeng", "gbsct", "gbwls")]
AWKWARD = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("ab 1#*\t\r\n\x1b\x9b\x7f\u0301\u0302\u200b\u200c\u200d\u200e\u200f\ufe0e\ufe0f\u202e")),
        st.sampled_from(list("👩❤🏻🏴👧😀漢字葛سلامකක්\U000e0067\U000e0062\U000e0065\U000e006e\U000e007f\ud800\ufeff")),
        st.characters(),
    ),
    max_size=60,
)


def test_nothing_of_the_hostile_corpus_survives() -> None:
    for case in CORPUS:
        for shown in (clean(case["text"]), clean_line(case["text"])):
            assert not any(part in shown for part in case["forbidden"]), case["name"]
            assert case["visible"] in shown, case["name"]
            assert not NEVER.search(shown), case["name"]


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("plain, ünïcödé, 漢字, שלום, สวัสดี, Tiếng Việt", "plain, ünïcödé, 漢字, שלום, สวัสดี, Tiếng Việt"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\tb\n\tc", "a   b\n    c"),
        ("\x1b[31mred\x07", "�[31mred�"),
        ("\x9b31m \x7f \x85", "�31m � �"),
        ("a\u202eb\u2066c\u2069", "a�b�c�"),
        ("soft\u00adhyphen zero\u200bwidth \ufeff", "soft�hyphen zero�width �"),
        ("a\ud800b", "a�b"),
        ("👩‍👩‍👧 ❤️ 1️⃣ 👍🏽 👩🏻‍❤️‍💋‍👩🏿 🏳️‍🌈 🇩🇪", "👩‍👩‍👧 ❤️ 1️⃣ 👍🏽 👩🏻‍❤️‍💋‍👩🏿 🏳️‍🌈 🇩🇪"),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿!", "🏴󠁧󠁢󠁥󠁮󠁧󠁿!"),
        ("🏴\U000e0068\U000e0069", "🏴��"),
        ("a\ufe0fb 😀\ufe0f\ufe0f", "a�b 😀\ufe0f�"),
        ("a\u200db", "a�b"),
        ("👩\u200d", "👩�"),
        ("👩\u200d👩\u200d👩\u200d👩\u200d👩", "👩\u200d👩\u200d👩\u200d👩�👩"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("ක්\u200dය", "ක්\u200cය"),
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("שלום\u200f!", "שלום\u200f!"),
        ("a\u200fb", "a�b"),
        ("a\u200f\u200fש", "a�\u200fש"),
        ("Z" + "\u0301" * 40 + "a", "Z" + "\u0301" * 5 + "�a"),
        ("e\u0302\u0301", "e\u0302\u0301"),
        ("👍🏽🏽🏽 a🏽 🏽", "👍🏽�� a� �"),
        ("\U0010eeee\u0305\u030d \ue0b0 \U0010eeef", "�\u0305\u030d \ue0b0 \U0010eeef"),
    ],
)
def test_what_is_kept_and_what_is_replaced(foreign: str, shown: str) -> None:
    assert clean(foreign) == shown


@pytest.mark.parametrize(
    ("template", "kept", "replaced"),
    [
        (
            "{}\ufe0f",
            "#*09©®\u2010\u2bff\u3030\u303d\u3297\u3299\U0001f000\U0001faff",
            '"$)+/:\u00a8\u00aa\u00af\u2c00\u3031\u303c\u303e\u3296\u3298\u329a',
        ),
        ("{}\ufe00", "\u2e80\u9fff\uf900\ufad9\U00020000\U00030000", "a\ua000\ufb00\U00010900"),
        ("{}\U000e0100", "\u4e00\uf900\U00020000", "a\ua000\ufb00\U0001f600"),
        ("{}\u180b", "\u1820\u18aa", "a\u18b0"),
        (
            "{0}\u200f{0}",
            "\u05d0\u08a0\ufb1d\ufdf0\ufe70\ufefc\U00010800\U00010f30\U0001e800\U0001e943",
            "a\u0904\ufb00\ufe30\uff21",
        ),
        ("a\u200f{}", "\u05d0\u0627", "b1"),
        (
            "{0}\u200c{0}",
            "\u0627\u07ca\u0840\u0dc0\u0f40\u1000\u1780\u18aa\ufb50\ufdf0\ufe70\ufefc",
            "a\u0800\u0e01\u1100\u1900\ufb00\ufe30\uff21",
        ),
        ("\U0001f3f4{}", FLAGS, [flag[:-1] for flag in FLAGS]),
    ],
)
def test_an_invisible_character_stays_beside_those_that_it_is_for(
    template: str, kept: Sequence[str], replaced: Sequence[str]
) -> None:
    for character in kept:
        assert clean(template.format(character)) == template.format(character), ascii(character)
    for character in replaced:
        assert STAND_IN in clean(template.format(character)), ascii(character)


def test_a_line_has_no_line_ends() -> None:
    assert clean_line("a\r\nb\tc\n\nd") == "a b c d"


@given(AWKWARD, st.lists(st.integers(0, 60)))
def test_the_place_of_a_cut_does_not_matter(text: str, cuts: list[int]) -> None:
    cleaner = StreamCleaner()
    edges = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    streamed = "".join(cleaner.feed(text[a:b]) for a, b in itertools.pairwise(edges)) + cleaner.flush()
    assert streamed == clean(text)


CROWDED = st.text("a\u0301\u0308\u0903\u1161\u11a8\u20dd\u200c\u05c8\U0001e6f5\u0628", max_size=40)
"""Letters with any number of marks, vowels, finals and joiners on them."""


@given(CROWDED, st.integers(0, 40))
def test_the_place_of_a_cut_does_not_matter_in_a_crowd(text: str, cut: int) -> None:
    cleaner = StreamCleaner()
    assert cleaner.feed(text[:cut]) + cleaner.feed(text[cut:]) + cleaner.flush() == clean(text)


@given(CROWDED)
def test_few_characters_share_a_cell(text: str) -> None:
    shown = clean(text)
    assert not re.search(f"[^a\u0628{STAND_IN}]{{{MAX_WIDTHLESS + 1},}}", shown)
    assert clean(shown) == shown


@pytest.mark.parametrize(
    "mark", ["\u0301", "\u0903", "\u1161", "\u11ff", "\U00011f03", "\u05c8", "\U0001e6f5"], ids=ascii
)
def test_hundreds_without_width_on_one_cell_are_few(mark: str) -> None:
    shown = clean("a" + mark * 500 + "b")
    assert shown.endswith(STAND_IN + "b")
    assert len(shown) <= MAX_WIDTHLESS + 3


@pytest.mark.parametrize("plane", range(17))
def test_noncharacters_of_every_plane_are_replaced(plane: int) -> None:
    assert clean(f"a{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}b") == f"a{STAND_IN * 2}b"


@pytest.mark.parametrize("code", [*range(0x13430, 0x13440), *range(0x1BCA0, 0x1BCA4), 0xFFF9, 0xE0001], ids=hex)
def test_format_controls_are_replaced(code: int) -> None:
    assert clean(f"a{chr(code)}b") == f"a{STAND_IN}b"


@pytest.mark.parametrize(
    "text",
    [
        "🇩🇪🇫🇷 👩‍👩‍👧‍👦 👩🏻‍❤️‍💋‍👩🏿 🏴󠁧󠁢󠁳󠁣󠁴󠁿 1️⃣ ❤️",
        "العربية بِسْمِ اللَّهِ \u0600\u06dd",
        "नमस्ते क्ष्म्य स्त्री தமிழ் ไทย ที่นี้",
        "한국어 \u1112\u1161\u11ab \u1100\u1161",
        "မျှော့် ကျွန်ုပ် ខ្មែរ",
        "שָׁלוֹם בְּרֵאשִׁ֖ית",
        "tiếng Việt Z̃ 葛\U000e0100",
    ],
)
def test_text_of_every_script_stays_whole(text: str) -> None:
    assert clean(text) == text


def test_the_table_agrees_with_what_this_python_knows() -> None:
    for code in range(0x110000):
        character = chr(code)
        kind = unicodedata.category(character)
        if kind in ("Cc", "Cs", "Zl", "Zp") and character not in "\n\t":
            assert without_unseen(character) == STAND_IN, hex(code)
        elif kind in ("Mn", "Me", "Mc"):
            assert is_widthless(character) or without_unseen(character) == STAND_IN, hex(code)
        elif kind in ("Lu", "Ll", "Nd", "Sm", "Zs"):
            assert without_unseen(character) == character, hex(code)
            assert not is_widthless(character), hex(code)


def test_what_has_no_width_of_its_own_is_known_to_the_edge_of_a_range() -> None:
    assert all(map(is_widthless, "\u0300\u034e\u036f\u200d\ufe0f"))
    assert not any(map(is_widthless, "a\u02ff\u0370漢"))


def test_a_stack_of_marks_is_cut_though_each_comes_by_itself() -> None:
    cleaner = StreamCleaner()
    shown = "".join(map(cleaner.feed, "Z" + "\u0301" * 40)) + cleaner.flush()
    assert shown == clean("Z" + "\u0301" * 40)


@given(AWKWARD)
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    assert not NEVER.search(clean(text))
    assert clean(clean(text)) == clean(text)


def test_a_cut_line_end_is_one_line_end() -> None:
    cleaner = StreamCleaner()
    assert [cleaner.feed("a\r"), cleaner.feed("\nb"), cleaner.feed("\r"), cleaner.flush()] == ["a", "\nb", "", "\n"]


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        (["a", "\tb"], "a   b"),
        (["ab", "c", "\td"], "abc d"),
        (["a\tb", "c\td"], "a   bc  d"),
        (["ab", "xyz\nc", "\td"], "abxyz\nc   d"),
        (["a" + "\u0301" * 5, "b", "\u0301"], "a" + "\u0301" * 5 + "b\u0301"),
        (["a" + "\u0301" * 5, "", "\u0301"], "a" + "\u0301" * 5 + STAND_IN),
        (["a\u0301", "\u0301" * 5], "a" + "\u0301" * 5 + STAND_IN),
    ],
)
def test_what_came_before_a_cut_counts(pieces: list[str], shown: str) -> None:
    cleaner = StreamCleaner()
    assert "".join(map(cleaner.feed, pieces)) + cleaner.flush() == shown


@pytest.mark.parametrize(("mark", "most"), [("\u0301", 5), ("\u20dd", 5), ("\u0903", 8), ("\u1161", 8)], ids=ascii)
def test_one_more_than_fits_a_cell_is_replaced(mark: str, most: int) -> None:
    assert clean("a" + mark * most + "b") == "a" + mark * most + "b"
    assert clean("a" + mark * (most + 1) + "b") == "a" + mark * most + STAND_IN + "b"


def test_a_cleaner_may_keep_tabs() -> None:
    assert StreamCleaner(keep_tabs=True).feed("\ta\x1b") == "\ta" + STAND_IN


@pytest.mark.parametrize(
    ("before", "character", "put_in"),
    [
        ("👨", "\u200d", "\u200d"),
        ("❤\ufe0f", "\u200d", "\u200d"),
        ("می", "\u200c", "\u200c"),
        ("ه", "\u200d", "\u200c"),  # rich takes what follows a joiner to have no width
        ("a", "\u200d", ""),
        ("", "\u200c", ""),
        ("a", "\u202e", ""),
        ("🏴\U000e0067", "\U000e0062", "\U000e0062"),
        ("a", "\U000e0062", ""),
        ("あ", "\u3000", "\u3000"),
        ("a", "\x1b", ""),
        ("a", "", ""),
    ],
)
def test_what_shows_nothing_is_typed_where_it_does_something(before: str, character: str, put_in: str) -> None:
    assert typed_unseen(before, character) == put_in
