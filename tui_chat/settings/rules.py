"""What a setting's value may be: a rule checks what a file holds and reads what a command line says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Protocol, TypeAlias

Value: TypeAlias = bool | int | float | str | tuple[str, ...] | None
"""A setting's value; None is "not set"."""


class Kind(StrEnum):
    """The kinds of values, by which an editor for one is chosen."""

    SWITCH = "switch"
    WHOLE = "whole number"
    NUMBER = "number"
    CHOICE = "choice"
    LINE = "line of text"
    TEXT = "text"
    WORDS = "list of texts"
    KEYS = "keys"


class Refused(ValueError):
    """A value that its rule does not allow."""


class Rule(Protocol):
    """What one setting allows."""

    kind: ClassVar[Kind]

    @property
    def allowed(self) -> str:
        """What is allowed, in a few words."""
        ...

    def check(self, raw: object) -> Value:
        """The value of what a TOML file holds; `Refused` where it is not allowed."""
        ...

    def parse(self, text: str) -> Value:
        """The value of what was typed; `Refused` where it is not allowed."""
        ...


CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a line of text never needs, and what could act on a terminal."""


@dataclass(frozen=True, slots=True)
class Switch:
    """On or off."""

    kind: ClassVar[Kind] = Kind.SWITCH
    allowed = "true or false"

    def check(self, raw: object) -> bool:
        """Only TOML's own true and false."""
        if isinstance(raw, bool):
            return raw
        raise Refused

    def parse(self, text: str) -> bool:
        """The words that people use for it."""
        word = text.strip().lower()
        if word in ("true", "on", "yes", "1"):
            return True
        if word in ("false", "off", "no", "0"):
            return False
        raise Refused


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number in a range."""

    low: int
    high: int
    meaning_of_0: str = ""
    kind: ClassVar[Kind] = Kind.WHOLE

    @property
    def allowed(self) -> str:
        """The range, and what 0 stands for."""
        return _range(self.low, self.high, self.meaning_of_0)

    def check(self, raw: object) -> int:
        """A TOML integer in the range."""
        if isinstance(raw, int) and not isinstance(raw, bool) and self.low <= raw <= self.high:
            return raw
        raise Refused

    def parse(self, text: str) -> int:
        """Digits, with `_` between them if one likes."""
        return self.check(_number(int, text))


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a range."""

    low: float
    high: float
    meaning_of_0: str = ""
    kind: ClassVar[Kind] = Kind.NUMBER

    @property
    def allowed(self) -> str:
        """The range, and what 0 stands for."""
        return _range(self.low, self.high, self.meaning_of_0)

    def check(self, raw: object) -> float:
        """A TOML float or integer in the range."""
        if isinstance(raw, int | float) and not isinstance(raw, bool) and self.low <= raw <= self.high:
            return float(raw)
        raise Refused

    def parse(self, text: str) -> float:
        """A number as it is written in a program."""
        return self.check(_number(float, text))


