"""The language of searches: words, "phrases", prefixes*, and filters such as from:me or before:2026-05.

Whatever is no filter is looked for as it stands: every text is a search.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from tui_chat.chat.message import Role
from tui_chat.patterns import pattern
from tui_chat.records import dataclass, replace

LONGEST_QUERY = 1000
"""Characters of a query that count."""
_TOKENS = pattern(r'"([^"]*)"|(\S+)')
_DATE = pattern(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_AFTER_ANY_TIME = "~"
"""A character that sorts after all those of a time."""


@dataclass(frozen=True, slots=True)
class Term:
    """A text that must occur, without regard to letter case."""

    text: str
    at_word_start: bool = False

    def occurs_in(self, folded: str) -> bool:
        """True if it occurs in a text that is without letter case."""
        wanted = self.text.casefold()
        if not self.at_word_start:
            return wanted in folded
        return re.search(rf"(?<!\w){re.escape(wanted)}", folded) is not None


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """All that a message must be to be found."""

    terms: tuple[Term, ...] = ()
    role: Role | None = None
    models: tuple[str, ...] = ()
    """Parts of the model's name, without letter case."""
    before: str = ""
    """The beginning of a time in UTC, as it is stored: what is found is older."""
    after: str = ""
    """The same: what is found is not older than that whole day, month or year."""
    tags: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()
    """Of "file", "code", "pinned", "archived" and "bookmarked"."""

    @property
    def is_empty(self) -> bool:
        """True if it asks for nothing."""
        return self == SearchQuery()

    @property
    def words(self) -> tuple[str, ...]:
        """The texts that are looked for."""
        return tuple(term.text for term in self.terms)

    @classmethod
    def parsed(cls, text: str) -> SearchQuery:
        """Return what a text asks for; nothing is an error."""
        query, terms = cls(), dict[Term, None]()
        for phrase, token in _TOKENS.findall(text[:LONGEST_QUERY].replace("\0", " ")):
            filtered = _filtered(query, token)
            if filtered is not None:
                query = filtered
            elif term := _term(phrase, token):
                terms[term] = None
        return replace(query, terms=tuple(terms))


def _term(phrase: str, token: str) -> Term | None:
    if phrase.strip():
        return Term(phrase.strip())
    if len(token) > 1 and token.endswith("*") and "*" not in token[:-1]:
        return Term(token[:-1], at_word_start=True)
    return Term(token) if token else None


def _filtered(query: SearchQuery, token: str) -> SearchQuery | None:
    """Return the query with what a token filters by; None if it is no filter."""
    name, _, value = token.partition(":")
    read = _FILTERS.get(name.casefold()) if value else None
    return read(query, value) if read is not None else None


def _from(query: SearchQuery, value: str) -> SearchQuery | None:
    role = {"me": Role.USER, "you": Role.USER, "model": Role.ASSISTANT, "reply": Role.ASSISTANT}.get(value.casefold())
    return replace(query, role=role) if role is not None else None


def _before(query: SearchQuery, value: str) -> SearchQuery | None:
    return replace(query, before=value) if _DATE.fullmatch(value) else None


def _after(query: SearchQuery, value: str) -> SearchQuery | None:
    return replace(query, after=value + _AFTER_ANY_TIME) if _DATE.fullmatch(value) else None


def _marked(*known: str) -> Callable[[SearchQuery, str], SearchQuery | None]:
    def read(query: SearchQuery, value: str) -> SearchQuery | None:
        mark = value.casefold()
        return replace(query, marks=query.marks | {mark}) if mark in known else None

    return read


_FILTERS: Mapping[str, Callable[[SearchQuery, str], SearchQuery | None]] = {
    "from": _from,
    "model": lambda query, value: replace(query, models=(*query.models, value.casefold())),
    "before": _before,
    "after": _after,
    "tag": lambda query, value: replace(query, tags=(*query.tags, value.removeprefix("#"))),
    "has": _marked("file", "code"),
    "is": _marked("pinned", "archived", "bookmarked"),
}
