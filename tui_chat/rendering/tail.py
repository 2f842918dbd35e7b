"""The last line of a text that is still coming, shown so that it looks calm while it grows."""

from __future__ import annotations

import re

from markdown_it.rules_block.table import escapedSplit

# A line of these alone may still become anything: a list, a rule, an underline, a fence, a table, emphasis ...
_ONLY_MARKS = re.compile(r"[\s>]*(?:[-+*_=~`#|:<$\\\[!\s]*|\d{1,9}[.)]?\s*|\[[^\[\]]{1,60}\]:\s*)\Z")
_ONLY_FENCE = re.compile(r"[\s>]*[`~]+\s*\Z")
_TABLE_HEAD = re.compile(r"([\s>]*)\|\s*[^\s|]")


def shown_part(partial: str, *, in_code: bool) -> list[str]:
    """Return the unfinished last line, or nothing as long as it is not clear what it will be."""
    if not partial or (_ONLY_FENCE if in_code else _ONLY_MARKS).match(partial):
        return []
    return [partial]


def table_rule(line: str) -> str | None:
    """Return the line that would make a table of a line that looks like a table's head."""
    match = _TABLE_HEAD.match(line)
    if match is None:
        return None
    columns = escapedSplit(line[match.end(1) :].strip())[1:]
    count = len(columns) - (columns[-1] == "")
    return match[1] + "|" + "---|" * count
