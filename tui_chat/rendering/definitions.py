"""What a text defines for all of its parts: link references and footnotes, and which blocks wait for them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.common.utils import normalizeReference

from tui_chat.rendering.block import Referring
from tui_chat.rendering.grammar import is_expected
from tui_chat.rendering.inline import Env

_LABEL = re.compile(r"\[(?!\s*\])([^\[\]]{1,999})\]")


class Definitions:
    """The definitions so far; a block that was read before one that it names has to be read again."""

    def __init__(self) -> None:
        self._references: dict[str, dict[str, str]] = {}
        self._footnotes: dict[str, bool] = {}
        self._waiting: dict[str, dict[int, Referring]] = {}
        self.env: Env = {"references": self._references, "footnotes": self._footnotes, "growing": True}
        """As the grammar expects them."""

    def wait(self, block: Referring, texts: Sequence[str]) -> None:
        """Note what a block names that is not defined yet."""
        for text in texts:
            if "[" in text:
                for label in _LABEL.findall(text):
                    name = label if label.startswith("^") else normalizeReference(label)
                    self._waiting.setdefault(name, {})[id(block)] = block

    def define(self, references: dict[str, dict[str, str]]) -> list[Referring]:
        """Take up link references, of which the first of a name counts; return the blocks that waited for them."""
        waited: dict[int, Referring] = {}
        for name, target in references.items():
            if name not in self._references:
                self._references[name] = target
                waited |= self._waiting.pop(name, {})
        return list(waited.values())

    def define_footnote(self, label: str) -> list[Referring]:
        """Take up a footnote; return the blocks that waited for it."""
        if label in self._footnotes:
            return []
        self._footnotes[label] = True
        waited = self._waiting.pop("^" + label, {})
        return [] if self.env["growing"] and is_expected(label) else list(waited.values())

    def end(self) -> list[Referring]:
        """Nothing more is defined; return the blocks that took a number for a footnote whose note could still come."""
        self.env["growing"] = False
        waited: dict[int, Referring] = {}
        for name, blocks in self._waiting.items():
            if name.startswith("^"):
                waited |= blocks
        self._waiting = {}
        return list(waited.values())
