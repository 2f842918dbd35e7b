"""Settings in a reader's words: what they are called, what their values look like, where these come from."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from tui_chat.settings import KEYS, Kind, Origin, Setting, Value, literal
from tui_chat.text import clean_line

KeyName = Callable[[str], str]
"""Gives a key's name on the screen."""

_GROUPS = {"ui": "Screen", "local": "Local model", "mcp": "MCP servers"}
_NAMES = {
    "provider.system": "System prompt",
    "provider.betas": "Beta features",
    "provider.budget_usd_per_day": "Budget per day, in US dollars",
    "ui.ascii": "Plain glyphs",
}
_SPELLINGS = {"url": "URL", "otlp": "OTLP"}
_SOURCES = {
    Origin.DEFAULT: "the default",
    Origin.FILE: "set in the settings file",
    Origin.PERSONA: "set by the persona, until it is changed here",
    Origin.ENVIRONMENT: "set by the environment, which wins over the file",
    Origin.FLAG: "set on the command line, until it is changed here",
}


def group_name(group: str) -> str:
    """Return the name of a group."""
    return _GROUPS.get(group, group.capitalize())


@cache
def setting_name(setting: Setting) -> str:
    """Return the name of a setting."""
    if setting.kind is Kind.KEYS:
        return KEYS[setting.name].description
    if setting.key in _NAMES:
        return _NAMES[setting.key]
    words = [_SPELLINGS.get(word, word) for word in setting.name.split("_")]
    name = " ".join(words)
    return name[:1].upper() + name[1:]


def value_words(setting: Setting, value: Value, key_name: KeyName) -> str:
    """Return a value on one line; "" where nothing is set."""
    match value:
        case bool():
            return "on" if value else "off"
        case 0 if meaning := setting.meaning_of_0:
            return f"0 ({meaning.removeprefix('is ')})"
        case float():
            return f"{value:g}"
        case tuple():
            return clean_line(", ".join(literal(word)[1:-1] for word in value))
        case str() if setting.kind is Kind.LINE:
            return clean_line(str(setting.without_secrets(value)))
        case str() if setting.kind is Kind.KEYS:
            return "  ".join(key_name(key) for key in value.split(","))
        case str() if setting.kind is Kind.TEXT and "\n" in value.strip():
            first, *more = value.strip().split("\n")
            return f"{clean_line(first)} … {len(more) + 1} lines"
    return "" if value is None else clean_line(str(value))


def allowed_words(setting: Setting) -> str:
    """Return the words for a setting's allowed values."""
    if setting.kind is Kind.KEYS:
        return "any key that typing does not need"
    if setting.kind is Kind.SWITCH:
        return "on or off"
    return "the name of a theme" if setting.key == "ui.theme" else setting.allowed


def source_word(origin: Origin, *, saved: bool) -> str:
    """Return the source of a value, in a word."""
    return origin.value if saved else "not saved"


def source_words(origin: Origin, *, saved: bool) -> str:
    """Return the source of a value, in a few words."""
    return _SOURCES[origin] if saved else "holds until the program ends; it could not be saved"


@cache
def searched(setting: Setting) -> str:
    """Return all that a search finds a setting by."""
    texts = (
        setting.key,
        setting.key.replace("_", " "),
        group_name(setting.group),
        setting_name(setting),
        setting.description,
        " ".join(setting.choices),
    )
    return "\n".join(texts).casefold()


def is_found(setting: Setting, query: str) -> bool:
    """True if a search for all these words finds the setting."""
    return all(word in searched(setting) for word in query.casefold().split())
