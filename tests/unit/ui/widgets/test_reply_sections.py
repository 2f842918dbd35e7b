"""The sections of a reply while it comes, laid half-way, and as they are when it is opened again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from rich.style import Style

from tui_chat.chat.accumulator import ReplyAccumulator
from tui_chat.chat.events import (
    BlockStart,
    BlockStop,
    CitationsDelta,
    InputJsonDelta,
    MessageStart,
    SignatureDelta,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
    ToolAnswered,
)
from tui_chat.chat.parts import Part, TextPart, ThinkingPart, ToolCallPart, ToolResultPart, readable_parts
from tui_chat.rendering import Look
from tui_chat.rendering.document import Document
from tui_chat.ui.messages.message_sections import HeaderSection
from tui_chat.ui.messages.reply_sections import ReplySections
from tui_chat.ui.messages.section_stack import SectionStack
from tui_chat.ui.messages.sections import MessageStyles
from tui_chat.ui.messages.thinking_section import ThinkingSection

PLAIN = Style()
PALETTE = MessageStyles(*[PLAIN] * 9)
LOOK = Look.default(dark=True)

REPLY: list[StreamEvent] = [
    MessageStart(),
    BlockStart(0, "thinking"),
    ThinkingDelta(0, "Let me th"),
    ThinkingDelta(0, "ink of it."),
    BlockStop(0),
    BlockStart(1, "text"),
    TextDelta(1, "I look "),
    TextDelta(1, "it up."),
    BlockStop(1),
    BlockStart(2, "tool_use", {"name": "look"}),
    InputJsonDelta(2, '{"at": '),
    InputJsonDelta(2, '"this"}'),
    BlockStop(2),
    BlockStart(3, "tool_use", {"name": "look again"}),
    InputJsonDelta(3, "{}"),
    BlockStop(3),
    BlockStart(4, "text"),
    TextDelta(4, "So it is."),
    BlockStop(4),
]


class Clock:
    """A clock that a test sets."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def laid(parts: tuple[Part, ...] = (), *, live: bool = False) -> ReplySections:
    sections = ReplySections(SectionStack(), show_thinking=True)
    sections.lay(HeaderSection(40, PALETTE, "Claude"), parts, 40, LOOK, PALETTE, live=live)
    return sections


def shown(sections: ReplySections) -> str:
    stack = sections.stack
    stack.advance(lambda: True)
    return "\n".join("".join(segment.text for segment in stack.line(y)) for y in range(stack.height))


def parts_of(events: Sequence[StreamEvent], base: tuple[Part, ...] = ()) -> tuple[Part, ...]:
    return ReplyAccumulator(base).extend(events).parts


def reopened(parts: tuple[Part, ...]) -> str:
    sections = laid(parts)
    sections.end(parts)
    return shown(sections)


@pytest.mark.parametrize("live", [False, True])
@pytest.mark.parametrize("seen", range(len(REPLY) + 1))
def test_a_reply_looks_the_same_streamed_laid_half_way_and_reopened(seen: int, live: bool) -> None:
    sections = laid(parts_of(REPLY[:seen]), live=live)
    for event in REPLY[seen:]:
        sections.take(event)
    sections.end(parts_of(REPLY))
    assert shown(sections) == reopened(parts_of(REPLY))


def test_a_reply_that_goes_on_joins_the_text_it_ends_in() -> None:
    base = (TextPart("It was a d"),)
    rest: list[StreamEvent] = [MessageStart(), BlockStart(0, "text"), TextDelta(0, "ark night.")]
    sections = laid(base)
    for event in rest:
        sections.take(event)
    sections.end(parts_of(rest, base))
    assert shown(sections) == reopened(parts_of(rest, base)) == "Claude\n\nIt was a dark night."


CITED: list[StreamEvent] = [
    MessageStart(),
    BlockStart(0, "text"),
    TextDelta(0, "The sky is "),
    BlockStop(0),
    BlockStart(1, "text"),
    CitationsDelta(1, {"title": "Skies"}),
    TextDelta(1, "blue by **day"),
    BlockStop(1),
    BlockStart(2, "text"),
    TextDelta(2, "** and black by night."),
    BlockStart(3, "server_tool_result"),
    BlockStart(4, "text"),
    TextDelta(4, "Next."),
]


@pytest.mark.parametrize("seen", range(len(CITED)))
def test_texts_that_follow_each_other_are_one(seen: int) -> None:
    sections = laid(parts_of(CITED[:seen]))
    for event in CITED[seen:]:
        sections.take(event)
    sections.end(parts_of(CITED))
    lines = [line.rstrip() for line in shown(sections).split("\n")]
    assert lines[2:] == ["The sky is blue by day[1] and black by", "night.", "", "Next."]
    assert reopened(parts_of(CITED)) == shown(sections)


