"""Texts that are hard to show: very long, very deep, hostile to a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tui_chat.demo.hostile import hostile_text

_WIDTH = 60


def _huge(size: int) -> str:
    line = "One delta holds all of this text, so that it has to be shown at once."[: _WIDTH - 1] + "\n"
    return (line * (size // len(line) + 1))[:size]


def _long_line(size: int) -> str:
    return ("abcdefghijklmnopqrstuvwxyz0123456789" * (size // 36 + 1))[:size]


def _deep(levels: int) -> str:
    quotes = "\n".join(">" * level + f" quote {level}" for level in range(1, levels + 1))
    items = "\n".join("  " * level + f"- item {level}" for level in range(levels))
    marks = "\n\n".join(mark * (levels * 20) for mark in ("*", "[", "<", "`", "![", "_a"))
    return f"{quotes}\n\n{items}\n\n{marks}\n\nThe end of the depths.\n"


EXTREMES: Mapping[str, Callable[[int], str]] = {
    "empty": lambda _: "",
    "meta-only": lambda _: "",
    "huge-token": _huge,
    "long-line": _long_line,
    "deep": _deep,
    "hostile": lambda _: hostile_text(),
}
"""The faults that put a text of their own in the place of the script; each takes its size."""