@dataclass(frozen=True, slots=True)
class NumberOrNone(Number):
    """A number in a range, or "" for none."""

    @property
    def allowed(self) -> str:
        """The range, and how to leave it open."""
        return f'{_range(self.low, self.high)}, or "" to leave it to the model'

    def check(self, raw: object) -> float | None:  # type: ignore[override]  # "" is one value more
        """A number in the range, or an empty text."""
        return None if raw == "" else Number.check(self, raw)

    def parse(self, text: str) -> float | None:  # type: ignore[override]  # "" is one value more
        """A number, or nothing."""
        return self.check("" if not text.strip() else _number(float, text))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    choices: tuple[str, ...]
    kind: ClassVar[Kind] = Kind.CHOICE

    @property
    def allowed(self) -> str:
        """The words."""
        return ", ".join(self.choices[:-1]) + f" or {self.choices[-1]}"

    def check(self, raw: object) -> str:
        """One of the words, exactly."""
        if isinstance(raw, str) and raw in self.choices:
            return raw
        raise Refused

    def parse(self, text: str) -> str:
        """One of the words, in small letters or not."""
        return self.check(text.strip().lower())


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text."""

    longest: int = 1000
    shortest: int = 0
    kind: ClassVar[Kind] = Kind.LINE

    @property
    def allowed(self) -> str:
        """How long it may be."""
        return f"one line of {self.shortest} to {self.longest} characters"

    def check(self, raw: object) -> str:
        """Text without line ends and control characters."""
        if isinstance(raw, str) and self.shortest <= len(raw) <= self.longest and not CONTROL.search(raw):
            return raw
        raise Refused

    def parse(self, text: str) -> str:
        """The text as it is."""
        return self.check(text)


@dataclass(frozen=True, slots=True)
class Address(Line):
    """The address of a server, or nothing."""

    allowed = "an address that begins with http:// or https://, or nothing"

    def check(self, raw: object) -> str:
        """An http or https address; nothing stands for the usual one."""
        address = Line.check(self, raw)
        if not address or re.fullmatch(r"https?://[^\s/]\S*", address, re.IGNORECASE):
            return address
        raise Refused


@dataclass(frozen=True, slots=True)
class Thinking(Line):
    """How much the model thinks before it answers."""

    allowed = "off, on, low, medium, high, or a number of tokens from 1024 to 1000000"

    def check(self, raw: object) -> str:
        """A word, or a budget as a number or as text."""
        word = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw
        if word in ("off", "on", "low", "medium", "high"):
            return str(word)
        if isinstance(word, str) and re.fullmatch(r"[0-9]{4,7}", word) and 1024 <= int(word) <= 1_000_000:
            return str(int(word))
        raise Refused

    def parse(self, text: str) -> str:
        """A word or a number."""
        return self.check(text.strip().lower())


@dataclass(frozen=True, slots=True)
class Text:
    """Any text, of several lines if need be."""

    kind: ClassVar[Kind] = Kind.TEXT
    allowed = "any text"

    def check(self, raw: object) -> str:
        """Any text that can be written to a file."""
        if isinstance(raw, str) and not re.search(r"[\x00\ud800-\udfff]", raw):
            return raw
        raise Refused

    def parse(self, text: str) -> str:
        """The text as it is."""
        return self.check(text)


@dataclass(frozen=True, slots=True)
class Words:
    """A list of texts."""

    kind: ClassVar[Kind] = Kind.WORDS
    allowed = 'a list of texts, as in ["one", "two"]'

    def check(self, raw: object) -> tuple[str, ...]:
        """A TOML array of texts none of which is blank."""
        if not isinstance(raw, list | tuple):
            raise Refused
        words = tuple(Text().check(word) for word in raw)
        if all(word.strip() for word in words):
            return words
        raise Refused

    def parse(self, text: str) -> tuple[str, ...]:
        """An array as TOML writes it, or texts with commas between them."""
        if not text.strip().startswith("["):
            return self.check([word.strip() for word in text.split(",")] if text.strip() else [])
        import tomllib

        try:
            return self.check(tomllib.loads(f"words = {text.strip()}").get("words"))
        except tomllib.TOMLDecodeError as error:
            raise Refused from error


def _range(low: float, high: float, meaning_of_0: str = "") -> str:
    return f"{low:g} to {high:.12g}" + (f"; 0 {meaning_of_0}" if meaning_of_0 else "")


def _number(kind: type[int] | type[float], text: str) -> int | float:
    try:
        return kind(text)
    except ValueError as error:
        raise Refused from error


def shown(value: object) -> str:
    """A value as a sentence shows it: on one line, short, harmless, and never a secret."""
    text = literal(value) if isinstance(value, bool | int | float | str) or _is_words(value) else _named(value)
    text = re.sub(r"\bsk-[\w-]{8,}|(?<=//)[^/@\s]+(?=@)", "…", text)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _is_words(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(word, str) for word in value)


def _named(value: object) -> str:
    return "a table" if isinstance(value, dict) else "a list" if isinstance(value, list) else str(value)


def literal(value: object) -> str:
    """A value as TOML writes it, on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{_escaped(value)}"'
        case list() | tuple():
            return f"[{', '.join(literal(item) for item in value)}]"
    return repr(value)


def _escaped(text: str) -> str:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)


def known_words(words: Sequence[str]) -> str:
    """Words for a sentence: "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
