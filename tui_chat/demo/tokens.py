"""A small tokeniser: pieces of about the size that a model writes, the same ones every time."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"  # a syllable or an ideograph
    r"| ?[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{1,9}(?![^\W\d_])"  # a word, or the end of a long one
    r"| ?[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{1,5}"  # the beginning of a long word
    r"| ?\d{1,3}"
    r"| ?[^\w\s]{1,3}"
    r"|\n+"
    r"|[^\S\n]{1,16}(?=\s|\Z)|[^\S\n]{1,16}"
    r"|.",
    re.DOTALL,
)


def tokenise(text: str) -> list[str]:
    """Return the text in token-sized pieces; joined they are the text, and its beginning is always cut the same way."""
    return _TOKEN.findall(text)


def count_tokens(text: str) -> int:
    """Return the number of tokens in the text, without keeping them."""
    return sum(1 for _ in _TOKEN.finditer(text))
