"""Streamed and reopened text are the same lines; nothing overflows, nothing escapes, nothing raises."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.demo import script_for
from tui_chat.rendering import Look
from tui_chat.rendering.document import Document

LOOK = Look.default(dark=True)
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
CORPUS = json.loads((Path(__file__).parents[2] / "data" / "hostile.json").read_text())
PIECES = (
    "word ",
    "one two three ",
    "**bold** ",
    "**",
    "*",
    "_",
    "`code` ",
    "`",
    "```",
    "```python\n",
    "~~~\n",
    "x = 1\n",
    "# Head\n",
    "## ",
    "- item\n",
    "  - nested\n",
    "1. first\n",
    "- [ ] task\n",
    "- [x] done\n",
    "> quote\n",
    "> ",
    "| a | b |\n| - | -: |\n",
    "| 1 | 2 |\n",
    "| half",
    "---\n",
    "===\n",
    "[link](http://example.com) ",
    "[ref]",
    "[ref]: http://example.com\n",
    "[^1]",
    "[^1]: note\n",
    "![image](http://example.com/a.png)",
    "<b>html</b> ",
    "<!-- ",
    "-->",
    "&amp; ",
    "&#27;",
    "\\(x^2\\) ",
    "$$\n",
    "日本語",
    "> [!NOTE]\n> ",
    "👩‍👩‍👧",
    "שלום ",
    "é",
    "\n",
    "\n\n",
    "\t",
    "\r\n",
    "    indented\n",
    "\\",
    "http://example.com ",
    "a" * 90,
    "\x1b[31m",
    "😀",
)
texts = st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=120)
widths = st.sampled_from([1, 2, 7, 20, 41, 80])


def lines_of(document: Document) -> list[object]:
    return [document.line(y).segments for y in range(document.height)]


def sources_of(document: Document) -> list[str]:
    """Return what each paragraph is copied as."""
    places = sorted({document.paragraph_at(y) for y in range(document.height)})
    return [document.source_between((first, 0), (last, len(document.line(last).text))) for first, last in places]


def fresh(text: str, width: int) -> Document:
    document = Document(width, LOOK)
    document.append(text)
    document.finish()
    return document


def streamed(text: str, width: int, step: int) -> Document:
    """Comes in pieces, and is drawn after each, as on the screen."""
    document = Document(width, LOOK)
    for at in range(0, len(text), step):
        document.append(text[at : at + step])
        for y in range(document.take_changed(), document.height):
            document.line(y)
    document.finish()
    return document


@given(texts, widths, st.integers(1, 9))
def test_the_streamed_text_and_the_reopened_text_are_the_same(text: str, width: int, step: int) -> None:
    came, reopened = streamed(text, width, step), fresh(text, width)
    assert lines_of(came) == lines_of(reopened)
    assert sources_of(came) == sources_of(reopened)


@given(texts, widths)
def test_no_line_is_wider_than_asked_and_no_control_byte_gets_through(text: str, width: int) -> None:
    for segments in (document.line(y).segments for document in [fresh(text, width)] for y in range(document.height)):
        assert sum(segment.cell_length for segment in segments) <= width
        assert not any(CONTROL.search(segment.text) for segment in segments)


@given(texts, st.integers(0, 200), widths, widths)
def test_a_resize_and_another_look_in_mid_stream_leave_no_trace(text: str, cut: int, before: int, after: int) -> None:
    document = Document(before, Look.default(dark=False))
    document.append(text[:cut])
    lines_of(document)
    document.resize(after)
    document.restyle(LOOK)
    document.append(text[cut:])
    document.finish()
    assert lines_of(document) == lines_of(fresh(text, after))


@given(texts, widths, st.integers(1, 30))
def test_lines_above_the_first_changed_one_are_as_they_were(text: str, width: int, step: int) -> None:
    document, before = Document(width, LOOK), list[object]()
    for at in range(0, len(text), step):
        document.append(text[at : at + step])
        first = document.take_changed()
        now = [document.line(y).segments for y in range(document.height)]
        assert now[:first] == before[:first]
        reopened = Document(width, LOOK)
        reopened.append(text[: at + step])
        assert now == lines_of(reopened)
        before = list(now)


@pytest.mark.parametrize(
    ("prompt", "width", "step"),
    [
        *((prompt, 40, 17) for prompt in ("rust", "python", "a plan", "something long", "json")),
        *((prompt, 76, 3) for prompt in ("a table", "maths", "hello")),
    ],
)
def test_a_real_reply_looks_the_same_however_it_came(prompt: str, width: int, step: int) -> None:
    text = script_for(prompt)
    assert lines_of(streamed(text, width, step)) == lines_of(fresh(text, width))


def test_hostile_text_is_harmless_and_readable() -> None:
    for case in CORPUS:
        document = fresh(case["text"], 60)
        shown = "\n".join(document.line(y).text for y in range(document.height))
        assert case["visible"] in shown, case["name"]
        assert not any(forbidden in shown for forbidden in case["forbidden"]), case["name"]
        assert not CONTROL.search(shown.replace("\n", "")), case["name"]


@pytest.mark.parametrize(
    "text",
    [
        "[t](http://a.b/\x1bPx\x1b\\) [u](<http://a.b/\x1b]0;x\x07>) <http://a.b/&#27;x> ![i](http://a.b/&#x9b;2J)",
        "&#x9b;31m &#27;[2J &#155; &#0; &#x202e; &zwj; &ZeroWidthSpace; &#xd800; &#xFFFE; &#173;",
        "```py\x1b[2J\nx\n```\n\n```&#27;[2J\ny\n```\n\n~~~ \x1bPq\x1b\\\nz\n~~~",
        "x[^\x1b]0;] <b \x1b[2J>y</b> <!-- \x9b2J --> $\x1b[2J$ \\(\x9b\\)\n\n[^\x1b]0;]: note",
        "| \x1b[2J | \u202e |\n| - | - |\n| \u2028 | &#27;c |\n\n- [ ] \x85\n\n> \x07\n\n# \x9d0;x\x9c",
        "[a](javascript:x) [b](file:///etc/passwd) [c](data:text/html,x) [d](JaVaScRiPt:x) [e](http://a.b/é;\x01)",
    ],
)
def test_no_part_of_markdown_brings_a_control_byte_or_an_unsafe_link(text: str) -> None:
    document = fresh(text, 60)
    segments = [segment for y in range(document.height) for segment in document.line(y).segments]
    assert not any(CONTROL.search(segment.text) for segment in segments)
    links = {segment.style.link for segment in segments if segment.style and segment.style.link}
    assert all(re.fullmatch(r"(https?://|mailto:)[!-~]+", link) for link in links)


def test_hundreds_of_footnotes_do_not_have_a_text_read_again_for_each() -> None:
    signs, notes = (" ".join(f"x[^{n}]" for n in range(900)), "\n".join(f"[^{n}]: note {n}" for n in range(900)))
    document = fresh(f"{signs}\n\n{notes}", 80)
    assert document.line(document.height - 1).text == "⁸⁹⁹ note 899"


@pytest.mark.parametrize(
    "text",
    ["> " * 500 + "deep", "- " * 500 + "deep", "*" * 10_000, "[" * 10_000, "<" * 10_000, "`" * 9_999, "x" * 200_000],
    ids=["quotes", "lists", "stars", "brackets", "angles", "backticks", "one long word"],
)
def test_extremes_are_shown(text: str) -> None:
    document = fresh(text, 80)
    assert document.height > 0
    assert document.line(document.height - 1).cells <= 80
