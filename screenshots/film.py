"""Makes the README's moving picture from the running app: `python -m screenshots.film`."""

from __future__ import annotations

import asyncio
import re
from functools import partial
from itertools import accumulate

from screenshots.draw import HERE, chat, opened, until
from tui_chat.ui.app import TuiChatApp
from tui_chat.ui.messages.streaming_message import StreamingMessage

SIZE = (88, 24)
PROMPT = "Plan a picnic."
TOKENS_A_SECOND = 60.0
STREAMING_S, TYPING_S, LOOKING_S = 0.25, 0.12, 2.0
"""How long a frame stands: while text comes, while one types, and where there is something to read."""
STOPPED_AT, CONTINUED_TO = 420, 900
STEP = 60
"""Characters of the reply from one frame to the next."""
INNER = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
VIEW = re.compile(r'viewBox="[^"]*"')


def has_come(app: TuiChatApp, length: int) -> bool:
    """True if so much of the reply is there."""
    return len(app.query(StreamingMessage).last().source) >= length


async def record() -> list[tuple[str, float]]:
    """Type a prompt, stop the reply, let it go on; return the frames, each with the seconds that it stands."""
    frames: list[tuple[str, float]] = []
    async with opened(SIZE, "tui-chat-dark", rate=TOKENS_A_SECOND) as (app, pilot):

        async def keep(seconds: float) -> None:
            await pilot.pause()
            frames.append((app.export_screenshot(), seconds))

        async def watch(start: int, end: int) -> None:
            for length in range(start, end, STEP):
                await until(pilot, partial(has_come, app, length))
                await keep(STREAMING_S)

        await keep(LOOKING_S / 2)
        for character in PROMPT:
            await pilot.press("space" if character == " " else "full_stop" if character == "." else character)
            await keep(TYPING_S)
        await pilot.press("enter")
        await watch(STEP, STOPPED_AT)
        await pilot.press("escape")
        await until(pilot, lambda: not chat(app).busy)
        await keep(LOOKING_S)
        await pilot.press("f8")
        await watch(STOPPED_AT + STEP, CONTINUED_TO)
        await until(pilot, lambda: not chat(app).busy)
        await keep(LOOKING_S)
    return frames


def film(frames: list[tuple[str, float]]) -> str:
    """Return one picture in which each frame is visible while it stands, over and over."""
    ends = list(accumulate(seconds for _, seconds in frames))
    styles, pictures = [], []
    for at, ((svg, seconds), end) in enumerate(zip(frames, ends, strict=True)):
        begin, over = (100 * moment / ends[-1] for moment in (end - seconds, end))
        styles.append(
            f"@keyframes f{at} {{ 0% {{ opacity: 0 }} {begin:.3f}% {{ opacity: 1 }}"
            f" {over:.3f}% {{ opacity: 0 }} }} #f{at} {{ animation: f{at} {ends[-1]:.2f}s step-end infinite }}"
        )
        inner = INNER.search(svg)
        assert inner
        pictures.append(f'<g id="f{at}">{inner[1]}</g>')
    view = VIEW.search(frames[0][0])
    assert view
    style = f"<style>{' '.join(styles)}</style>"
    return f'<svg xmlns="http://www.w3.org/2000/svg" {view[0]}>{style}{"".join(pictures)}</svg>'


def main() -> None:
    """Make it."""
    frames = asyncio.run(record())
    path = HERE / "film.svg"
    path.write_text(film(frames))
    print(f"film.svg: {len(frames)} frames, {path.stat().st_size / 1_000:.0f} kB")


if __name__ == "__main__":
    main()
