"""The cost of storage: journalling a growing reply, summing 100,000 replies, listing and searching.

python benchmarks/storage.py
"""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from tui_chat.chat import exchange
from tui_chat.chat.events import TextDelta
from tui_chat.chat.message import Conversation, Message, Role, StreamingStatus
from tui_chat.chat.metadata import ReplyMetadata, ReplyMetrics
from tui_chat.chat.parts import TextPart
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.usage import Usage
from tui_chat.storage import Grouping, Store
from tui_chat.storage.location import NAME
from tui_chat.storage.statistics import record_reply

ABOUT = ReplyMetadata(provider="anthropic", model="model-1")
TOKENS_A_CHUNK = 25
"""A quarter of a second at 100 tokens a second."""
WORDS = ("the", "quick", "brown", "fox", "jumps", "over", "a", "lazy", "dog", "while", "every", "stream")


def main() -> None:
    """Print a table of each."""
    with tempfile.TemporaryDirectory() as name:
        store = Store.open(Path(name), on_problem=print)
        journalling(store)
        summing(store)
        reading(store)
        store.close()
        opening(Path(name))


def journalling(store: Store) -> None:
    """The cost of a chunk when the reply is already so long, and of the end."""
    print(f"{'tokens so far':>14} {'append, caller':>15} {'until on disk':>14} {'worst':>8}")
    begun = begin(store, "Write a long story.")
    tokens, text = 0, []
    for mark in (1_000, 5_000, 20_000, 50_000):
        handed, written = [], []
        while tokens < mark:
            events = [TextDelta(0, f"{WORDS[number % len(WORDS)]} ") for number in range(TOKENS_A_CHUNK)]
            text += [event.text for event in events]
            before = time.perf_counter()
            store.journal.append(begun.id, events)
            handed.append(time.perf_counter() - before)
            store.flush(10)
            written.append(time.perf_counter() - before)
            tokens += TOKENS_A_CHUNK
        handed, written = handed[-40:], written[-40:]
        figures = (statistics.median(handed), statistics.median(written), max(written))
        print(f"{mark:>14,} {ms(figures[0]):>15} {ms(figures[1]):>14} {ms(figures[2]):>8}")
    reply = replace(begun, parts=(TextPart("".join(text)),), status=StreamingStatus.COMPLETE)
    show("store the whole reply of 50,000 tokens", lambda: store.journal.finish(reply).result(10), times=1)


def summing(store: Store) -> None:
    """The statistics of 100,000 replies."""
    store._writer.submit(fill).result(120)
    month = datetime.now(UTC) - timedelta(days=30)
    show("sum 100,000 replies", lambda: store.statistics())
    show("sum those of 30 days", lambda: store.statistics(month))
    for grouping in Grouping:
        show(f"sum 100,000 replies by {grouping}", partial(store.statistics_by, grouping))


def fill(connection: sqlite3.Connection) -> None:
    """A hundred thousand replies in two years, some four hundred models and conversations."""
    now = datetime.now(UTC)
    for number in range(100_000):
        metrics = ReplyMetrics(number % 997, number % 9973, 100.0, number % 211, number % 83, 400, number % 5 == 0, 0)
        about = replace(ABOUT, model=f"model-{number % 4}", metrics=metrics, usage=Usage(900, 400, 0, 0), cost_usd=0.01)
        reply = Message(Role.ASSISTANT, metadata=about, id=f"reply-{number}")
        record_reply(connection, f"conversation-{number % 400}", reply, now - timedelta(minutes=10 * number))


def reading(store: Store) -> None:
    """Lists, search and a whole conversation among 2,000."""
    for number in range(2_000):
        words = " ".join(WORDS[(number * step) % len(WORDS)] for step in range(1, 200))
        messages = [{"role": "user", "text": f"Prompt {number}: {words[:80]}"}, {"role": "assistant", "text": words}]
        conversation = store.import_({"messages": messages * 2})
    show("list 2,000 conversations", store.conversations)
    show("list those that have a word", lambda: store.conversations(query="prompt 1999"))
    show("search for a rare word", lambda: store.search("1999:", 20))
    show("search for a frequent word", lambda: store.search("lazy", 20))
    show("search for two letters", lambda: store.search("qu", 20))
    show("the last 500 prompts", lambda: store.prompts(500))
    show("open a conversation", lambda: store.conversation(conversation.id))


def opening(folder: Path) -> None:
    """Show what the start of the program waits for."""
    show("open and close the store", lambda: Store.open(folder, on_problem=print).close())
    print(f"size of the database: {(folder / NAME).stat().st_size / 1e6:.0f} MB")


def begin(store: Store, prompt: str) -> Message:
    """Return a reply under way."""
    begun = exchange.send(Conversation(), Prompt(prompt), ABOUT, datetime.now(UTC))
    store.journal.begin(begun).result(10)
    return begun.reply


def show(what: str, act: Callable[[], object], *, times: int = 5) -> None:
    """Print the median and the worst of several runs."""
    took = []
    for _ in range(times):
        before = time.perf_counter()
        act()
        took.append(time.perf_counter() - before)
    print(f"{what:<44} {ms(statistics.median(took)):>12} {ms(max(took)):>12}")


def ms(seconds: float) -> str:
    """Return a time, legible."""
    return f"{seconds * 1000:.3f} ms"


if __name__ == "__main__":
    main()
