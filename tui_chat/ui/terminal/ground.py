"""The colour of the terminal's own ground: how it is asked for, and what the answer says."""

from __future__ import annotations

from textual.message import Message

from tui_chat.patterns import pattern
from tui_chat.records import dataclass

QUESTION = "\x1b]11;?\x1b\\"
_SHARE = "([0-9a-fA-F]{1,4})"
_ANSWER = pattern(rf"\x1b\]11;rgba?:{_SHARE}/{_SHARE}/{_SHARE}(?:/[0-9a-fA-F]+)?[\x07\x1b]")
_WEIGHTS = (0.299, 0.587, 0.114)


@dataclass
class GroundTold(Message):
    """The terminal has told the colour of its ground."""

    light: bool


def ground_in(sequence: str) -> GroundTold | None:
    """Return what an answer of the terminal says of its ground; None if it is another sequence."""
    answer = _ANSWER.match(sequence)
    if answer is None:
        return None
    shares = (int(digits, 16) / (16 ** len(digits) - 1) for digits in answer.groups())
    return GroundTold(light=sum(weight * share for weight, share in zip(_WEIGHTS, shares, strict=True)) > 0.5)
