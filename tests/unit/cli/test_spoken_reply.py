"""A reply as lines: its speaker is named once, and what happens stands on lines of its own."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tui_chat.chat.events import BlockStart, ReplyRestarted, StreamEvent, TextDelta, ThinkingDelta, ToolAnswered
from tui_chat.cli.lines.line_terminal import LineTerminal
from tui_chat.cli.lines.spoken_reply import HeldLines, SpokenReply


def _lines(capsys: pytest.CaptureFixture[str], events: Sequence[StreamEvent]) -> list[str]:
    spoken = SpokenReply("Claude", LineTerminal())
    for event in events:
        spoken.feed([event])
    spoken.end()
    return capsys.readouterr().out.splitlines()


def _text(text: str) -> TextDelta:
    return TextDelta(0, text)


def test_the_speaker_is_named_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert _lines(capsys, [_text("Hel"), _text("lo. A"), _text("gain")]) == ["Claude:", "Hello. Again"]


def test_thinking_is_told_of_and_not_read_out(capsys: pytest.CaptureFixture[str]) -> None:
    events: list[StreamEvent] = [ThinkingDelta(0, "hm"), ThinkingDelta(0, " hm"), _text("Yes.")]
    assert _lines(capsys, events) == ["Claude is thinking.", "Claude:", "Yes."]


def test_a_call_of_a_tool_ends_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    call = BlockStart(1, "tool_use", {"name": "clock\x1b[2J"})
    lines = _lines(capsys, [_text("Let me see"), call, ToolAnswered("1", "noon"), _text("Noon.")])
    assert lines[:2] == ["Claude:", "Let me see"]
    assert lines[2].startswith("Claude calls the tool clock")
    assert lines[3:] == ["The tool has answered.", "Noon."]
    assert not any("\x1b" in line for line in lines)


def test_a_reply_that_begins_again_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    events: list[StreamEvent] = [_text("Half a"), ReplyRestarted(), _text("All of it.")]
    assert _lines(capsys, events) == ["Claude:", "Half a", "The reply begins again.", "Claude:", "All of it."]


def test_nothing_of_a_reply_acts_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    text = "\n".join(_lines(capsys, [_text("a\x1b"), _text("[2Jb\x07\x9b31m\rc\u202ed\n")]))
    assert text.replace("\n", "").isprintable()


def test_what_is_held_is_read_out_later_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    held = HeldLines()
    spoken = SpokenReply("Second", held)
    spoken.feed([_text("One. "), _text("Two.")])
    spoken.end()
    assert capsys.readouterr().out == ""
    held.give_to(LineTerminal())
    assert capsys.readouterr().out == "Second:\nOne. Two."
