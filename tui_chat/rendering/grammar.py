"""The grammar: markdown-it-py's CommonMark with tables, strikethrough, footnotes, bare links and LaTeX.

Its own rules stay as they are; ours only add constructs, or bound the work where hostile text would make it quadratic.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.helpers import parseLinkLabel
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.blockquote import blockquote
from markdown_it.rules_block.html_block import HTML_SEQUENCES
from markdown_it.rules_block.list import list_block
from markdown_it.rules_block.reference import reference
from markdown_it.rules_block.table import table
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote.index import footnote_def

from tui_chat.rendering.math_rules import math_block, math_inline
from tui_chat.text.limits import MOST_COLUMNS

BlockRule = Callable[[StateBlock, int, int, bool], bool]
MAX_LEVEL = 24
"""Containers this deep (a list counts twice) hold no further ones."""
MAX_LINK_DEPTH = 8
MAX_DEFINITION = 1_000

# Where an inline rule may begin; the stock set stops at every dash and equals sign too.
_TERMINATORS = re.compile(r"[\n$*<\[\\\]_`~]|&(?=[#a-zA-Z])|!(?=\[)|(?:https?://|mailto:)")
_BRACKET = re.compile(r"\\.|(`+)(?!`).*?(?<!`)\1(?!`)|[\[\]]", re.DOTALL)
_BARE_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\x00-\x20`\"\[\]]+")
_LINK_TAIL = re.compile(r"[?!.,:;*_~'\]]+\Z")
_FOOTNOTE = re.compile(r"\[\^([^\s\]]+)\]")


@cache
def markdown() -> MarkdownIt:
    """Return the one parser; its rules are set up when the first text is rendered."""
    md = MarkdownIt("commonmark", {"maxNesting": 100}).enable("strikethrough")
    # The stock order lets a table claim a line that alone would be a fence or a heading, once the next line has come.
    md.block.ruler.before("lheading", "late_table", _table, {"alt": ["paragraph", "reference"]})
    interrupting = ["paragraph", "reference", "blockquote"]
    md.block.ruler.at("list", _not_too_deep(list_block), {"alt": interrupting})
    md.block.ruler.at("blockquote", _not_too_deep(blockquote), {"alt": [*interrupting, "list"]})
    md.block.ruler.before("fence", "math_block", math_block, {"alt": [*interrupting, "list"]})
    md.block.ruler.before("reference", "footnote", _not_too_deep(footnote_def), {"alt": ["paragraph", "reference"]})
    md.block.ruler.at("reference", _definition)
    md.inline.ruler.before("escape", "math", math_inline)
    md.inline.ruler.before("newline", "bare_link", _bare_link)
    md.inline.ruler.before("link", "footnote_ref", _footnote_ref)
    md.inline.ruler2.disable("fragments_join")
    md.inline.terminator_re = _TERMINATORS
    # All rules find a label's end through this helper, from every open bracket up to the end of the text.
    # markdown-it's helpers are a module that all parsers share, so this one gets its own.
    md.helpers = SimpleNamespace(**vars(md.helpers) | {"parseLinkLabel": _link_label})  # type: ignore[assignment]  # not a module
    return md


class _Blocks(StateBlock):
    """Notes at which column each list item's marker and content stand."""

    _indent = 0

    @property
    def blkIndent(self) -> int:
        return self._indent

    @blkIndent.setter
    def blkIndent(self, indent: int) -> None:
        self._indent = indent
        if self.tokens and self.tokens[-1].type == "list_item_open":
            self.tokens[-1].meta.setdefault("content_column", indent)

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        token = super().push(ttype, tag, nesting)
        if ttype == "list_item_open":
            token.meta["marker_column"] = self.sCount[self.line]
        return token


class Inlines(StateInline):
    """Notes where in the text each token begins, and which brackets belong together."""

    def __init__(self, text: str, env: dict[str, object]) -> None:
        super().__init__(text, markdown(), env, [])
        self.link_depths = _link_depths(text) if "[" in text else {}

    def pushPending(self) -> Token:
        token = super().pushPending()
        start = self.pos - len(token.content)
        if not self.src.startswith(token.content, start):
            start = self.src.rfind(token.content, 0, self.pos)
        token.meta["at"] = max(start, 0)
        return token

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        token = super().push(ttype, tag, nesting)
        token.meta["at"] = self.pos
        return token


