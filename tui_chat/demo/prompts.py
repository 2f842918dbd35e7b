"""The last user message: its directives (lines that begin with `/fault`, `/tool` and so on), and the prompt."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from tui_chat.demo.faults import Fault, parse_faults
from tui_chat.records import dataclass

MAX_TOKENS = 1_000_000
"""The longest reply that a prompt can ask for."""

_LINE = re.compile(r"\s*/(fault|rate|tokens|seed|tool|then)[ \t]+(\S[^\n]*)(?:\n|$)")


@dataclass(frozen=True, slots=True)
class ToolOrder:
    """A call that the reply is to make."""

    name: str
    arguments: Mapping[str, object]


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
    rounds: tuple[tuple[ToolOrder, ...], ...] = ()
    """The calls to make: all of a round at once, the next round after their results."""


def parse_prompt(text: str) -> DemoPrompt:
    """Read the directives at the start of a prompt; a value that makes no sense is a ValueError."""
    found: dict[str, str] = {}
    rounds: list[tuple[ToolOrder, ...]] = []
    while match := _LINE.match(text):
        name, value = match[1], match[2].strip()
        if name in ("tool", "then"):
            beside = rounds.pop() if rounds and name == "tool" else ()
            rounds.append((*beside, _order(value)))
        else:
            found[name] = f"{found.get(name, '')} {value}" if name == "fault" else value
        text = text[match.end() :]
    return DemoPrompt(
        text=text,
        faults=parse_faults(found.get("fault", "")),
        rate=_number("rate", found["rate"]) if "rate" in found else None,
        tokens=int(min(_number("tokens", found["tokens"]), MAX_TOKENS)) if "tokens" in found else None,
        seed=int(_number("seed", found.get("seed", "0"))),
        rounds=tuple(rounds),
    )


def _order(value: str) -> ToolOrder:
    name, _, arguments = value.partition(" ")
    given = json.loads(arguments or "{}")
    if not isinstance(given, dict):
        raise ValueError(f"/tool takes a name and a JSON object, not {value!r}")  # noqa: TRY004 - as for all of these
    return ToolOrder(name, given)


def _number(name: str, value: str) -> float:
    if not re.fullmatch(r"\d{1,9}(\.\d{1,6})?", value):
        raise ValueError(f"/{name} takes a number that is not negative, not {value!r}")
    return float(value)
