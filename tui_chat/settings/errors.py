"""The errors of settings, in the user's words."""

from __future__ import annotations

from collections.abc import Iterable

from tui_chat.records import dataclass


class SettingsError(Exception):
    """A change of the settings that cannot be made: one plain sentence that says why and what is allowed."""


class NotSaved(SettingsError):
    """A change that is allowed, but cannot be written to the file."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An error in the settings file (or the environment); the program ignores that setting and opens all the same."""

    key: str
    """The setting, as `group.name`; empty where the whole file is meant."""
    message: str
    """One sentence for the user."""
    line: int | None = None
    """The line of the file, counted from 1."""
    unknown: bool = False
    """True if it is only a key that the program does not know (it is kept)."""
    of_environment: bool = False
    """True if it is an environment variable that cannot be used."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was most likely meant, if one comes near."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, list(known), n=1, cutoff=0.6)), None)
