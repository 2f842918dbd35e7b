"""The cost of a token to the whole app: CPU of the app's process, as ratios.

    python -m benchmarks.screen [TOKENS] [RATE]

Late in one long reply against early in it, and in a conversation of a thousand messages against a new one. The real
app, headless, follows a reply of the demo server, which runs in a process of its own.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tui_chat.chat.message import Conversation, Message, Role, StreamingStatus, utc_now
from tui_chat.chat.parts import TextPart
from tui_chat.program.wiring import Flags, Program
from tui_chat.settings import Value
from tui_chat.ui.app import TuiChatApp
from tui_chat.ui.composer.composer import Composer
from tui_chat.ui.messages.streaming_message import StreamingMessage

SIZE = (120, 40)
CHARACTERS_PER_TOKEN = 4
MESSAGES = 1000
FEW_TOKENS = 3000


def long_conversation() -> Conversation:
    """Return a thousand messages, as many as anyone writes in one place."""
    conversation, parent = Conversation(), None
    for number in range(MESSAGES):
        role = Role.ASSISTANT if number % 2 else Role.USER
        text = f"Message {number}.\n\n" + "It goes on for a while. " * 20
        message = Message(role, (TextPart(text),), StreamingStatus.COMPLETE, parent_id=parent, created_at=utc_now())
        conversation, parent = conversation.with_message(message), message.id
    return conversation


async def measure(
    url: str, tokens: int, folder: Path, conversation: Conversation | None = None
) -> list[tuple[int, float]]:
    """Return characters shown and CPU seconds spent, some ten times a second."""
    settings: dict[str, Value] = {"provider.name": "demo", "provider.base_url": url, "streaming.cursor_blink": False}
    flags = Flags(settings, config_file=folder / "config.toml", data_folder=folder / "data")
    program = Program.open(flags, {}, print)
    app = TuiChatApp(program, conversation)
    samples: list[tuple[int, float]] = []
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause(3)  # the SDK is imported meanwhile
        app.query_one(Composer).show(f"/tokens {tokens}\nSomething long")
        await pilot.press("enter")
        while not samples or app.query(StreamingMessage).last().message.status.live:
            await asyncio.sleep(0.1)
            replies = app.query(StreamingMessage)
            samples.append((len(replies.last().source) if replies else 0, time.process_time()))
    program.close()
    return samples


def cost_ms(samples: list[tuple[int, float]], begin: float, end: float) -> float:
    """CPU milliseconds a token between two points of the reply, as shares of its length."""
    whole = samples[-1][0]
    inside = [(shown, cpu) for shown, cpu in samples if begin * whole <= shown <= end * whole]
    (first_shown, first_cpu), (last_shown, last_cpu) = inside[0], inside[-1]
    return (last_cpu - first_cpu) * 1000 / max((last_shown - first_shown) / CHARACTERS_PER_TOKEN, 1)


def main() -> None:
    """Print the table."""
    tokens = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    rate = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    command = [sys.executable, "-m", "tui_chat", "demo-server", "--port", "0", "--rate", str(rate)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server,
        tempfile.TemporaryDirectory() as folder,
    ):
        assert server.stdout is not None
        url = next(word for word in server.stdout.readline().split() if word.startswith("http"))
        try:
            print(f"{tokens} tokens at {rate} a second, {SIZE[0]}x{SIZE[1]}; ms a token")
            samples = asyncio.run(measure(url, tokens, Path(folder, "one")))
            print_pair("early, late", cost_ms(samples, 0.01, 0.06), cost_ms(samples, 0.95, 1.0))
            new = asyncio.run(measure(url, FEW_TOKENS, Path(folder, "new")))
            long = asyncio.run(measure(url, FEW_TOKENS, Path(folder, "long"), long_conversation()))
            print_pair(f"new, {MESSAGES:,} messages", cost_ms(new, 0.1, 1.0), cost_ms(long, 0.1, 1.0))
        finally:
            server.terminate()


def print_pair(names: str, first_ms: float, second_ms: float) -> None:
    """A line of the table."""
    print(f"{names:24} {first_ms:6.3f} {second_ms:6.3f}   ratio {second_ms / first_ms:5.2f}", flush=True)


if __name__ == "__main__":
    main()
