"""The rules for the values of settings: each checks a value from a file and reads one from a command line."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from enum import StrEnum
from typing import TypeAlias

from tui_chat.records import dataclass
from tui_chat.settings.literals import CONTROL

Value: TypeAlias = bool | int | float | str | tuple[str, ...] | None
"""A setting's value; None is "not set"."""


class Kind(StrEnum):
    """The kinds of values, by which an editor for one is chosen."""

    SWITCH = "switch"
    """true or false."""
    WHOLE = "whole number"
    """A whole number in a range."""
    NUMBER = "number"
    """A number in a range; where None is allowed, it is left open."""
    CHOICE = "choice"
    """One of a few words."""
    LINE = "line"
    """One line of text."""
    TEXT = "text"
    """Text of several lines."""
    WORDS = "words"
    """A list of texts."""
    KEYS = "keys"
    """The keys of an action."""


class InvalidValue(ValueError):
    """A value that its rule does not allow."""


class ValueRule(ABC):
    """The rule for the value of a setting."""

    kind: Kind
    choices: tuple[str, ...] = ()
    """The words to choose from, or to offer."""

    @property
    @abstractmethod
    def allowed(self) -> str:
        """The allowed values, in a few words."""

    @abstractmethod
    def check(self, raw: object) -> Value:
        """Return the value of what a TOML file holds; raise `InvalidValue` if it is not allowed."""

    def parse(self, text: str) -> Value:
        """Return the value of what was typed; raise `InvalidValue` if it is not allowed."""
        return self.check(text)


class Switch(ValueRule):
    """On or off."""

    kind = Kind.SWITCH
    choices = ("true", "false")
    allowed = "true or false"

    def check(self, raw: object) -> bool:
        """Return TOML's own true or false, and accept nothing else."""
        if isinstance(raw, bool):
            return raw
        raise InvalidValue

    def parse(self, text: str) -> bool:
        """Return the value of a word that people use for it."""
        word = text.strip().lower()
        if word in ("true", "on", "yes", "1"):
            return True
        if word in ("false", "off", "no", "0"):
            return False
        raise InvalidValue


@dataclass(frozen=True)
class Whole(ValueRule):
    """A whole number in a range."""

    low: int
    high: int
    meaning_of_0: str = ""
    kind = Kind.WHOLE

    @property
    def allowed(self) -> str:
        """The range, and what 0 stands for."""
        return _range(self.low, self.high, self.meaning_of_0)

    def check(self, raw: object) -> int:
        """Return a TOML integer in the range."""
        if isinstance(raw, int) and not isinstance(raw, bool) and self.low <= raw <= self.high:
            return raw
        raise InvalidValue

    def parse(self, text: str) -> int:
        """Return the value of digits, with `_` between them or not."""
        return self.check(_number(int, text))


@dataclass(frozen=True)
class Number(ValueRule):
    """A number in a range; where there is a `meaning_of_none`, "" stands for none."""

    low: float
    high: float
    meaning_of_0: str = ""
    meaning_of_none: str = ""
    kind = Kind.NUMBER

    @property
    def allowed(self) -> str:
        """The range, and what 0 and "" stand for."""
        none = f'; "" {self.meaning_of_none}' if self.meaning_of_none else ""
        return _range(self.low, self.high, self.meaning_of_0) + none

    def check(self, raw: object) -> float | None:
        """Return a TOML float or integer in the range."""
        if raw == "" and self.meaning_of_none:
            return None
        if isinstance(raw, int | float) and not isinstance(raw, bool) and self.low <= raw <= self.high:
            return float(raw)
        raise InvalidValue

    def parse(self, text: str) -> float | None:
        """Return the value of a number as it is written in a program."""
        return self.check(_number(float, text) if text.strip() else "")


@dataclass(frozen=True)
class Choice(ValueRule):
    """One of a few words."""

    choices: tuple[str, ...]
    kind = Kind.CHOICE

    @property
    def allowed(self) -> str:
        """The words."""
        return f"{', '.join(self.choices[:-1])} or {self.choices[-1]}"

    def check(self, raw: object) -> str:
        """Return one of the words, exactly."""
        if isinstance(raw, str) and raw in self.choices:
            return raw
        raise InvalidValue

    def parse(self, text: str) -> str:
        """Return one of the words, in small letters or not."""
        return self.check(text.strip().lower())


