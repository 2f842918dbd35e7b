"""The text that a selection copies, and the one that a double click takes."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Offset
from textual.selection import SELECT_ALL, Selection

from tui_chat.chat.parts import TextPart, ThinkingPart, ToolCallPart, ToolResultPart
from tui_chat.rendering import Look
from tui_chat.ui.messages.highlights import marked
from tui_chat.ui.messages.message_sections import HeaderSection
from tui_chat.ui.messages.prompt_section import PromptSection
from tui_chat.ui.messages.reply_sections import ReplySections
from tui_chat.ui.messages.section_stack import SectionStack
from tui_chat.ui.messages.sections import MessageStyles
from tui_chat.ui.messages.text_selection import paragraph_at, selected_source, word_around, word_at


@pytest.mark.parametrize(
    ("text", "x", "word"),
    [("one two", 4, "two"), ("one two", 2, "one"), ("a.b", 1, "."), ("héllo", 1, "héllo"), ("", 0, "")],
)
def test_a_double_click_takes_the_word_under_it(text: str, x: int, word: str) -> None:
    start, end = word_around(text, x)
    assert text[start:end] == word


@pytest.mark.parametrize(
    ("span", "chosen"), [((0, 3), "one"), ((2, 5), "e t"), ((4, -1), "two"), ((0, 0), ""), ((9, 12), "")]
)
def test_the_selected_characters_alone_are_marked(span: tuple[int, int], chosen: str) -> None:
    style = Style(reverse=True)
    segments = marked([Segment("one "), Segment("two")], span, style)
    assert "".join(segment.text for segment in segments) == "one two"
    assert "".join(segment.text for segment in segments if segment.style == style) == chosen


PLAIN = Style()
PALETTE = MessageStyles(*[PLAIN] * 9)
LOOK = Look.default(dark=True)
REPLY = "Some **bold** text.\n\n- [link](https://example.com) in a list\n\n```python\nprint(1)\n```\n\n漢字 word"
PROMPT = "first line that is rather long\n\tindented\n\nlast"


def reply_stack(width: int = 40) -> SectionStack:
    sections = ReplySections(SectionStack(), show_thinking=True)
    parts = (ThinkingPart("I *think* so.\n\nI do.", duration_ms=12_000.0), TextPart(REPLY))
    header = HeaderSection(width, PALETTE, "Claude")
    header.meta, header.actions = "some model", (("esc", "stop", "screen.stop"),)
    sections.lay(header, parts, width, LOOK, PALETTE)
    sections.end(parts)
    sections.toggle_folds()
    sections.stack.advance(lambda: True)
    return sections.stack


def test_an_unfolded_call_is_copied_without_the_line_at_the_side_of_its_result() -> None:
    sections = ReplySections(SectionStack(), show_thinking=True)
    call = ToolCallPart("1", "sky__wind", '{"city": "Oslo"}')
    parts = (call, ToolResultPart("1", "Some **wind**.\n\n- 3\n- 5"), TextPart("So."))
    sections.lay(HeaderSection(40, PALETTE, "Claude"), parts, 40, LOOK, PALETTE)
    sections.end(parts)
    sections.toggle_folds()
    sections.stack.advance(lambda: True)
    said = [
        "▾ ⚙ sky:wind · ok · 23 B",
        "  {",
        '    "city": "Oslo"',
        "  }",
        "",
        "Some **wind**.",
        "",
        "- 3",
        "- 5",
        "",
        "So.",
    ]
    assert selected_source(sections.stack, SELECT_ALL).splitlines()[2:] == said
    assert selected_source(sections.stack, Selection(Offset(2, 6), Offset(6, 6))) == "Some"


def prompt_stack(text: str = PROMPT, width: int = 20) -> SectionStack:
    stack = SectionStack(spaced_header=False)
    stack.add(HeaderSection(width, PALETTE, "You"))
    stack.add(PromptSection(width, LOOK, PALETTE, text))
    return stack


def lines_of(stack: SectionStack) -> list[str]:
    return ["".join(segment.text for segment in stack.line(y)) for y in range(stack.height)]


def place(stack: SectionStack, text: str, *, after: bool = False) -> Offset:
    """Return the place where a text begins or ends on the screen."""
    y, line = next((y, line) for y, line in enumerate(lines_of(stack)) if text in line)
    return Offset(line.index(text) + len(text) * after, y)


@pytest.mark.parametrize(
    ("first", "last", "source"),
    [
        ("bold", "bold", "bold"),
        ("Some", "bold", "Some **bold**"),
        ("link", "link", "link"),
        ("link", ")", "link](https://example.com)"),
        ("Some", "text.", "Some **bold** text."),
        ("text.", "list", "text.\n\n- [link](https://example.com) in a list"),
        ("think", "do.", "think* so.\n\nI do."),
        ("Claude", "Thought", "Claude\n\n▾ Thought"),
        ("Thought", "Some", "Thought for 12 s · 5 words\n\nI *think* so.\n\nI do.\n\nSome"),
        ("print", "print(1)", "print(1)"),
    ],
)
def test_what_is_copied_of_a_reply_is_its_source(first: str, last: str, source: str) -> None:
    stack = reply_stack()
    selection = Selection(place(stack, first), place(stack, last, after=True))
    assert selected_source(stack, selection) == source


def test_what_is_copied_of_a_whole_message_is_all_of_its_source() -> None:
    assert selected_source(reply_stack(), SELECT_ALL).endswith(f"\n\n{REPLY}")
    assert selected_source(prompt_stack(), SELECT_ALL) == f"You\n{PROMPT}"
    long = "\n".join(f"line {number}" for number in range(99))
    assert selected_source(prompt_stack(long), SELECT_ALL) == f"You\n{long}", "what is folded away is selected too"


def test_a_long_prompt_shows_how_it_ends_and_what_is_copied_from_there_is_its_source() -> None:
    long = "\n".join(f"line {number}" for number in range(99)) + "\n\nWhat does\tthis mean?"
    stack = prompt_stack(long)
    assert lines_of(stack)[-5::2] == ["line 19", "", "mean?"]
    selection = Selection(place(stack, "line 19"), place(stack, "does", after=True))
    assert selected_source(stack, selection) == "line 19\n" + long.partition("line 19\n")[2].partition("\tthis")[0]
    selection = Selection(place(stack, "this"), place(stack, "mean", after=True))
    assert selected_source(stack, selection) == "this mean"
    selection = Selection(place(stack, "line 19"), place(stack, "▸ 8", after=True))
    assert selected_source(stack, selection).startswith("line 19\nline 20\n")


def test_a_wrapped_prompt_is_copied_as_it_was_typed() -> None:
    stack = prompt_stack()
    assert lines_of(stack)[1:4] == ["first line that is", "rather long", "    indented"]
    selection = Selection(place(stack, "line"), place(stack, "dented", after=True))
    assert selected_source(stack, selection) == "line that is rather long\n\tindented"


@pytest.mark.parametrize(
    ("at", "source"),
    [("bold", "Some **bold** text."), ("print", "```python\nprint(1)\n```"), ("I do", "I do."), ("Claude", "Claude")],
)
def test_a_triple_click_takes_the_paragraph_under_it(at: str, source: str) -> None:
    stack = reply_stack()
    chosen = paragraph_at(stack, place(stack, at).y)
    assert chosen is not None
    assert selected_source(stack, chosen).rstrip("\n") == source
    assert paragraph_at(stack, place(stack, "Some").y - 1) is None, "the blank line above belongs to nothing"


def test_a_double_click_takes_the_word_under_it_behind_wide_characters_too() -> None:
    stack = reply_stack()
    y = place(stack, "漢字").y
    assert selected_source(stack, word_at(stack, 6, y)) == "word"
    assert selected_source(stack, word_at(stack, 3, y)) == "漢字"
