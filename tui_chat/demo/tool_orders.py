"""Calls of the client's tools that a prompt orders: `/tool NAME {json}`, and `/then` for one of the next round."""

from __future__ import annotations

from collections.abc import Sequence

from tui_chat.demo.conversation import Asked
from tui_chat.demo.prompts import DemoPrompt, ToolOrder
from tui_chat.demo.script import NOTE

_MOST_QUOTED = 2_000
"""Characters of a result that the reply quotes."""


def calls_due(asked: Asked, prompt: DemoPrompt) -> Sequence[ToolOrder]:
    """Return the calls that the reply makes now."""
    return prompt.rounds[asked.rounds] if asked.rounds < len(prompt.rounds) else ()


def text_about(asked: Asked, calls: Sequence[ToolOrder]) -> str:
    """Return the text of a reply before its calls, or about the results of the last ones."""
    if calls:
        return f"{NOTE if asked.first else ''}I ask {' and '.join(call.name for call in calls)}."
    return "\n\n".join(("The tools answered:", *(f"```\n{result[:_MOST_QUOTED]}\n```" for result in asked.results)))
