"""Each construct of Markdown, as it is shown."""

from __future__ import annotations

import pytest
from rich.style import Style

from tui_chat.rendering import Look
from tui_chat.rendering.document import Document

LOOK = Look.default(dark=True)


def shown(text: str, width: int = 40, look: Look = LOOK) -> list[str]:
    document = Document(width, look)
    document.append(text)
    document.finish()
    return [document.line(y).text.rstrip() for y in range(document.height)]


def style_of(text: str, part: str) -> Style:
    document = Document(60, LOOK)
    document.append(text)
    document.finish()
    segments = [segment for y in range(document.height) for segment in document.line(y).segments]
    return next(segment.style or Style() for segment in segments if segment.text.strip() == part)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one\n\ntwo", ["one", "", "two"]),
        ("Roses are red,\nviolets are blue.", ["Roses are red,", "violets are blue."]),
        ("# One\n\n## Two\ntext", ["One", "─" * 40, "", "Two", "", "text"]),
        ("Title\n=====\ntext", ["Title", "─" * 40, "", "text"]),
        ("a **b** *c* ~~d~~ `e`", ["a b c d e"]),
        ("- a\n- b\n  - c\n    1. d", [" • a", " • b", "    ◦ c", "       1. d"]),
        ("- a\n\n- b", [" • a", "", " • b"]),
        ("9. a\n10. b", [" 9. a", "10. b"]),
        ("3) a\n3) b", [" 3) a", " 4) b"]),
        ("- [ ] a\n- [x] b", [" ☐ a", " ☑ b"]),
        ("-\n- b", [" •", " • b"]),
        ("text\n- a", ["text", "", " • a"]),
        ("> a\n>\n> b\n>> c", ["▎ a", "▎", "▎ b", "▎", "▎ ▎ c"]),
        ("> [!NOTE]\n> **a**\n\n> [!note] a\n\n> [!x]", ["▎ Note", "▎ a", "", "▎ [!note] a", "", "▎ [!x]"]),
        ("> [!TIP]\n>\n> a", ["▎ Tip", "▎", "▎ a"]),
        ("> - a\n>   b", ["▎  • a", "▎    b"]),
        ("a\n\n---\n\nb", ["a", "", "─" * 40, "", "b"]),
        ("```py\nx = 1\n```", [" py", " x = 1"]),
        ("```js title=a.js\nx\n```", [" js title=a.js", " x"]),
        ("```\nx\n\ny", ["", " x", "", " y"]),
        ("    x\n\n    y", [" x", "", " y"]),
        ("```\n\tx\n```", ["", "     x"]),
        ("1. a\n\n   ```\n   x\n   ```\n2. b", [" 1. a", "", "", "     x", "", " 2. b"]),
        ("[a](http://b.c) d", ["a (http://b.c) d"]),
        ("[http://b.c](http://b.c)", ["http://b.c"]),
        ("[a](/b) [c](javascript:d)", ["a (/b) [c](javascript:d)"]),
        ("see http://a.b/c_d_e, or (https://f.g).", ["see http://a.b/c_d_e, or (https://f.g)."]),
        ("<http://a.b> <a@b.c>", ["http://a.b a@b.c"]),
        ("[a][b]\n\n[b]: http://c.d", ["a (http://c.d)"]),
        ("![a *b*](http://c.d)", ["▣ a b (http://c.d)"]),
        ("a[^1] b[^n]\n\n[^1]: one\n[^n]: two", ["a¹ b[n]", "", "¹ one", "", "[n] two"]),
        ("a[^1] b[^n]", ["a[^1] b[^n]"]),
        ("a<br>b <i>c</i>", ["a", "b <i>c</i>"]),
        ("<div>\n  <p>a</p>\n</div>", ["<div>", "\u00a0\u00a0<p>a</p>", "</div>"]),
        ("\\(x^2 \\leq 3\\) costs $5 or $6", ["x² ≤ 3 costs $5 or $6"]),
        ("$$\na\n+ b\n$$\nc", ["a", "+ b", "", "c"]),
        ("&lt;b&gt; &amp;&nbsp;&#27;[1m", ["<b> &\u00a0�[1m"]),
        ("漢字かな交じり文。" * 3, ["漢字かな交じり文。漢字かな交じり文。漢字", "かな交じり文。"]),
    ],
)
def test_it_is_shown_like_this(text: str, lines: list[str]) -> None:
    assert shown(text) == lines


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("| a | bb |\n|---|---:|\n| ccc | d |", 40, ["a   │ bb", "────┼───", "ccc │  d"]),
        ("| a | b |\n|:-:|---|\n| ccc |", 40, [" a  │ b", "────┼──", "ccc │"]),
        ("a | b\n--|--\nc | d | e\ntext", 40, ["a    │ b", "─────┼──────", "c    │ d | e", "text │"]),
        ("| a | b |\n|---|---|\n| `x\\|y` | **z** |", 40, ["a   │ b", "────┼──", "x|y │ z"]),
        (
            "| a | b |\n|---|---|\n| one two three | c |\n| d | e |",
            12,
            ["a        │ b", "─────────┼──", "one two  │ c", "three    │", "┈┈┈┈┈┈┈┈┈┼┈┈", "d        │ e"],
        ),
        ("| a | b | c |\n|---|---|---|\n| x | y | z |", 8, ["a · b ·", "c", "a: x", "b: y", "c: z", ""]),
    ],
)
def test_a_table_is_shown_like_this(text: str, width: int, lines: list[str]) -> None:
    assert shown(text, width) == lines


