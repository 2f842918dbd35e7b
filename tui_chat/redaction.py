"""Removes secrets from what is shown, logged or exported: those in an address, and what looks like a key."""

from __future__ import annotations

import re

from tui_chat.patterns import pattern

HIDDEN = "***"
"""The text in place of a secret."""

# A scheme is short; without a bound, a long word would be searched again from each of its letters.
_ADDRESS = pattern(r"[a-z][a-z0-9+.-]{0,30}://[^\s<>\"“”')]*", re.IGNORECASE)
_HOST = pattern(r"(?:\[[^\]]*\]|[^:@\s]*)(?::\d*)?")
_WORD = pattern(r"([^\s/@]++)(@?)")
_NAMED = pattern(r"[^:“\"'(](?=:.)")
"""The end of a name that a password follows."""
_ASSIGNED = pattern(
    r"((?<![a-z0-9])(?:api[-_]?key|access[-_]?key|token|secret|password|passwd|signature|sig|key)=)"
    r"[^\s&;,)\"'”]+",
    re.IGNORECASE,
)
_KEY = pattern(r"\b(?:sk|pk|key)-[\w-]{8,}")


def redacted(text: str) -> str:
    """Return text without the secrets of the addresses in it, and without anything that looks like a key."""
    text = _ADDRESS.sub(lambda found: redacted_address(found[0]), text)
    text = _ASSIGNED.sub(rf"\1{HIDDEN}", _WORD.sub(_without_login, text))
    return _KEY.sub("[key]", text)


def _without_login(word: re.Match[str]) -> str:
    """Return a word without a name and a password where nothing says that it is an address."""
    text, at = word[1], word[2]
    named = _NAMED.search(text) if at else None
    if named is None:
        return word[0]
    begin = max(text.rfind(sign, 0, named.start()) for sign in ":“\"'(") + 1
    return f"{text[:begin]}{HIDDEN}{at}"


def redacted_address(address: str) -> str:
    """Return an address, be it a good one or not, without its user, the values of its query, and its fragment."""
    scheme, slashes, rest = address.partition("//") if "//" in address else ("", "", address)
    place, sign, query = _parted(_without_user(rest))
    if sign:
        query, _, fragment = query.partition("#") if sign == "?" else ("", "", query)
        place += (f"?{_without_values(query)}" if sign == "?" else "") + (f"#{HIDDEN}" if fragment else "")
    return _KEY.sub("[key]", f"{scheme}{slashes}{place}")


def _without_user(rest: str) -> str:
    """Return the rest of an address after the slashes, without the login."""
    before = _parted(rest)[0]
    if "@" not in before and not _HOST.fullmatch(before.partition("/")[0]):
        before = rest  # a password may, if only by error, have what ends an address in it
    end = before.rfind("@")
    return HIDDEN + rest[end:] if end >= 0 else rest


def _without_values(query: str) -> str:
    fields = (field.partition("=") for field in query.split("&"))
    return "&".join(f"{name}={HIDDEN}" if equals else name and HIDDEN for name, equals, _ in fields)


def _parted(rest: str) -> tuple[str, str, str]:
    """Return what stands before the query or the fragment, the sign that begins that, and what follows."""
    found = re.search(r"[?#]", rest)
    return (rest[: found.start()], found[0], rest[found.end() :]) if found else (rest, "", "")
