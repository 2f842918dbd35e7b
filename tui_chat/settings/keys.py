"""The keys: every action with its name and its usual keys, and the check of those that a user gives it instead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tui_chat.settings.errors import Problem, nearest


class Where(StrEnum):
    """Where an action's keys work."""

    ANYWHERE = "anywhere"
    COMPOSER = "composer"
    MESSAGES = "messages"

    def meets(self, other: Where) -> bool:
        """Whether one key cannot serve in both places."""
        return self is other or Where.ANYWHERE in (self, other)


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a key does."""

    name: str
    keys: str
    """The usual keys under Textual's names, with commas between them."""
    description: str
    where: Where = Where.ANYWHERE


KEYS: Mapping[str, Action] = {
    action.name: action
    for action in (
        Action("send", "enter", "Send the prompt", Where.COMPOSER),
        Action("newline", "ctrl+j,shift+enter", "Break the line; so does a backslash before Enter", Where.COMPOSER),
        Action("stop", "escape", "Stop the reply that is coming"),
        Action("cancel", "ctrl+c", "Copy the selection, cancel the reply, clear the composer, or quit"),
        Action("toggle_mode", "ctrl+t,f9", "Switch between stream and batch"),
        Action("retry", "f5", "Regenerate the reply, or try a failed one again"),
        Action("continue_reply", "f8", "Let a stopped, failed or cut reply go on"),
        Action("new_conversation", "ctrl+n,f7", "Start a new conversation"),
        Action("conversations", "ctrl+o", "Open, rename, delete or search conversations"),
        Action("next_conversation", "f6,ctrl+pagedown", "Go to the next conversation"),
        Action("previous_conversation", "shift+f6,ctrl+pageup", "Go to the conversation before"),
        Action("find", "ctrl+f", "Find in this conversation"),
        Action("search_prompts", "ctrl+r", "Search your earlier prompts"),
        Action("earlier_prompt", "up", "On the first line: queued prompts, then earlier ones", Where.COMPOSER),
        Action("later_prompt", "down", "On the last line: come back from earlier prompts", Where.COMPOSER),
        Action("edit_in_editor", "ctrl+g", "Edit the prompt in your editor"),
        Action("copy_reply", "f4", "Copy the last reply"),
        Action("settings", "f2", "Change the settings"),
        Action("statistics", "f3", "Show the statistics"),
        Action("help", "f1,ctrl+underscore,ctrl+slash", "Show the help"),
        Action("palette", "ctrl+p", "Everything, by name"),
        Action("quit", "ctrl+q", "Quit"),
        Action("scroll_up", "pageup", "Scroll the messages up"),
        Action("scroll_down", "pagedown", "Scroll the messages down"),
        Action("scroll_home", "ctrl+home", "Go to the first message"),
        Action("scroll_end", "ctrl+end", "Go to the end and follow it"),
        Action("focus_messages", "tab", "Go into the messages", Where.COMPOSER),
        Action("focus_composer", "tab", "Go back to the composer", Where.MESSAGES),
        Action("previous_message", "up,k", "Choose the message before", Where.MESSAGES),
        Action("next_message", "down,j", "Choose the next message", Where.MESSAGES),
        Action("copy_message", "c", "Copy the message", Where.MESSAGES),
        Action("copy_code", "b", "Copy its code block; again: the next one", Where.MESSAGES),
        Action("edit_message", "e", "Edit it into a new branch", Where.MESSAGES),
        Action("regenerate", "r", "Regenerate it", Where.MESSAGES),
        Action("continue_message", "full_stop", "Let it go on", Where.MESSAGES),
        Action("previous_branch", "left", "Go to the branch before", Where.MESSAGES),
        Action("next_branch", "right", "Go to the next branch", Where.MESSAGES),
        Action("fork", "f", "Fork the conversation from here", Where.MESSAGES),
        Action("fold", "enter", "Fold or unfold it", Where.MESSAGES),
    )
}
"""The actions by their names."""

