"""The app's stylesheet: each set of colours is parsed once, and what is worn at a place is found once.

Textual 8.2 parses all of it anew when the app is drawn, for every screen that opens the first time, and for every theme
that is looked at again. It matches a widget, and each of its component classes, with all rules whenever anything above
it has another class, a size or the focus: as an app starts, three times.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from textual.cache import LRUCache
from textual.css.model import RuleSet, SelectorType
from textual.css.styles import RulesMap, Styles
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

_SOURCES = 512
_COLOURS = 4
"""The sets of colours whose rules are kept: those of the themes that are tried on one after the other."""
_KINDS = 1024
_PLACES = 64
"""The places that are kept of each kind of node."""
_OF_APP = frozenset({"dark", "light", "inline", "ansi", "nocolor"})
"""The states that are the same in all of an app."""
_FROM_ABOVE = frozenset({"disabled", "enabled"})
"""The states that a node has, too, if one that it is in is disabled: Textual looks at all of these for each."""

_Place: TypeAlias = tuple[object, ...]


class _Kind:
    """The nodes that the same rules may match."""

    def __init__(self, rules: Sequence[RuleSet]) -> None:
        self.rules = rules
        selectors = [selector for rule in rules for one in rule.selector_set for selector in one.selectors]
        self._ids = {selector.name for selector in selectors if selector.type is SelectorType.ID}
        states = {state for selector in selectors for state in selector.pseudo_classes}
        self._states, self._states_of_app = states - _OF_APP - _FROM_ABOVE, states & _OF_APP
        self._minds_disabled = not states.isdisjoint(_FROM_ABOVE)
        self.minds_hover = "hover" in states
        self.minds_neighbours = not states.isdisjoint(Stylesheet._EXCLUDE_PSEUDO_CLASSES_FROM_CACHE)
        """True if a rule asks what else is beside or in a node."""
        self.worn: LRUCache[_Place, RulesMap] = LRUCache(_PLACES)
        """The outcome of the rules at each place; it is read only."""

    def place(self, node: DOMNode) -> _Place:
        """Return all that the rules ask for of a node and of those that it is in."""
        path = node.css_path_nodes
        place: list[object] = [_holds(path[0], state) for state in self._states_of_app]
        for above in path:
            place += type(above), above._id if above._id in self._ids else None, above.classes
            place += [_holds(above, state) for state in self._states]
            place += [getattr(above, "disabled", False)] if self._minds_disabled else []
        return tuple(place)


def _holds(node: DOMNode, state: str) -> bool:
    check: Callable[[Any], bool] | None = node._PSEUDO_CLASSES.get(state)
    return check is not None and check(node)


class _Parsed:
    """All that has been parsed with a set of colours."""

    def __init__(self) -> None:
        self.sources: LRUCache[tuple[object, ...], list[RuleSet]] = LRUCache(_SOURCES)
        """The rules of each source; they are read only."""
        self.kinds: LRUCache[tuple[int, ...], _Kind] = LRUCache(_KINDS)
        """By the identities of their rules, which they keep: Textual's are slow to hash."""


def _as_set(rules: RulesMap) -> RulesMap:
    """Return rules as they are once they are set: a width in percent is one of the width of what is around it."""
    styles = Styles()
    for name, value in rules.items():
        setattr(styles, name, value)
    return styles.get_rules()


_parsed: LRUCache[frozenset[tuple[str, str]], _Parsed] = LRUCache(_COLOURS)


class CachedStylesheet(Stylesheet):
    """A stylesheet that parses nothing twice, and looks at all rules once for a place."""

    def __init__(self, *, variables: dict[str, str]) -> None:
        """Begin with these colours, and with what has been parsed with them."""
        super().__init__(variables=variables)
        self._kinds: dict[object, _Kind] = {}
        self._kinds_of: list[RuleSet] = []
        """The rules that hold as the kinds are told apart."""
        self._use(variables)

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take other colours; what was parsed stays if they are the same as before."""
        if variables != self._variables:
            self._parse_cache = LRUCache(1)  # what is emptied now is not what was parsed with the other colours
            super().set_variables(variables)
            self._use(variables)

    def reparse(self) -> None:
        """Parse what has not been parsed with these variables."""
        self.parse()

    def apply(self, node: DOMNode, *, animate: bool = False, cache: dict[Any, RulesMap] | None = None) -> None:
        """Style a node by all rules that match it."""
        kind = self._kind(node)
        if kind.minds_neighbours:
            super().apply(node, animate=animate, cache=cache)
            return
        place = kind.place(node)
        worn = kind.worn.get(place)
        if worn is None:
            found: dict[Any, RulesMap] = {}
            super().apply(node, animate=animate, cache=found)
            for rules in found.values():
                kind.worn[place] = _as_set(rules)
            return
        node._has_hover_style = kind.minds_hover
        node._has_focus_within = node._has_order_style = node._has_odd_or_even = False
        self._wear(node, worn, animate=animate)
        self._process_component_classes(node)

    def _process_component_classes(self, node: DOMNode) -> None:
        """Style the parts of a node; Textual makes a node for each of them anew every time."""
        changed = False
        for name in node._get_component_classes():
            part = node._component_styles[name].node if name in node._component_styles else None
            if part is None:
                part = DOMNode(classes=name)
                part._attach(node)
                node._component_styles[name] = part.styles
            before = part.styles.base.get_rules()
            self.apply(part)
            changed = changed or part.styles.base._rules != before
        if changed:
            node.refresh()

    def _wear(self, node: DOMNode, worn: RulesMap, *, animate: bool) -> None:
        """Have a node wear this, unless it does already; of one that nobody has seen, there is nothing to refresh."""
        base = node.styles.base
        if not base._rules and not node._is_mounted and "display" not in worn:  # others have to hear of that
            base.merge_rules(worn)
            node.notify_style_update()
        elif base._rules != worn:
            self.replace_rules(node, worn, animate=animate)
        else:
            node.notify_style_update()  # what it is in may look otherwise

    def _use(self, variables: dict[str, str]) -> None:
        """Go on with what has been parsed with these colours."""
        key = frozenset(variables.items())
        if key not in _parsed:
            _parsed[key] = _Parsed()
        self._known = _parsed[key]
        self._parse_cache = self._known.sources

    def _kind(self, node: DOMNode) -> _Kind:
        if self._kinds_of is not self.rules:
            self._kinds, self._kinds_of = {}, self.rules
        key = type(node), node._id if f"#{node._id}" in self.rules_map else None, node.classes
        if key not in self._kinds:
            names = node._selector_names
            rules = [rule for name in sorted(names & self.rules_map.keys()) for rule in self.rules_map[name]]
            ids = tuple(map(id, rules))
            if ids not in self._known.kinds:
                self._known.kinds[ids] = _Kind(rules)
            self._kinds[key] = self._known.kinds[ids]
        return self._kinds[key]
