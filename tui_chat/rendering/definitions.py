"""Link references and footnotes, which may be named before they are defined, and the blocks that wait for them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.common.utils import normalizeReference

from tui_chat.rendering.grammar import is_expected
from tui_chat.rendering.inline import Env
from tui_chat.rendering.placed_block import PlacedBlock

_LABEL = re.compile(r"\[(?!\s*\])([^\[\]]{1,999})\]")
_AT_ONCE = 16
"""This many definitions count as soon as they are there."""
_SHARE = 4
"""Further ones count once they amount to one in so many of those that count already."""


class Definitions:
    """The definitions so far. A block that names one is read again when the definition comes after it.

    That is done for several definitions at once: with thousands below a long text it would take minutes otherwise.
    """

    def __init__(self) -> None:
        self._references: dict[str, dict[str, str]] = {}
        self._footnotes: dict[str, bool] = {}
        self._new_references: dict[str, dict[str, str]] = {}
        self._new_footnotes: dict[str, bool] = {}
        self._waiting: dict[str, dict[PlacedBlock, None]] = {}
        self.env: Env = {"references": self._references, "footnotes": self._footnotes, "growing": True}
        """The definitions in the form that the grammar expects."""

    def wait(self, entry: PlacedBlock, texts: Sequence[str]) -> None:
        """Note what a block names that is not defined yet."""
        for text in texts:
            if "[" in text:
                for label in _LABEL.findall(text):
                    name = label if label.startswith("^") else normalizeReference(label)
                    self._waiting.setdefault(name, {})[entry] = None

    def define(self, references: dict[str, dict[str, str]]) -> None:
        """Note link references, of which the first of a name counts."""
        for name, target in references.items():
            if name not in self._references:
                self._new_references.setdefault(name, target)

    def define_footnote(self, label: str) -> None:
        """Note a footnote."""
        if label not in self._footnotes:
            self._new_footnotes[label] = True

    def take_up(self, *, more: bool) -> list[PlacedBlock]:
        """Let what was noted count, unless it is better to wait for more; return the blocks that waited for it."""
        new, known = len(self._new_references) + len(self._new_footnotes), len(self._references) + len(self._footnotes)
        if new == 0 or (more and new < (known - _AT_ONCE) // _SHARE):
            return []
        waited: dict[PlacedBlock, None] = {}
        for name in self._new_references:
            waited |= self._waiting.pop(name, {})
        for label in self._new_footnotes:
            entries = self._waiting.pop("^" + label, {})
            waited |= {} if self.env["growing"] and is_expected(label) else entries
        self._references |= self._new_references
        self._footnotes |= self._new_footnotes
        self._new_references, self._new_footnotes = {}, {}
        return list(waited)

    def end(self) -> list[PlacedBlock]:
        """End the definitions; return the blocks that wait, and those that took a number for a footnote to come."""
        waited = dict.fromkeys(self.take_up(more=False))
        self.env["growing"] = False
        for name, entries in self._waiting.items():
            if name.startswith("^"):
                waited |= entries
        self._waiting = {}
        return list(waited)