def test_thinking_says_how_long_it_has_been_under_way_and_then_how_long_it_took() -> None:
    clock = Clock()
    thought = ThinkingSection(40, LOOK, PALETTE, clock)
    said = []
    steps: list[Callable[[], None]] = [
        thought.go_on,
        lambda: thought.append("one two th"),
        lambda: thought.append("ree"),
        thought.end,
    ]
    for step in steps:
        step()
        thought.tick()
        said.append("".join(segment.text for segment in thought.line(0)))
        clock.now += 4
    assert said == [
        "▸ Thinking · 0 s · 0 words",
        "▸ Thinking · 4 s · 3 words",
        "▸ Thinking · 8 s · 3 words",
        "▸ Thought for 12 s · 3 words",
    ]


def test_thinking_that_does_not_count_is_drawn_again_only_when_it_ends() -> None:
    clock = Clock()
    thought = ThinkingSection(40, LOOK, PALETTE, clock, counting=False)
    thought.go_on()
    assert "".join(segment.text for segment in thought.line(0)) == "▸ Thinking"
    thought.take_changed()
    thought.append("one two")
    clock.now += 4
    thought.tick()
    assert thought.take_changed() == thought.height, "nothing has changed"
    thought.end()
    assert thought.take_changed() == 0
    assert "".join(segment.text for segment in thought.line(0)) == "▸ Thought for 4.0 s · 2 words"


@pytest.mark.parametrize(
    ("took_ms", "said"),
    [
        (None, "▸ Thought · 1 word"),
        (340.0, "▸ Thought for 0.3 s · 1 word"),
        (72_000, "▸ Thought for 1 min 12 s · 1 word"),
    ],
)
def test_the_time_that_was_kept_is_the_one_that_is_shown(took_ms: float | None, said: str) -> None:
    sections = laid()
    sections.take(ThinkingDelta(0, "hm"))
    kept = (ThinkingPart("hm", duration_ms=took_ms),)
    sections.end(kept)
    assert shown(sections) == reopened(kept) == f"Claude\n\n{said}"


@pytest.mark.parametrize(
    ("thinking", "then", "said"),
    [
        (ThinkingPart("I see", duration_ms=3_000.0), (), "Thinking · 3 s · 2 words"),
        (ThinkingPart("I see", duration_ms=3_000.0), (ThinkingDelta(0, " it"),), "Thinking · 3 s · 3 words"),
        (ThinkingPart("I see", duration_ms=3_000.0), (SignatureDelta(0, "ab"),), "Thinking · 3 s · 2 words"),
        (ThinkingPart("I see", duration_ms=3_000.0), (BlockStop(0),), "Thought for 3.0 s · 2 words"),
        (ThinkingPart("I see", duration_ms=3_000.0), (BlockStart(1, "text"),), "Thought for 3.0 s · 2 words"),
        (ThinkingPart("I see", "ab", duration_ms=3_000.0), (), "Thought for 3.0 s · 2 words"),
    ],
)
def test_thinking_that_is_opened_half_way_is_under_way(
    thinking: ThinkingPart, then: tuple[StreamEvent, ...], said: str
) -> None:
    sections = laid((thinking,), live=True)
    for event in then:
        sections.take(event)
    assert shown(sections).splitlines()[2] == f"▸ {said}"


def test_only_the_lines_below_are_drawn_again_while_unfolded_thinking_grows() -> None:
    thought = ThinkingSection(40, LOOK, PALETTE)
    thought.fold(unfolded=True)
    thought.go_on()
    thought.append("first\n\nsecond\n\nthird\n\n")
    thought.advance(lambda: True)
    thought.take_changed()
    thought.append("fourth")
    thought.advance(lambda: True)
    assert thought.take_changed() == thought.height - 2, "the new line and the blank one above it"