def test_plain_glyphs_are_ascii() -> None:
    text = "# a\n\n- b\n  - c\n\n> d\n\n| e | f |\n|---|---|\n| g | h |\n\n```\n" + "i" * 50 + "\n```\n\n- [x] j\n\n---"
    look = Look.from_colours(foreground="#fff", background="#000", primary="blue", ascii=True, ansi=True)
    assert all(line.isascii() for line in shown(text, look=look))


def test_a_long_line_of_code_goes_on_below() -> None:
    assert shown("```\n" + "x" * 50 + "\n```") == ["", " " + "x" * 38, "↪" + "x" * 12]


def test_lines_of_code_are_numbered_if_asked() -> None:
    look = Look.from_colours(foreground="#fff", background="#000", primary="#00f", line_numbers=True)
    assert shown("```\na\nb\n```", look=look) == ["", "  1 a", "  2 b"]


def test_a_hint_stands_at_the_end_of_a_code_blocks_label() -> None:
    look = Look.from_colours(foreground="#fff", background="#000", primary="#00f", copy_hint="copy")
    assert shown("```py\na\n```", 20, look)[0] == " py            copy"


def test_code_has_a_ground_of_its_own_over_the_whole_width() -> None:
    document = Document(40, LOOK)
    document.append("text\n\n```\nx\n```")
    document.finish()
    assert [document.line(y).cells for y in range(document.height)] == [4, 0, 40, 40]
    assert all(segment.style and segment.style.bgcolor for segment in document.line(3).segments)


def test_marks_are_styles() -> None:
    assert style_of("a **b** c", "b").bold
    assert style_of("a *b* c", "b").italic
    assert style_of("a ~~b~~ c", "b").strike
    assert style_of("a ***b*** c", "b").bold
    assert style_of("a ***b*** c", "b").italic


def test_only_addresses_of_the_web_and_of_mail_are_links() -> None:
    assert style_of("[a](https://b.c/ä) d", "a").link == "https://b.c/%C3%A4"
    assert style_of("[a](mailto:b@c.d) d", "a").link == "mailto:b@c.d"
    assert style_of("[a](ftp://b.c) d", "a").link is None
    assert style_of("[a](/b) d", "a").link is None


def test_a_look_may_do_without_hyperlinks() -> None:
    look = Look.from_colours(foreground="#fff", background="#000", primary="#00f", hyperlinks=False)
    document = Document(40, look)
    document.append("[a](https://b.c)")
    assert not any(segment.style and segment.style.link for segment in document.line(0).segments)


def test_code_blocks_are_known_by_their_language_text_and_lines() -> None:
    document = Document(40, LOOK)
    document.append("a\n\n```py title\n\tx\n\ny\n```\n\n    z\n")
    document.finish()
    assert [tuple(block)[:3] for block in document.code_blocks] == [("py", "\tx\n\ny", 2), ("", "z", 7)]


def test_a_margin_never_takes_more_than_half_of_the_width() -> None:
    lines = shown("> " * 20 + "word", 20)
    assert lines == ["▎ " * 5 + "word"]


def test_a_reply_that_is_continued_grows_on() -> None:
    document = Document(40, LOOK)
    document.append("```py\nx = 1")
    document.finish()
    document.append("2\n```\ndone")
    document.finish()
    assert [document.line(y).text.rstrip() for y in range(document.height)] == [" py", " x = 12", "", "done"]
