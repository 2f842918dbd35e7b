"""Closes the marks that a growing text has opened, so that none is shown and then taken away."""

from __future__ import annotations

import re

from markdown_it.rules_inline.balance_pairs import processDelimiters
from markdown_it.rules_inline.state_inline import Delimiter

from tui_chat.records import replace
from tui_chat.rendering.grammar import Inlines
from tui_chat.rendering.latex import without_half_command

_HALF_MARK = re.compile(r"(?:[*_~`$]+|!?\[(?:\^\w{0,8})?|!|<|\\|&#?\w{0,8})\Z")
_TICKS = re.compile(r"\\.|`+", re.DOTALL)
_HALF_TARGET = re.compile(r"(!?\[[^\[\]\s^][^\[\]]*\])(?:\([^()\s]*)?\Z")
_HALF_LABEL = re.compile(r"(?:^|(?<=[\s(*_]))(!?\[[^\[\]\s^][^\[\]]{0,80})\Z")
_HALF_MATH = re.compile(r"\\\((?:(?!\\\)).){0,200}\Z", re.DOTALL)

# A mark further back than this was probably not meant to open anything: show it as it is.
_REACH = {"*": 120, "**": 400, "~~": 200, "`": 160}


def without_half_marks(content: str) -> str:
    """Return the text without a mark that has only just begun, and with open code, links and formulas closed."""
    content = _HALF_MARK.sub("", content)
    ticks = _open_ticks(content)
    if ticks:
        return content + ticks if not content.endswith(ticks) else content.removesuffix(ticks)
    if match := _HALF_TARGET.search(content):
        return content[: match.end(1)] + "()"
    if match := _HALF_LABEL.search(content):
        return content + "]()"
    if _HALF_MATH.search(content):
        return without_half_command(content) + "\\)"
    return content


def _open_ticks(content: str) -> str:
    """Return the backticks that open code which is not closed, if there are any near the end."""
    if "`" not in content:
        return ""
    opened, begin = "", 0
    for match in _TICKS.finditer(content):
        if not opened and match[0][0] == "`":
            opened, begin = match[0], match.end()
        elif match[0] == opened:
            opened = ""
    return opened if opened and len(content) - begin <= _REACH["`"] else ""


def close_open_marks(state: Inlines) -> None:
    """End the emphasis that is open at the end of the text."""
    trial = [replace(delimiter) for delimiter in state.delimiters]
    tokens = [delimiter.token for delimiter in trial]
    processDelimiters(state, trial)
    opened = [
        delimiter
        for delimiter, token in zip(trial, tokens, strict=True)
        if delimiter.open and delimiter.end < 0 and _in_reach(state, delimiter, token)
    ]
    for delimiter in reversed(opened):
        state.push("text", "", 0)
        closing = Delimiter(delimiter.marker, delimiter.length, len(state.tokens) - 1, -1, open=False, close=True)
        state.delimiters.append(closing)


def _in_reach(state: Inlines, delimiter: Delimiter, token: int) -> bool:
    mark = "~~" if chr(delimiter.marker) == "~" else "**" if delimiter.length > 1 else "*"
    return len(state.src) - int(state.tokens[token].meta["at"]) <= _REACH[mark]
