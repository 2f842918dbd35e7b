"""The app's stylesheet, parsed once for each set of colours.

Textual 8.2 parses all of it anew when the app is drawn, for every screen that opens the first time, and for every theme
that is looked at again.
"""

from __future__ import annotations

from textual.cache import LRUCache
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

_SOURCES = 512
_COLOURS = 4
"""The sets of colours whose rules are kept: those of the themes that are tried on one after the other."""
_parsed: LRUCache[frozenset[tuple[str, str]], LRUCache[tuple[object, ...], list[RuleSet]]] = LRUCache(_COLOURS)


class CachedStylesheet(Stylesheet):
    """A stylesheet that parses nothing twice."""

    def __init__(self, *, variables: dict[str, str]) -> None:
        """Begin with these colours, and with what has been parsed with them."""
        super().__init__(variables=variables)
        self._parse_cache = _parsed_with(variables)

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take other colours; what was parsed stays if they are the same as before."""
        if variables != self._variables:
            self._parse_cache = LRUCache(1)  # what is emptied now is not what was parsed with the other colours
            super().set_variables(variables)
            self._parse_cache = _parsed_with(variables)

    def reparse(self) -> None:
        """Parse what has not been parsed with these variables."""
        self.parse()


def _parsed_with(variables: dict[str, str]) -> LRUCache[tuple[object, ...], list[RuleSet]]:
    """Return the rules that have been parsed with these colours; they are read only."""
    key = frozenset(variables.items())
    if key not in _parsed:
        _parsed[key] = LRUCache(_SOURCES)
    return _parsed[key]
