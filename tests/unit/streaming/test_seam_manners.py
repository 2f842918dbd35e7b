"""Texts of every kind, cut at each place, and gone on with in each manner that a model has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tui_chat.streaming.seam import Seam, anchor_of

TEXTS = {
    "prose": "The Nile is long. It flows north, through eleven countries, and ends in the sea. "
    "Is that all? No: the Yangtze is third; e.g. 6,300 km (see Fig. 2). The Nile is long, and so is the "
    "list of those who went up the river. The end.",
    "yaml": "a:\n  b: 1\n  c:\n    - x\n    - x\n    - y\nd:\n  b: 1\n  c:\n    - x\n",
    "json": '{\n  "a": [\n    1,\n    1,\n    1\n  ],\n  "b": {\n    "c": null,\n    "c2": null\n  }\n}\n',
    "ones": "111111111111",
    "numbers": "Pi is 3.14159265358979323846 and so on. 1000000 is 1,000,000 or 10^6; "
    "111111111111 and 0.333333333333. 1.\n2.\n",
    "laughter": "ha ha ha ha ha",
    "laughing": "He laughed: ha ha ha ha ha ha! She laughed: ha ha ha. No no no no, they said. Very very very good.",
    "cjk": "尼罗河是世界上最长的河流之一。它向北流,经过十一个国家,"
    "最后流入地中海。それは東へ流れます。한강은 서울을 지나 흐른다.",
    "emoji": "Family: 👨\u200d👩\u200d👧\u200d👦 and 👩🏽\u200d🚀 in 🏳️\u200d🌈 "
    "land 🇩🇪🇫🇷. "
    "👍🏿👍🏿👍🏿 and 😀😀😀😀. Then e\u0301 a\u0300 and ❤️ done ✅.",
    "code": "Here is code:\n\n```python\ndef add(a, b):\n    return a + b\n\n\n"
    "def sub(a, b):\n    return a - b\n```\n\nDone.",
    "lines": "```js\nfor (let i = 0; i < 3; i++) {\n  console.log(i);\n  console.log(i);\n}\n"
    "for (let i = 0; i < 3; i++) {\n  console.log(i);\n}\n```\n",
    "table": "| Name | Size |\n|------|------|\n| ant  | 1 mm |\n| cat  | 4 dm, furry |\n"
    "| cat  | 4 dm, furry |\n\nThat is it.",
    "rtl": "مرحبا بالعالم. هذا نص عربي. שלום עולם. ข้อความภาษาไทยไม่มีช่องว่าง และต่อไป.",
    "list": "Steps:\n\n1. Open the box\n2. Open the bag\n   - take one\n   - take one\n3. Close it\n\n* a\n* a\n* b\n",
}
REMARKS = ("Sure, continuing:\n\n", "I'll continue from exactly there.\n\n", "Sure! ", "...", "\n", "好的,继续:\n\n")
ANSWERS = ("I'm sorry, but I can't help with that.", "Bananas are yellow and grow in bunches.")


def joined(before: str, more: str) -> tuple[str, bool]:
    """Return the whole, and whether the seam is a guess."""
    seam = Seam(before)
    return before + seam.feed(more) + seam.flush(), seam.guessed


def squeezed(text: str) -> str:
    return "".join(text.split())


def check(text: str, before: str, more: str) -> None:
    """Check that it is the text again; or nothing says what is right, the seam says so, and nothing is eaten."""
    whole, guessed = joined(before, more)
    if whole != text:
        assert squeezed(whole) == squeezed(text) or (guessed and squeezed(whole) == squeezed(before + more)), more[:60]


def cuts(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield, for each place, what came, that up to its last visible character, and the rest after that."""
    for cut in range(1, len(text)):
        if begun := text[:cut].rstrip():
            yield text[:cut], begun, text[len(begun) :]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_cut_at_any_place_is_joined_or_the_seam_is_marked_and_nothing_eaten(text: str) -> None:
    for before, begun, rest in cuts(text):
        anchor = anchor_of(begun)
        if text in (TEXTS["ones"], TEXTS["laughter"]):  # what is nothing but a pattern has no anchor
            check(text, before, anchor + rest)
        else:
            assert joined(before, anchor + rest) == (text, False)
        for remark in REMARKS if len(begun) > 1 else ():
            check(text, before, remark + anchor + rest)
        for size in range(20 + len(before) % 5, 61, 5):  # each, though not at every place
            check(text, before, begun[-size:] + rest)
        for again in (begun[-300:], begun[begun.rfind("\n") + 1 :]):
            check(text, before, again + rest)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_model_that_repeats_nothing_loses_nothing(text: str) -> None:
    for before, _, rest in cuts(text):
        assert joined(before, rest)[0] == text


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("answer", ANSWERS)
def test_another_answer_is_kept_whole_and_nothing_stays_nothing(answer: str, text: str) -> None:
    for before, _, _ in cuts(text):
        assert joined(before, "") == (before, False)
        whole, guessed = joined(before, answer)
        assert squeezed(whole) == squeezed(before + answer)
        assert guessed
