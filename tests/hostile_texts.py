"""Texts that are made to take long: any construct, repeated, nested, or without an end; another for each seed."""

from __future__ import annotations

import random
from collections.abc import Callable

_LINES = (
    "- item", "  - nested", "* * *", "1. one", "9) nine", "- [ ] task", "> quote", "> > deep", "# head", "###### low",
    "===", "---", "***", "a | b | c", "| a | b |", "|---|:-:|", "[x]: http://a.b", "[^1]: note", "[^n]: note", "[x]",
    "![i](j)", "<div>", "<!--", "-->", "<b", "$$", "$$x^2$$", "\\[", "\\]", "```", "```java", "~~~~", "    code", "\t",
    "", " ", "word", "word  ", "\\", "|", "[", "`", "&amp;", "http://a.b/c", "[^1] and [^n]", "> [!NOTE]", "漢字",
)  # fmt: skip
_UNITS = ("*", "**a", "_", "`", "``", "[", "](", "[a](b) ", "![", "<", "<a ", "~~", "\\(", "$", "$a$ ", "&#", "(", "{",
          "[^1]", "word ", "http://", "漢", "| ", "\\frac{", "'", '"', "!", ":", "/*", "x=")  # fmt: skip
_LANGUAGES = ("java", "python", "html", "pascal", "augeas", "autohotkey", "aspx-vb", "basemake", "c", "yaml", "perl")


def hostile_text(seed: int, size: int) -> str:
    """Return a text of about this size."""
    dice = random.Random(seed)
    make = dice.choice((_repeated_lines, _one_line, _fence, _table, _definitions, _mixture))
    return make(dice, size)[:size]


def _filled(piece: Callable[[int], str], size: int) -> str:
    """Return pieces, by their number, until there is enough."""
    pieces: list[str] = []
    length = 0
    while length < size:
        pieces.append(piece(len(pieces)))
        length += max(len(pieces[-1]), 1)
    return "".join(pieces)


def _repeated_lines(dice: random.Random, size: int) -> str:
    block = "\n".join(dice.choices(_LINES, k=dice.randint(1, 4))) + "\n" * dice.randint(1, 2)
    return _filled(lambda _number: block, size)


def _one_line(dice: random.Random, size: int) -> str:
    unit = "".join(dice.choices(_UNITS, k=dice.randint(1, 3)))
    return _filled(lambda _number: unit, size)


def _fence(dice: random.Random, size: int) -> str:
    line = dice.choice(_UNITS) * dice.randint(1, 490) + dice.choice(("", "\n", "\n\n"))
    return f"```{dice.choice(_LANGUAGES)}\n" + _filled(lambda _number: line, size)


def _table(dice: random.Random, size: int) -> str:
    columns, longest = dice.choice((1, 3, 20, 64, 500)), dice.choice((1, 90))
    head = "a|" * columns + "\n" + "-|" * columns + "\n"
    row = dice.choice(("|\n", "x|" * columns + "\n"))
    return head + _filled(lambda number: "w" * (number % longest) + row, size)


def _definitions(dice: random.Random, size: int) -> str:
    use, define = dice.choice(
        (("[n{}] ", "[n{}]: http://a.b\n"), ("[^n{}] ", "[^n{}]: note\n"), ("[n0]\n\n", "[n{}]: x\n"))
    )
    return (
        _filled(lambda number: use.format(number), size // 2)
        + "\n\n"
        + _filled(lambda number: define.format(number), size // 2)
    )


def _mixture(dice: random.Random, size: int) -> str:
    return _filled(lambda _number: dice.choice(_LINES + _UNITS) + dice.choice(("", "\n")), size)
