"""The demo server's summary of a conversation: what it was asked, in the order in which that came."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tui_chat.demo.conversation import said_in
from tui_chat.demo.prompts import parse_prompt

LONGEST_LINE = 60
_LISTED = re.compile(r"^\d+\. (.+)$", re.MULTILINE)
ASKED_FOR = "Summarize our conversation so far"


def is_summary_asked_for(prompt: str) -> bool:
    """True if a prompt asks for the summary of what comes before it."""
    return prompt.startswith(ASKED_FOR)


def summary_of(messages: Sequence[Mapping[str, Any]]) -> str:
    """Return the summary of the messages before the one that asks for it."""
    prompts: list[str] = []
    for text in (said_in(message) for message in messages if message["role"] == "user"):
        if is_summary_asked_for(text):
            break
        summarized, end, rest = text.partition("</summary>")
        prompts += [*_LISTED.findall(summarized), _first_line(rest)] if end else [_first_line(text)]
    listed = "\n".join(f"{number}. {line}" for number, line in enumerate(prompts, start=1))
    return f"*A scripted summary of the demo server: no model wrote it.*\n\nWhat you have asked so far:\n\n{listed}\n"


def _first_line(text: str) -> str:
    try:
        asked = parse_prompt(text).text
    except ValueError:
        asked = text
    line = next((line.strip() for line in asked.split("\n") if line.strip()), "")
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 1]}…"
