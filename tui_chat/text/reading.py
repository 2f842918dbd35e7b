"""Values from the wire, a file or the database as what the program can work with: bounded, and of a known kind.

A reader either returns what can be relied on, or None or "" for what is not known; those that cannot do without a value
raise ValueError.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui_chat.patterns import pattern
from tui_chat.text.limits import (
    DEEPEST_JSON,
    EARLIEST_YEAR,
    LARGEST_NUMBER,
    LATEST_YEAR,
    LONGEST_NAME,
    LONGEST_QUOTE,
    LONGEST_SENTENCE,
    MOST_COUNTED,
)

if TYPE_CHECKING:
    from datetime import datetime

_ID = pattern(r"[0-9A-Za-z_-]{1,64}")


def count(value: object) -> int | None:
    """Return a count; None for a value that is no whole number, negative or impossibly large."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= MOST_COUNTED else None


def figure(value: object) -> float | None:
    """Return a measured value; None for one that is no number, not finite or negative."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return value if 0 <= value <= MOST_COUNTED else None


def name(value: object) -> str:
    """Return a name, cut to a length that can be shown and kept; "" for a value that is no text."""
    return value[:LONGEST_NAME] if isinstance(value, str) else ""


def identifier(value: object) -> str:
    """Return an ID of ours; raise ValueError for a value that cannot be one."""
    if isinstance(value, str) and _ID.fullmatch(value):
        return value
    raise ValueError("not an ID")


def sentence(text: str) -> str:
    """Return a sentence, cut where what it quotes makes it too long."""
    return _cut(text, LONGEST_SENTENCE)


def quoted(value: object) -> str:
    """Return the beginning of an invalid value, for a sentence that says so."""
    if isinstance(value, str):
        return _cut(repr(value[: LONGEST_QUOTE + 1]), LONGEST_QUOTE)
    if value is None or isinstance(value, bool) or count(value) is not None:
        return repr(value)
    return "an object" if isinstance(value, Mapping) else "a list" if isinstance(value, list) else "a number"


def mapping(value: object) -> Mapping[str, object]:
    """Return a JSON object; an empty one for any other value."""
    return value if isinstance(value, Mapping) else {}


def parsed(text: str | bytes) -> object:
    """Return the value of a JSON text; raise ValueError if it is invalid or too deep for the parser."""
    import json

    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def bounded(value: object) -> object:
    """Return a JSON value that can be walked through, kept and sent: no numbers beyond those of other programs.

    ValueError if it is nested too deeply.
    """
    if _is_deep(value):
        raise ValueError("nested too deeply")
    return _with_plain_numbers(value)


def bounded_object(value: object) -> dict[str, object]:
    """Return such a JSON object; raise TypeError for any other value."""
    found = bounded(value)
    if not isinstance(found, dict):
        raise TypeError("it is not an object")
    return found


def moment(value: object) -> datetime:
    """Return a time in UTC, which is assumed if it names no zone; raise ValueError if it is no time."""
    from datetime import datetime

    time = datetime.fromisoformat(value) if isinstance(value, str) else None
    if time is None or not EARLIEST_YEAR <= time.year <= LATEST_YEAR:
        raise ValueError(f"not a time of the years {EARLIEST_YEAR} to {LATEST_YEAR}")
    return _utc(time)


def stored_moment(value: object) -> datetime:
    """Return a stored time; one outside the calendar becomes the first or the last time in it."""
    from datetime import UTC, datetime

    time = datetime.fromisoformat(value) if isinstance(value, str) else None
    if time is None:
        raise ValueError("not a time")
    if time.year < EARLIEST_YEAR:
        return datetime(EARLIEST_YEAR, 1, 1, tzinfo=UTC)
    return _utc(time) if time.year <= LATEST_YEAR else datetime(LATEST_YEAR, 12, 31, tzinfo=UTC)


def _utc(time: datetime) -> datetime:
    from datetime import UTC

    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _is_deep(value: object) -> bool:
    """True if a value is nested too deeply; found without recursion."""
    level: list[object] = [value]
    for _ in range(DEEPEST_JSON):
        inner = [item for found in level for item in _items(found)]
        if not inner:
            return False
        level = inner
    return True


def _items(value: object) -> list[object]:
    """Return the objects and lists in a value."""
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return [item for item in inner if isinstance(item, Mapping | list | tuple)]


def _with_plain_numbers(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _with_plain_numbers(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_plain_numbers(item) for item in value]
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int | float) and abs(value) <= (LARGEST_NUMBER if isinstance(value, int) else 1e308):
        return value
    return None  # NaN too: every comparison with it is false
