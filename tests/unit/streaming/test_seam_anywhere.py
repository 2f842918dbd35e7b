"""A reply cut at any place and continued in every way that a model may choose is the reply again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.streaming.test_seam import spliced
from tui_chat.demo import script_for
from tui_chat.streaming.seam import ANCHOR, SURE, anchor_of

STEP = 17
"""Not every place is tried every time; it is prime to the length of lines, so that all kinds of places are."""
REPETITIVE = """\
It is very, very good, and no no no.

```js
foo();
foo();
foo();
bar(1);
bar(1);
    }
  }
}
```

| a | b | c |
| --- | --- | --- |
| 1 | 1 | yes |
| 1 | 1 | yes |
| yes | yes | yes |

---

- yes
- yes
- no

    indented code
    indented code

==========
----------
"""
VARIED = """\
# 今天的天气

今天天气很好,我们去公园散步吧。日本語の文章もここにあります。한국어 문장도 있습니다.

| 名前 | 値 |
| --- | --- |
| りんご | 100 |
| みかん | 100 |

Families: 👨‍👩‍👧‍👦 and 👩🏽‍💻, flags 🇩🇪🇫🇷, hearts ❤️❤️❤️.
Visit [the **docs**](https://example.com/a_b?c=d#frag) or `foo --bar=baz`.

1. First do it.
2. Then:

   ```python
   def f(x):
       if x:
           return 1

       return 2


   x = f(1)
   ```

> quote one
> quote two

~~~
tilde
~~~

The end. The end is near.
"""
PROMPTS = ("Some SQL", "a table", "lists", "json", "golang code", "python", "a poem", "maths")
TEXTS = {"repetitive": REPETITIVE, "varied": VARIED} | {prompt: script_for(prompt) for prompt in PROMPTS}

Way = Callable[[str, int], str | None]
"""Gives a model's continuation of a text cut at a place; None where it cannot go on in this way."""


def at_its_word(text: str, cut: int) -> str:
    """It is asked with the text as far as its last visible character."""
    return text[len(text[:cut].rstrip()) :]


def as_asked(text: str, cut: int) -> str:
    begun = text[:cut].rstrip()
    return text[len(begun) - len(anchor_of(begun)) :]


def with_other_spaces(text: str, cut: int) -> str:
    rest = at_its_word(text, cut)
    return re.sub(r"\s+", " ", as_asked(text, cut).removesuffix(rest)) + rest


def with_a_capital(text: str, cut: int) -> str:
    said = as_asked(text, cut)
    return said[0].upper() + said[1:]


def after_a_space(text: str, cut: int) -> str:
    return " " + as_asked(text, cut)


def after_dots(text: str, cut: int) -> str:
    return "..." + as_asked(text, cut)


def after_a_remark(text: str, cut: int) -> str:
    return "Continuing from where I left off:\n\n" + as_asked(text, cut)


def starting_over(text: str, cut: int) -> str:
    return text


def in_a_block_of_its_own(text: str, cut: int) -> str | None:
    fence = fence_at(text, cut)
    if fence is None or text.startswith("\n", cut) or len(text) - len(as_asked(text, cut)) < fence.end():
        return None
    return f"{fence[1]}\n{as_asked(text, cut)}"


def with_the_block_from_its_fence(text: str, cut: int) -> str | None:
    fence = fence_at(text, cut)
    return text[fence.start() :] if fence is not None and cut - fence.start() > ANCHOR else None


def with_the_table_from_its_head(text: str, cut: int) -> str | None:
    rows = table_at(text, cut)
    return text[rows[0].start() :] if len(rows) > 1 and cut - rows[0].start() > ANCHOR else None


def with_all_of_the_tail(text: str, cut: int) -> str:
    begun = text[:cut].rstrip()
    return begun[-300:] + text[len(begun) :]


def with_the_line_again(text: str, cut: int) -> str | None:
    begun = text[:cut].rstrip()
    line = begun[begun.rfind("\n") + 1 :]
    says = len(line) >= SURE and re.search(r"\w", line) and text is not REPETITIVE
    return line + text[len(begun) :] if says else None


WAYS: Mapping[str, Way] = {
    way.__name__: way
    for way in (
        at_its_word,
        as_asked,
        with_other_spaces,
        with_a_capital,
        after_a_space,
        after_dots,
        after_a_remark,
        starting_over,
        in_a_block_of_its_own,
        with_the_block_from_its_fence,
        with_the_table_from_its_head,
        with_all_of_the_tail,
        with_the_line_again,
    )
}


def fence_at(text: str, cut: int) -> re.Match[str] | None:
    """Return the line that opens the code block in which the cut is."""
    fences = list(re.finditer(r"^ *((?:```|~~~)\w*)\n", text[:cut], re.MULTILINE))
    return fences[-1] if len(fences) % 2 else None


def table_at(text: str, cut: int) -> list[re.Match[str]]:
    """Return the rows of the table in which the cut is."""
    begin = text.rfind("\n\n", 0, cut) + 2
    rows = list(re.finditer(r"\|.*\n?", text[begin:cut].rstrip()))
    if not text[begin:].startswith("|") or not rows:
        return []
    return [row for row in re.finditer(r"^\|.*\n?", text[:cut].rstrip(), re.MULTILINE) if row.start() >= begin]


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_text_cut_anywhere_is_joined(way: Way) -> None:
    for text in TEXTS.values():
        for cut in range(ANCHOR, len(text), STEP):
            more = way(text, cut)
            if more:
                assert spliced(text[:cut], more, len(more)) == text, (text[:cut][-60:], more[:60])


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_the_text_itself_repeats_is_never_eaten(text: str) -> None:
    for cut in range(2, len(text), 3):
        before = text[:cut]
        if before[-1] == "#" == text[cut]:
            continue  # a heading's mark comes in one piece
        more = at_its_word(text, cut)
        assert spliced(before, more, len(more)) == text, (before[-60:], more[:60])


@given(st.sampled_from(sorted(WAYS)), st.sampled_from(sorted(TEXTS)), st.integers(ANCHOR, 400), st.integers(1, 9))
def test_it_does_not_matter_in_what_pieces_it_comes(way: str, text: str, cut: int, step: int) -> None:
    more = WAYS[way](TEXTS[text], cut)
    if more:
        assert spliced(TEXTS[text][:cut], more, step) == spliced(TEXTS[text][:cut], more, len(more))


def test_a_model_is_asked_to_begin_with_words_that_stand_only_once() -> None:
    for text in TEXTS.values():
        for cut in range(1, len(text), STEP):
            anchor = anchor_of(text[:cut])
            assert text[:cut].endswith(anchor)
            assert len(anchor) >= ANCHOR or anchor == text[:cut].lstrip()
            assert text[:cut].count(anchor) == 1


@pytest.mark.parametrize(
    ("text", "anchor"),
    [
        ("The quick brown fox jumps over the lazy dog, and (so) on", "fox jumps over the lazy dog, and (so) on"),
        ("The quick brown fox jumps over the dogs, and (so) on", "brown fox jumps over the dogs, and (so) on"),
        ("a" * 60 + "b" * 60, "a" * 60 + "b" * 60),
        ("河" * 30 + "流" * 39, "河" + "流" * 39),
    ],
)
def test_they_begin_with_a_word_or_a_character_of_a_script_without_spaces(text: str, anchor: str) -> None:
    assert anchor_of(text) == anchor
