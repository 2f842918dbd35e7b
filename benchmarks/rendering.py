"""The cost of rendering: a token late against early in a reply, against Textual's own widgets, opening, resizing.

    python -m benchmarks.rendering

Process CPU time, as ratios within one run. A token is four characters; text comes in the pieces that a screen of 30
frames a second gets at 1,000 tokens a second, and the lines in sight that have changed are fetched after each, as a
screen does.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from itertools import islice

from textual.app import App, ComposeResult
from textual.widgets import Log, Markdown

from tui_chat.demo import script_for
from tui_chat.rendering import Look
from tui_chat.rendering.document import Document

LOOK = Look.default(dark=True)
WIDTH, ROWS, PIECE = 100, 40, 132
CHARACTERS = 4
PROSE = "The quick brown fox jumps over the lazy dog, again and *again*, until the day is done. " * 6 + "\n\n"
TEXTS: dict[str, Callable[[int], str]] = {
    "prose": lambda size: (PROSE * (size // len(PROSE) + 1))[:size],
    "mixed Markdown": lambda size: script_for("something long", tokens=size // 3)[:size],
    "one long fence": lambda size: ("```python\n" + "def f(x):\n    return [x for x in range(10)]  # so\n" * size)[
        :size
    ],
    "one long table": lambda size: ("| a | b |\n| - | - |\n" + "| some cell | another cell |\n" * size)[:size],
    "CJK": lambda size: ("今天天气很好，我们去公园散步吧。" * size)[: size - 2] + "\n\n",
    "one paragraph": lambda size: ("word after word and on " * size)[:size],
}


def cost_us(text: str, begin: int, tokens: int) -> float:
    """Microseconds a token for so many tokens, once so much of the text has come."""
    document = Document(WIDTH, LOOK)
    document.append(text[:begin])
    visible(document)
    started, at, end = time.process_time(), begin, min(begin + tokens * CHARACTERS, len(text))
    while at < end:
        document.append(text[at : at + PIECE])
        visible(document)
        at += PIECE
    return (time.process_time() - started) * 1e6 / ((end - begin) / CHARACTERS)


def visible(document: Document) -> None:
    """Fetch what a screen would draw again."""
    for y in range(max(document.height - ROWS, document.take_changed()), document.height):
        document.line(y)


def growth() -> None:
    """A token at 50,000 against one at 500."""
    print(f"{'CPU a token, µs':18} {'at 500':>8} {'at 50k':>8} {'ratio':>6}")
    for name, make in TEXTS.items():
        text = make(51_500 * CHARACTERS)
        early = min(cost_us(text, 500 * CHARACTERS, 1000) for _ in range(3))
        late = min(cost_us(text, 50_000 * CHARACTERS, 1000) for _ in range(3))
        print(f"{name:18} {early:8.1f} {late:8.1f} {late / early:6.2f}")


def opening() -> None:
    """Opening a stored reply of 50,000 tokens, and resizing it."""
    text = TEXTS["mixed Markdown"](50_000 * CHARACTERS)
    started = time.perf_counter()
    document = Document(WIDTH, LOOK)
    document.append(text)
    document.finish()
    visible(document)
    opened = time.perf_counter()
    document.resize(WIDTH - 20)
    visible(document)
    print(f"\nopen 50,000 tokens {opened - started:.3f} s, resize {time.perf_counter() - opened:.3f} s")


class Widgets(App[None]):
    """Textual's own ways to show a growing text."""

    def compose(self) -> ComposeResult:
        """Both."""
        yield Markdown()
        yield Log()


async def against_textual() -> None:
    """At 5,000 tokens: the cost of a token here, in Textual's Markdown and in a plain Log."""
    text = TEXTS["mixed Markdown"](5_600 * CHARACTERS)
    begin, tokens = 5_000 * CHARACTERS, 500
    pieces = [text[at : at + PIECE] for at in range(begin, begin + tokens * CHARACTERS, PIECE)]
    app = Widgets()
    async with app.run_test(size=(WIDTH, ROWS)) as pilot:
        markdown, log = app.query_one(Markdown), app.query_one(Log)
        await markdown.update(text[:begin])
        log.write(text[:begin])
        await pilot.pause()
        stream = Markdown.get_stream(markdown)
        started = time.process_time()
        for piece in islice(pieces, len(pieces)):
            await stream.write(piece)
            await pilot.pause()
        await stream.stop()
        slow = (time.process_time() - started) * 1e6 / tokens
        started = time.process_time()
        for piece in pieces:
            log.write(piece)
            await pilot.pause()
        floor = (time.process_time() - started) * 1e6 / tokens
    ours = min(cost_us(text, begin, tokens) for _ in range(3))
    print(f"\nat 5,000 tokens, µs a token: here {ours:.1f}, Markdown.get_stream {slow:.1f}, Log {floor:.1f}")
    print(f"Markdown / here {slow / ours:.1f}, here / Log {ours / floor:.2f}")
    print("(here: the renderer and the lines in sight; the others with their screen. `benchmarks.screen` has ours.)")


def main() -> None:
    """Print the tables."""
    growth()
    opening()
    asyncio.run(against_textual())


if __name__ == "__main__":
    main()