_MOVES = ("up", "down", "left", "right", "home", "end")
_ERASERS = ("backspace", "delete")
TEXT_AREA_KEYS = frozenset(
    {*_MOVES, *_ERASERS, "tab", "enter", "space", "pageup", "pagedown", "alt+left", "alt+right"}
    | {f"shift+{key}" for key in (*_MOVES, "tab", "insert")}
    | {f"ctrl+{key}" for key in ("left", "right", "shift+left", "shift+right", "shift+k", *_ERASERS, *"aekuwdxvzy")}
    | {f"alt+{key}" for key in _ERASERS}
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

NAMED_KEYS = frozenset(
    {"escape", "enter", "tab", "space", "insert", "pageup", "pagedown", "pause", "menu", "print_screen"}
    | {*_MOVES, *_ERASERS, *CHARACTER_NAMES.values()}
    | {f"f{number}" for number in range(1, 36)}
)

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


def default_keys(action: str) -> str:
    """An action's usual keys, with commas between them."""
    return KEYS[action].keys


def normal_keys(keys: str) -> str | None:
    """Keys as Textual names them, with commas between them; None where one of them is no key."""
    names = [normal_key(key) for key in (keys.split(",") if keys != "," else [keys])]
    return ",".join(dict.fromkeys(name for name in names if name)) if all(names) else None


def normal_key(key: str) -> str | None:
    """One key as Textual names it ("Ctrl+T" is "ctrl+t", "?" is "question_mark"); None where it is no key."""
    *modifiers, base = key.strip().split("+") if len(key.strip()) > 1 else [key.strip()]
    modifiers = sorted({OTHER_NAMES.get(word, word) for word in map(str.lower, modifiers)})
    name = _base_name(base)
    if name is None or any(word not in MODIFIERS for word in modifiers):
        return None
    if modifiers == ["shift"] and len(name) == 1:
        return name.upper() if name.isalpha() else None
    if modifiers and len(name) == 1:
        name = name.lower()
    whole = "+".join([*modifiers, name])
    return OTHER_NAMES.get(whole, whole)


def _base_name(base: str) -> str | None:
    if len(base) == 1:
        return base if base.isalnum() else _character_name(base)
    name = OTHER_NAMES.get(base.lower(), base.lower())
    if name in NAMED_KEYS:
        return name
    try:
        return _character_name(unicodedata.lookup(name.replace("_", " ").replace("hyphen minus", "hyphen-minus")))
    except KeyError:
        return None


def _character_name(character: str) -> str | None:
    if not character.isprintable():
        return None
    name = re.sub("[- ]", "_", unicodedata.name(character, "").lower())
    return CHARACTER_NAMES.get(name, name) or None


def is_printable(key: str) -> bool:
    """Whether a key, under its normal name, types a character."""
    return "+" not in key and (key not in NAMED_KEYS or key in CHARACTER_NAMES.values() or key == "space")


def check_keys(changed: Mapping[str, str]) -> list[Problem]:
    """What is wrong with the keys that a user gave: unknown actions, no keys, clashes, keys that typing needs."""
    problems = [problem for action, keys in changed.items() if (problem := _wrong(action, keys)) is not None]
    wrong = {problem.key for problem in problems}
    kept = {action: keys for action, keys in changed.items() if f"keys.{action}" not in wrong}
    return problems + list(_clashes(kept))


def _wrong(action: str, keys: str) -> Problem | None:
    name = f"keys.{action}"
    if action not in KEYS:
        near = nearest(action, KEYS)
        return Problem(
            name, f"{name} is not an action" + (f"; did you mean keys.{near}?" if near else "."), unknown=True
        )
    normal = normal_keys(keys)
    if normal is None:
        return Problem(name, f'{name}: "{keys}" is not a key; keys are written like ctrl+t, f5 or alt+t.')
    own = KEYS[action].keys.split(",")
    for key in normal.split(","):
        if KEYS[action].where is not Where.MESSAGES and key not in own and _typing_needs(key):
            return Problem(name, f"{name}: {key} cannot be taken from the composer, which needs it for typing.")
    return None


def _typing_needs(key: str) -> bool:
    return key != "enter" and (key in TEXT_AREA_KEYS or is_printable(key))


def _clashes(changed: Mapping[str, str]) -> Iterator[Problem]:
    """One problem for each changed action that wants a key of another; the later of two changed ones is at fault."""
    bound = {name: changed.get(name, action.keys) for name, action in KEYS.items()}
    order = [*(name for name in KEYS if name not in changed), *changed]
    taken: dict[str, list[str]] = {}
    for name in order:
        for key in (normal_keys(bound[name]) or "").split(","):
            other = next((other for other in taken.get(key, ()) if KEYS[other].where.meets(KEYS[name].where)), None)
            if other:
                yield Problem(f"keys.{name}", f"keys.{name}: {key} is both {name} and {other}.")
                break
            taken.setdefault(key, []).append(name)
