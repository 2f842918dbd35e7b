"""The parts that all replies share."""

from __future__ import annotations

from collections.abc import Callable

from tui_chat.chat.protocols import Journal, Pricing, ReplyObserver
from tui_chat.records import dataclass


@dataclass(frozen=True, slots=True)
class Shared:
    """The parts that all replies share."""

    journal: Journal
    pricing: Pricing
    clock: Callable[[], float]
    observer: ReplyObserver | None