@pytest.fixture
def undrawable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The renderer fails over one word."""
    append = Document.append

    def fails(document: Document, text: str) -> None:
        append(document, text)
        if "poison" in text:
            raise ZeroDivisionError

    monkeypatch.setattr(Document, "append", fails)


@pytest.mark.usefixtures("undrawable")
def test_a_part_that_cannot_be_drawn_fails_alone_with_its_text() -> None:
    sections = laid((TextPart("Before."), ToolCallPart("i", "look", "{}"), TextPart("A **poison**.")))
    sections.end(sections._parts)
    assert "Before." in shown(sections)
    assert "This part cannot be shown. This is its\ntext:\nA **poison**." in shown(sections)
    assert "look" in shown(sections)


@pytest.mark.usefixtures("undrawable")
def test_a_block_that_cannot_be_drawn_goes_on_as_raw_text() -> None:
    sections = laid()
    for text in ("One. ", "A poison. ", "More."):
        sections.take(TextDelta(0, text))
    sections.take(BlockStop(0))
    sections.take(TextDelta(1, "Another."))
    assert "This part cannot be shown." in shown(sections)
    assert shown(sections).endswith("More.\n\nAnother.")


@pytest.mark.parametrize("work", ["advance", "line"])
def test_a_part_that_fails_when_it_is_worked_on_later_fails_alone(monkeypatch: pytest.MonkeyPatch, work: str) -> None:
    sections = laid((TextPart("Before."), ToolCallPart("i", "look", "{}"), TextPart("A poison.")))
    does = getattr(Document, work)

    def fails(document: Document, *arguments: object) -> object:
        if "poison" in document.raw:
            raise ZeroDivisionError
        return does(document, *arguments)

    monkeypatch.setattr(Document, work, fails)
    sections.stack.resize(30)
    sections.stack.advance(lambda: True)
    shown(sections)
    assert "Before." in shown(sections)
    assert shown(sections).endswith("A poison.")
    sections.take(TextDelta(0, "More."))
    assert "More." in shown(sections)


def test_a_stored_part_that_cannot_be_read_is_shown_as_it_stands() -> None:
    sections = laid(readable_parts([{"type": "text", "text": "Before."}, {"type": "novel", "x": 1}]))
    assert "Before." in shown(sections)
    assert '{"type": "novel", "x": 1}' in shown(sections)


CALL = ToolCallPart("i", "look", '{"path": "a\\u001b[31m", "n": 1}')


def test_a_call_and_its_result_are_one_line_until_they_are_unfolded() -> None:
    result = ToolResultPart("i", "**One** \x1b[31m", duration_ms=1_250)
    sections = laid((TextPart("Before."), CALL, result, TextPart("After.")))
    heading = "⚙ look · ok · 1.2 s · 13 B"
    assert shown(sections).splitlines()[4].startswith(f"▸ {heading}  path: a\ufffd[")
    sections.toggle_folds()
    sections.stack.advance(lambda: True)
    rows = shown(sections).splitlines()
    assert rows[4] == f"▾ {heading}"
    assert rows[5:9] == ["  {", '    "path": "a\\u001b[31m",', '    "n": 1', "  }"]
    assert rows[9].startswith("│ One \ufffd[31m")
    sections.toggle_folds()
    assert shown(sections).splitlines()[5:] == ["", "After."]


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (ToolResultPart("i", "x" * 1_000_000, failed=True, duration_ms=90_000), "failed · 1 min 30 s · 1.0 MB"),
        (ToolResultPart("i", "No.", failed=True, refused=True), "not allowed"),
        (ToolResultPart("i", "x" * 4_200), "ok · 4 KB"),
    ],
)
def test_the_heading_says_how_a_call_went(result: ToolResultPart, said: str) -> None:
    sections = laid((CALL, result))
    assert f"look · {said}" in shown(sections)
    sections.toggle_folds()
    sections.stack.advance(lambda: True)
    assert sections.stack.height < 1_000


def test_json_is_shown_with_a_line_for_each_part() -> None:
    sections = laid((CALL, ToolResultPart("i", '{"a":[1,"```"]}')))
    sections.toggle_folds()
    sections.stack.advance(lambda: True)
    assert '"a": [' in shown(sections)
    assert '"```"' in shown(sections)


def test_results_find_their_calls_and_a_reply_that_is_over_waits_for_none() -> None:
    sections = laid()
    for index, id in enumerate(("a", "b", "c")):
        sections.take(BlockStart(index, "tool_use", {"id": id, "name": f"tool-{id}"}))
        sections.take(BlockStop(index))
    assert shown(sections).count("waiting · 0 s") == 3
    sections.take(ToolAnswered("b", "two", failed=True))
    sections.take(ToolAnswered("a", "one"))
    assert [row.rstrip() for row in shown(sections).splitlines()[2:7:2]] == [
        "▸ ⚙ tool-a · ok · 3 B",
        "▸ ⚙ tool-b · failed · 3 B",
        "▸ ⚙ tool-c · waiting · 0 s",
    ]
    sections.end(())
    assert "waiting" not in shown(sections)


def test_a_call_that_the_vendor_runs_waits_for_nothing_of_ours() -> None:
    sections = laid()
    sections.take(BlockStart(0, "server_tool_use", {"id": "s", "name": "web_search"}))
    sections.take(BlockStop(0))
    assert "waiting" not in shown(sections)


def test_a_result_whose_call_is_not_here_stands_alone() -> None:
    sections = laid((ToolResultPart("i", "one"),))
    assert "⚙ tool · ok · 3 B" in shown(sections)


@pytest.mark.parametrize("arguments", ["[" * 2_000 + "]" * 2_000, '{"x": ' + "9" * 5_000 + "}", "x" * 1_000_000])
def test_no_arguments_of_a_tool_are_too_much_to_draw(arguments: str) -> None:
    sections = laid((ToolCallPart("i", "look", arguments), TextPart("After.")))
    assert "After." in shown(sections)
    assert sections.stack.height < 1_000


def test_numbers_whose_places_come_after_the_text_are_there_at_its_end() -> None:
    citation = {"type": "url_citation", "url": "https://a.example/", "title": "A", "start_index": 0, "end_index": 10}
    sections = laid(live=True)
    for event in (BlockStart(0, "text"), TextDelta(0, "It is fast."), CitationsDelta(0, citation), BlockStop(0)):
        sections.take(event)
    assert "It is fast." in shown(sections)
    sections.end((TextPart("It is fast.", (citation,)),))
    assert "It is fast[1]." in shown(sections)
    assert sections.text == "It is fast."
    assert sections.cites
