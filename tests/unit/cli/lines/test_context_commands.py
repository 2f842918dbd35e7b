"""What goes with the next request: listed, left out, summarized."""

from __future__ import annotations

import re

from tests.unit.cli.lines.conftest import Chat


def _said(lines: list[str]) -> list[str]:
    return [re.sub(r"[\d,]+ tokens?", "N tokens", line) for line in lines]


def test_what_is_sent_is_read_and_an_exchange_left_out(chat: Chat) -> None:
    chat.type("One")
    chat.type("Two")
    lines = chat.type("/what_is_sent")
    assert _said(lines)[2] == "Message 3. You, N tokens: Two"
    assert len(lines) == 5
    assert lines[-1].startswith("Total: ")
    assert chat.type("/leave_out 2") == ["That exchange is left out of requests. It stays here."]
    assert _said(chat.type("/what_is_sent out"))[0] == "Message 1. You, left out, N tokens: One"
    assert chat.type("/leave_out 1") == ["That exchange is sent again."]
    assert chat.type("/leave_out oldest") == ["The oldest 2 messages are no longer sent. They stay here."]
    assert chat.type("/leave_out none") == ["The whole conversation is sent again."]


def test_a_summary_is_made_read_rewritten_removed_and_restored(chat: Chat) -> None:
    assert chat.type("/compact") == ["There is nothing to summarize yet: the last messages always stay as they are."]
    assert chat.type("/summary") == ["There is no summary. /compact makes one."]
    for prompt in ("One", "Two", "Three", "Four"):
        chat.type(prompt)
    made = chat.type("/compact")
    assert made[-1].startswith("Summarized 4 messages: ")
    assert made[-1].endswith(" /remove_summary takes that back.")
    assert made[:-1] in ([], ["Waiting for Claude."])  # the summary is read only when that is asked for
    assert chat.type("/summary")[0].startswith("Summary of the messages up to 4. ")
    chat.type("/edit_summary")
    assert chat.type("In short.")[-1] == "Rewritten."
    assert chat.type("/summary")[1] == "In short."
    assert chat.type("/remove_summary")[0].endswith("/restore_summary takes that back.")
    assert chat.type("/summary") == ["There is no summary. /compact makes one."]
    assert chat.type("/restore_summary") == ["The summary is back."]
    assert chat.type("/summary")[1] == "In short."
