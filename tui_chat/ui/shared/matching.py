"""Marks the text typed into the palette in a name that may hold foreign text."""

from __future__ import annotations

from textual.content import Content
from textual.fuzzy import Matcher


def marked_name(matcher: Matcher, name: str) -> Content:
    """Return the name with its matches marked; Textual's own `highlight` takes brackets in it for markup."""
    content = Content(name)
    for offset in matcher.fuzzy_search.match(matcher.query, name)[1]:
        content = content.stylize(matcher.match_style, offset, offset + 1)
    return content
