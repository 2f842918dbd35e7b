"""The demo server's summaries: what it was asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui_chat.chat.compaction import INSTRUCTION
from tui_chat.chat.message import Message, Role, utc_now
from tui_chat.chat.parts import TextPart
from tui_chat.chat.sending import as_sent
from tui_chat.chat.summary import Summary
from tui_chat.demo.summary import is_summary_asked_for, summary_of


def test_it_lists_the_prompts_and_those_of_an_earlier_summary() -> None:
    earlier = summary_of([{"role": "user", "content": "/tokens 5\nOne"}, {"role": "assistant", "content": "1"}])
    anchor = Message(Role.ASSISTANT, (TextPart("2"),), summary=Summary(earlier, 2, 9, utc_now()))
    messages: list[Mapping[str, Any]] = [
        {"role": "user", "content": f"{as_sent(anchor).text}\n\nTwo\nlines"},
        {"role": "assistant", "content": "2"},
        {"role": "user", "content": [{"type": "text", "text": "/fault none-such\n" + "Three " * 20}]},
        {"role": "user", "content": INSTRUCTION},
        {"role": "user", "content": "After"},
    ]
    listed = summary_of(messages).split("\n")[4:]
    assert listed[:2] == ["1. One", "2. Two"]
    assert listed[2].startswith("3. /fault none-such")
    assert listed[3:] == [""]


def test_it_knows_the_question_of_the_chat() -> None:
    assert is_summary_asked_for(INSTRUCTION)
    assert not is_summary_asked_for("Please summarize this")
