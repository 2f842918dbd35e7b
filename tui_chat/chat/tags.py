"""Tags: short words that a user gives to conversations."""

from __future__ import annotations

import re

from tui_chat.text import clean_line

LONGEST_TAG = 40
MOST_TAGS = 20
"""Tags that one conversation may have."""


def tags_in(text: str) -> tuple[str, ...]:
    """Return the tags that a text names, each once, in the order of the alphabet.

    A tag has no spaces and no letter case, so that it can be typed into a search as it is: `tag:work`.
    """
    words = re.split(r"[\s,;]+", clean_line(text).casefold())
    tags = {word.lstrip("#")[:LONGEST_TAG] for word in words} - {""}
    return tuple(sorted(tags)[:MOST_TAGS])