@dataclass(frozen=True)
class LineRule(ValueRule):
    """One line of text; a few may be offered, though any other is allowed, too."""

    longest: int
    shortest: int = 0
    choices: tuple[str, ...] = ()
    kind = Kind.LINE

    @property
    def allowed(self) -> str:
        """The length that is allowed."""
        return (
            f"{self.shortest} to {self.longest} characters" if self.shortest else f"at most {self.longest} characters"
        )

    def check(self, raw: object) -> str:
        """Return text without line ends and control characters."""
        if isinstance(raw, str) and self.shortest <= len(raw) <= self.longest and not CONTROL.search(raw):
            return raw
        raise InvalidValue


class Address(ValueRule):
    """The address of a server, or nothing."""

    kind = Kind.LINE
    allowed = 'an address that begins with http:// or https://, or ""'

    def check(self, raw: object) -> str:
        """Return an http or https address, or ""."""
        address = LineRule(2000).check(raw)
        if re.fullmatch(r"(?:https?://[^\s/]\S*)?", address, re.IGNORECASE) and _leads_somewhere(address):
            return address
        raise InvalidValue

    def parse(self, text: str) -> str:
        """Return an address, given with or without spaces around it."""
        return self.check(text.strip())


class Name(ValueRule):
    """The name of a file without its folder, or nothing."""

    kind = Kind.LINE
    allowed = 'a name of letters, digits, spaces, "-", "_" and ".", or ""'

    def check(self, raw: object) -> str:
        """Return a name that cannot lead out of its folder."""
        if isinstance(raw, str) and re.fullmatch(r"(?:\w[\w .-]{0,99})?", raw):
            return raw
        raise InvalidValue


class Thinking(ValueRule):
    """The amount of thinking before the answer."""

    kind = Kind.LINE
    choices = ("off", "on", "low", "medium", "high")
    allowed = "off, on, low, medium, high, or a number of tokens from 1024 to 1000000"

    def check(self, raw: object) -> str:
        """Return a word, or a budget given as a number or as text."""
        if isinstance(raw, str) and raw in self.choices:
            return raw
        if isinstance(raw, str) and re.fullmatch(r"[0-9]{4,7}", raw):
            raw = int(raw)
        return str(Whole(1024, 1_000_000).check(raw))

    def parse(self, text: str) -> str:
        """Return a word or a number."""
        return self.check(text.strip().lower())


class Text(ValueRule):
    """Any text, of several lines if need be."""

    kind = Kind.TEXT
    allowed = "any text"

    def check(self, raw: object) -> str:
        """Return any text that a file can hold."""
        if isinstance(raw, str) and not re.search(r"[\x00\ud800-\udfff]", raw):
            return raw
        raise InvalidValue


class Words(ValueRule):
    """A list of texts."""

    kind = Kind.WORDS
    allowed = 'a list of texts, as in ["one", "two"]'

    def check(self, raw: object) -> tuple[str, ...]:
        """Return a TOML array of texts none of which is empty."""
        if not isinstance(raw, list | tuple):
            raise InvalidValue
        words = tuple(Text().check(word) for word in raw)
        if "" in words:
            raise InvalidValue
        return words

    def parse(self, text: str) -> tuple[str, ...]:
        """Return an array as TOML writes it, or texts with commas between them."""
        text = text.strip()
        if not text.startswith("["):
            return self.check([word.strip() for word in text.split(",")] if text else [])
        import tomllib

        try:
            return self.check(tomllib.loads(f"words = {text}")["words"])
        except (ValueError, RecursionError) as error:
            raise InvalidValue from error


class Ports(Words):
    """A list of ports."""

    allowed = "a list of ports, as in [11434, 8080]"

    def check(self, raw: object) -> tuple[str, ...]:
        """Return a TOML array of whole numbers, or of texts of digits, each once."""
        if not isinstance(raw, list | tuple):
            raise InvalidValue
        ports = (int(port) if isinstance(port, str) and re.fullmatch(r"[0-9]{1,5}", port) else port for port in raw)
        return tuple(dict.fromkeys(str(Whole(1, 65535).check(port)) for port in ports))


def _leads_somewhere(address: str) -> bool:
    """True unless the host or the port is invalid: `http://[x`, `http://:80`, `http://host:99999`."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(address)
        return not address or (bool(parts.hostname) and parts.port != 0)
    except ValueError:
        return False


def _range(low: float, high: float, meaning_of_0: str) -> str:
    return f"{low:g} to {high:.12g}" + (f"; 0 {meaning_of_0}" if meaning_of_0 else "")


def _number(kind: type[int] | type[float], text: str) -> int | float:
    try:
        return kind(text)
    except ValueError as error:
        raise InvalidValue from error
