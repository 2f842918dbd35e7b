"""Templates of addresses (RFC 6570), as far as they can be completed by typing."""

from __future__ import annotations

from tui_chat.patterns import pattern

_EXPRESSION = pattern(r"\{([^{}]*)\}")
_OPTIONAL = ("?", "&", "#")
"""The beginnings of expressions that an address has sense without: a query, more of one, a fragment."""


def without_arguments(template: str) -> str | None:
    """Return the address that a template makes of no arguments at all; None if that would be none."""
    expressions: list[str] = _EXPRESSION.findall(template)
    return _EXPRESSION.sub("", template) if all(text.startswith(_OPTIONAL) for text in expressions) else None


def beginning(template: str) -> str:
    """Return what all addresses of a template begin with."""
    return _EXPRESSION.split(template)[0]


def fits(template: str, uri: str) -> bool:
    """True if an address may be one of a template's: its fixed pieces stand in it in order, with something between."""
    first, *others = _EXPRESSION.split(template)[::2]
    if not others or not uri.startswith(first) or _EXPRESSION.search(uri):
        return False
    *between, last = others
    at = len(first)
    for piece in between:
        if (found := uri.find(piece, at + 1)) < 0:
            return False
        at = found + len(piece)
    return uri.endswith(last) and at < len(uri) - len(last)
