"""Keys: their names as Textual has them, and the check of those that a user gives to an action."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from tui_chat.settings.actions import KEYS, Where
from tui_chat.settings.errors import Problem, nearest
from tui_chat.settings.literals import shown

_MOVES = ("up", "down", "left", "right", "home", "end")
_ERASERS = ("backspace", "delete")
TEXT_AREA_KEYS = frozenset(
    {*_MOVES, *_ERASERS, "tab", "enter", "space", "pageup", "pagedown"}
    | {f"shift+{key}" for key in (*_MOVES, "tab", "insert")}
    | {f"ctrl+{key}" for key in ("left", "right", "shift+left", "shift+right", "shift+k", *_ERASERS, *"aekuwdxvzy")}
    | {f"alt+{key}" for key in ("left", "right", *_ERASERS, *"abdf")}
    | {f"super+{key}" for key in ("backspace", *"acvxyz")}
)
"""Keys that the composer needs for itself: no other action may take one of them away."""

MODIFIERS = ("alt", "ctrl", "hyper", "meta", "shift", "super")

CHARACTER_NAMES = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
"""The characters that Textual calls otherwise than Unicode does."""

OTHER_NAMES = {
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "ins": "insert",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "page_up": "pageup",
    "page_down": "pagedown",
    "control": "ctrl",
    "option": "alt",
    "cmd": "super",
    "command": "super",
}
"""Names that people use for keys."""


def _character_name(character: str) -> str:
    name = re.sub("[- ]", "_", unicodedata.name(character, "").lower())
    return CHARACTER_NAMES.get(name, name)


CHARACTERS = {
    _character_name(character): character for character in map(chr, range(32, 127)) if not character.isalnum()
}
"""The characters that keys have a name for, by that name."""
PUNCTUATION = frozenset(CHARACTERS)

NAMED_KEYS = frozenset(
    {"escape", "enter", "tab", "insert", "pageup", "pagedown", "pause", "menu", "print_screen", *_MOVES, *_ERASERS}
    | {f"f{number}" for number in range(1, 36)}
)
"""The keys that type nothing."""


def normal_keys(keys: str) -> str | None:
    """Return keys as Textual names them, with commas between them; None if one of them is no key."""
    names = [normal_key(key) for key in (keys.split(",") if keys != "," else [keys])]
    return ",".join(dict.fromkeys(name for name in names if name)) if all(names) else None


def normal_key(key: str) -> str | None:
    """Return a key as Textual names it ("Ctrl+T" is "ctrl+t", "?" is "question_mark"); None if it is no key."""
    *modifiers, base = key.strip().split("+") if len(key.strip()) > 1 else [key.strip()]
    modifiers = sorted({OTHER_NAMES.get(word, word) for word in map(str.lower, modifiers)})
    name = _base_name(base)
    if name is None or any(word not in MODIFIERS for word in modifiers):
        return None
    if modifiers == ["shift"] and len(name) == 1:
        return name.upper() if name.isalpha() else None
    if modifiers and len(name) == 1:
        name = name.lower()
    return "+".join([*modifiers, name])


def _base_name(base: str) -> str | None:
    if len(base) == 1:
        return base if base.isalnum() else _character_name(base) or None
    name = OTHER_NAMES.get(base.lower(), CHARACTER_NAMES.get(base.lower(), base.lower()))
    return name if name in NAMED_KEYS | PUNCTUATION else None


def is_printable(key: str) -> bool:
    """True if a key, under its normal name, types a character."""
    return "+" not in key and key not in NAMED_KEYS


def check_keys(changed: Mapping[str, str]) -> list[Problem]:
    """Return the problems of the keys that a user gave: unknown actions, no keys, clashes, keys that typing needs."""
    problems = [problem for action, keys in changed.items() if (problem := _wrong(action, keys)) is not None]
    wrong = {problem.key for problem in problems}
    kept = {action: keys for action, keys in changed.items() if f"keys.{action}" not in wrong}
    return problems + list(_clashes(kept))


def _wrong(action: str, keys: str) -> Problem | None:
    name = f"keys.{action}"
    if action not in KEYS:
        near = nearest(action, KEYS)
        hint = f"; did you mean keys.{near}?" if near else "."
        return Problem(name, f"{name} is not an action{hint}", unknown=True)
    normal = normal_keys(keys)
    if normal is None:
        return Problem(name, f"{name}: {shown(keys)} is not a key; keys are written like ctrl+t, f5 or alt+t.")
    own = KEYS[action].keys.split(",")
    for key in normal.split(","):
        if KEYS[action].where not in (Where.MESSAGES, Where.COLUMNS) and key not in own and _typing_needs(key):
            return Problem(name, f"{name}: {key} cannot be taken from the composer, which needs it for typing.")
    return None


def _typing_needs(key: str) -> bool:
    return key != "enter" and (key in TEXT_AREA_KEYS or is_printable(key))


def _clashes(changed: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each changed action that wants a key of another; of two changed ones, for the later."""
    bound = {name: changed.get(name, action.keys) for name, action in KEYS.items()}
    order = [*(name for name in KEYS if name not in changed), *changed]
    taken: dict[str, list[str]] = {}
    for name in order:
        for key in (normal_keys(bound[name]) or "").split(","):
            other = next((other for other in taken.get(key, ()) if KEYS[other].where.meets(KEYS[name].where)), None)
            if other:
                yield Problem(f"keys.{name}", f"keys.{name}: {key} is already used for {other}.")
                break
            taken.setdefault(key, []).append(name)
