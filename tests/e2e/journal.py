"""The journal of replies under way, as another process finds it."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tui_chat.chat.parts import Part
from tui_chat.storage.rows import replayed


def journalled(data: Path) -> list[tuple[str, Sequence[Part]]]:
    """Return the prompt, and what has come, of each reply of which the journal has anything."""
    with closing(sqlite3.connect(f"file:{data / 'tui-chat.db'}?mode=ro", uri=True)) as connection:
        rows = connection.execute(
            "SELECT reply.id, prompt.text, chunks.events FROM chunks JOIN messages AS reply "
            "ON reply.id = chunks.message_id JOIN messages AS prompt ON prompt.id = reply.parent_id ORDER BY chunks.seq"
        ).fetchall()
    prompts, chunks = {id: prompt for id, prompt, _ in rows}, defaultdict(list)
    for id, _, events in rows:
        chunks[id].append(events)
    return [(prompt, replayed((), chunks[id]).parts) for id, prompt in prompts.items()]