def parse_blocks(text: str) -> list[Token]:
    """Return the block structure of a text; what is inline stays unparsed."""
    md = markdown()
    state = _Blocks(text, md, {}, [])
    md.block.tokenize(state, 0, state.lineMax)
    return state.tokens


def html_ends(lines: list[str]) -> bool:
    """True if an HTML block of these lines has met its end; one that ends at a blank line never does by itself."""
    for begins, ends, _ in HTML_SEQUENCES:
        if begins.search(lines[0].lstrip()):
            return ends.pattern != "^$" and any(ends.search(line) for line in lines)
    return False


def _not_too_deep(rule: BlockRule) -> BlockRule:
    """Return a container's rule that opens none beyond the deepest level: there its mark is ordinary text."""

    def limited(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        inside = not silent or state.sCount[start] >= state.blkIndent
        return not (inside and state.level >= MAX_LEVEL) and rule(state, start, end, silent)

    return limited


def _definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a link definition as a token; one longer than any honest one is ordinary text."""
    if not reference(state, start, end, silent):
        return False
    definitions = state.env.pop("references")
    if state.eMarks[state.line - 1] - state.bMarks[start] > MAX_DEFINITION:
        return False
    token = state.push("definition", "", 0)
    token.map = [start, state.line]
    token.meta["references"] = definitions
    return True


def _link_depths(text: str) -> dict[int, int]:
    """Return for each bracket that has a partner the number of other pairs around it."""
    opened: list[int] = []
    pairs: list[int] = []
    for match in _BRACKET.finditer(text):
        if match[0] == "[":
            opened.append(match.start())
        elif match[0] == "]" and opened:
            pairs.append(opened.pop())
    unmatched = set(opened)
    depths: dict[int, int] = {}
    depth = 0
    for match in _BRACKET.finditer(text):
        if match[0] == "[" and match.start() not in unmatched:
            depths[match.start()] = depth
            depth += 1
        elif match[0] == "]" and depth:
            depth -= 1
    return depths


def _link_label(state: StateInline, start: int, disableNested: bool = False) -> int:
    """Return where the label that begins at a bracket ends; -1 if it has no partner or is nested too deeply."""
    depths: dict[int, int] = getattr(state, "link_depths", {})
    if depths.get(start, MAX_LINK_DEPTH) >= MAX_LINK_DEPTH:
        return -1
    return parseLinkLabel(state, start, disableNested)


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a table; with more columns than fit on any screen it is ordinary text, as each row has a cell for each."""
    below = state.src[state.bMarks[start + 1] : state.eMarks[start + 1]] if start + 1 < end else ""
    return below.count("|") <= MOST_COLUMNS + 1 and table(state, start, end, silent)


def _bare_link(state: StateInline, silent: bool) -> bool:
    """Read an address in plain text, without the punctuation that ends its sentence."""
    before = state.src[state.pos - 1] if state.pos else " "
    if state.linkLevel or before.isalnum():
        return False
    match = _BARE_LINK.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    url = _LINK_TAIL.sub("", match[0])
    while url.endswith(")") and url.count(")") > url.count("("):
        url = _LINK_TAIL.sub("", url[:-1])
    if len(url) <= len("https://"):
        return False
    if not silent:
        opening = state.push("link_open", "a", 1)
        opening.attrs = {"href": state.md.normalizeLink(url)}
        opening.info = "auto"
        state.push("text", "", 0).content = url
        state.push("link_close", "a", -1)
    state.pos += len(url)
    return True


def is_expected(label: str) -> bool:
    """True if a footnote of this name is expected to come: it is a small number."""
    return label.isdecimal() and len(label) < 4


def _footnote_ref(state: StateInline, silent: bool) -> bool:
    """Read a reference to a footnote; while its note may still come, a number is taken for one."""
    match = _FOOTNOTE.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not (state.env.get("growing") and is_expected(match[1])) and match[1] not in state.env.get("footnotes", ()):
        return False
    if not silent:
        state.push("footnote_ref", "", 0).content = match[1]
    state.pos = match.end()
    return True
