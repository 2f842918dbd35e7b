"""The last user message: its `/fault`, `/rate`, `/tokens` and `/seed` lines, and the prompt itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tui_chat.demo.faults import Fault, parse_faults

MAX_TOKENS = 1_000_000
"""The longest reply that a prompt can ask for."""

_LINE = re.compile(r"\s*/(fault|rate|tokens|seed)[ \t]+(\S[^\n]*)(?:\n|$)")


@dataclass(frozen=True, slots=True)
class DemoPrompt:
    """A prompt without its directives, and what they say."""

    text: str
    faults: tuple[Fault, ...] = ()
    rate: float | None = None
    """Tokens per second."""
    tokens: int | None = None
    """The reply's length."""
    seed: int = 0


def parse_prompt(text: str) -> DemoPrompt:
    """Read the directives at the start of a prompt; a value that makes no sense is a ValueError."""
    found: dict[str, str] = {}
    while match := _LINE.match(text):
        name, value = match[1], match[2].strip()
        found[name] = f"{found.get(name, '')} {value}" if name == "fault" else value
        text = text[match.end() :]
    return DemoPrompt(
        text=text,
        faults=parse_faults(found.get("fault", "")),
        rate=_number("rate", found["rate"]) if "rate" in found else None,
        tokens=int(min(_number("tokens", found["tokens"]), MAX_TOKENS)) if "tokens" in found else None,
        seed=int(_number("seed", found.get("seed", "0"))),
    )


def _number(name: str, value: str) -> float:
    if not re.fullmatch(r"\d{1,9}(\.\d{1,6})?", value):
        raise ValueError(f"/{name} takes a number that is not negative, not {value!r}")
    return float(value)
