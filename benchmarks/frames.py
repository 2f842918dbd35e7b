"""The processor time that the UI's thread takes for a frame while replies grow: one reply, and four columns.

    python -m benchmarks.frames [FRAMES]

Headless, at 120x40 and at 200x40. Each frame is waited for, so that a busy machine draws as many as an idle one; what
comes between two of them is what 100 tokens a second bring (200 in each column). `longest` is the 95th percentile of
what the thread does without a pause: a key waits for that.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from asyncio import Handle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tui_chat.chat.events import TextDelta
from tui_chat.chat.message import StreamingStatus
from tui_chat.demo import DemoServer, script_for
from tui_chat.program.contenders import contenders_named
from tui_chat.program.wiring import Flags, Program
from tui_chat.records import replace
from tui_chat.settings import Value
from tui_chat.ui.app import TuiChatApp
from tui_chat.ui.composer.composer import Composer
from tui_chat.ui.messages.streaming_message import StreamingMessage

TICK_S = 1 / 30
CHARACTERS = 4
MODELS = ",".join(["demo"] * 4)


@contextmanager
def steps_timed() -> Iterator[list[float]]:
    """Yield the milliseconds that each step of the event loop takes, as they are taken."""
    run, steps = Handle._run, list[float]()

    def timed(handle: Handle) -> None:
        began = time.thread_time()
        run(handle)
        steps.append((time.thread_time() - began) * 1000)

    setattr(Handle, "_run", timed)  # noqa: B010 - it is not ours to assign
    try:
        yield steps
    finally:
        setattr(Handle, "_run", run)  # noqa: B010


async def frames_ms(url: str, folder: Path, size: tuple[int, int], models: str, rate: int, count: int) -> list[float]:
    """Return the steps of the event loop, in milliseconds, while so many frames of growing replies are drawn."""
    settings: dict[str, Value] = {"provider.name": "demo", "provider.base_url": url, "streaming.cursor_blink": False}
    program = Program.open(Flags(settings, config_file=folder / "config.toml", data_folder=folder / "data"), {}, print)
    app = TuiChatApp(program)
    async with app.run_test(size=size) as pilot:
        if models:
            await app.session.compare(contenders_named(models, program), blind=False)
        app.query_one(Composer).show("/tokens 800\nSomething long")
        await pilot.press("enter")
        while not app.query(StreamingMessage) or any(one.message.status.live for one in app.query(StreamingMessage)):
            await asyncio.sleep(0.1)
        replies = list(app.query(StreamingMessage))
        for reply in replies:
            reply.show(replace(reply.message, status=StreamingStatus.STREAMING))
        piece = round(CHARACTERS * rate * TICK_S)
        text = script_for("something long", tokens=piece * count)
        await asyncio.sleep(1)
        with steps_timed() as steps:
            for at in range(0, piece * count, piece):
                for reply in replies:
                    reply.call_later(reply.feed, [TextDelta(0, text[at : at + piece])])
                await asyncio.sleep(TICK_S)
                drawn = asyncio.Event()
                app.screen.call_after_refresh(drawn.set)
                await drawn.wait()
    program.close()
    return steps


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    print(f"{'':14} {'a frame':>8} {'longest':>8}   ms of processor time, {count} frames")
    with DemoServer(rate=0, latency_s=0) as server:
        for name, size, models, rate in (("one reply", (120, 40), "", 100), ("four columns", (200, 40), MODELS, 200)):
            with tempfile.TemporaryDirectory() as folder:
                steps = asyncio.run(frames_ms(server.url, Path(folder), size, models, rate, count))
            long = sorted(step for step in steps if step >= 1)
            print(f"{name:14} {sum(steps) / count:8.2f} {long[len(long) * 95 // 100]:8.2f}", flush=True)


if __name__ == "__main__":
    main()
