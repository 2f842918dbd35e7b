"""SQLite: migrations, conversations, the journal of replies under way, statistics."""

from tui_chat.storage.call_sums import CallSums
from tui_chat.storage.choices import Standing
from tui_chat.storage.interchange import conversation_to_json
from tui_chat.storage.search import SearchHit
from tui_chat.storage.statistics import Aside, Grouping, Percentiles, Statistics
from tui_chat.storage.store import Store
from tui_chat.storage.writer import wait_until_written

__all__ = [
    "Aside",
    "CallSums",
    "Grouping",
    "Percentiles",
    "SearchHit",
    "Standing",
    "Statistics",
    "Store",
    "conversation_to_json",
    "wait_until_written",
]
