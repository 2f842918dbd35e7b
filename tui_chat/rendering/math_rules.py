r"""Grammar rules for LaTeX: `\( \)`, `\[ \]`, `$ $` and `$$ $$`, in a line or as a block of their own."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

_CLOSING = {"$$": "$$", "\\[": "\\]", "\\(": "\\)", "$": "$"}
_MAX_BLOCK_LINES = 60
_MAX_INLINE = 400
_FORMULA = re.compile(r"[\\^_=<>+{}]")


def math_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    r"""Read a formula between lines that open with `$$` or `\[`; it ends at its closing, or like a paragraph."""
    if state.is_code_block(start):
        return False
    first = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]].rstrip()
    opening = first[:2]
    if opening not in ("$$", "\\["):
        return False
    closing = _CLOSING[opening]
    if closing in first[2:] and not first[2:].endswith(closing):
        return False
    if silent:
        return True
    line, closed = start + 1, first[2:].endswith(closing)
    while not closed and line < end and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent:
        closed = state.src[: state.eMarks[line]].rstrip().endswith(closing)
        line += 1
    if line - start > _MAX_BLOCK_LINES:
        return False
    state.line = line
    token = state.push("math_block", "", 0)
    token.map = [start, line]
    token.content = state.getLines(start, line, state.blkIndent, False).strip()
    token.meta["closed"] = closed
    return True


def math_inline(state: StateInline, silent: bool) -> bool:
    """Read a formula in a line of text; a sum of money is none."""
    opening = next((mark for mark in _CLOSING if state.src.startswith(mark, state.pos)), None)
    if opening is None:
        return False
    start = state.pos + len(opening)
    end = state.src.find(_CLOSING[opening], start, min(state.posMax, start + _MAX_INLINE))
    content = state.src[start:end] if end > start else ""
    if not content.strip() or (opening == "$" and not _is_formula(state, content, end)):
        return False
    if not silent:
        token = state.push("math_inline", "", 0)
        token.content = content
    state.pos = end + len(opening)
    return True


def _is_formula(state: StateInline, content: str, end: int) -> bool:
    following = state.src[end + 1 : end + 2]
    before = state.src[state.pos - 1] if state.pos else " "
    if content != content.strip() or following.isdigit() or before.isalnum():
        return False
    return " " not in content or _FORMULA.search(content) is not None
