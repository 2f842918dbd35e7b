"""The look of messages, from the settings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tui_chat.chat.message import Message, utc_now
from tui_chat.records import dataclass
from tui_chat.rendering.look import Diagrams
from tui_chat.ui.shared.times import time_of_day


def _without_keys(_action: str) -> str:
    """Return no key: nothing is offered."""
    return ""


@dataclass(frozen=True)
class ReplyStyle:
    """The look of messages."""

    key_of: Callable[[str], str] = _without_keys
    """The key of an action, as it is written on the screen; one without a key is not offered at a message."""
    cursor: str = "▌"
    cursor_blink: bool = True
    show_thinking: bool = True
    show_timestamps: bool = False
    now: Callable[[], datetime] = utc_now
    counting: bool = True
    """True if figures of what is under way may change by themselves."""
    frame_s: float = 1 / 30
    """The least time between two drawings of a text that grows."""
    diagrams: Diagrams | None = None
    """The one that draws diagrams."""
    headed: bool = False
    """True if each reply has a head of its own above it, with its model and what can be done with it."""

    def written_at(self, message: Message) -> str:
        """Return the time when a message was written, if that is shown."""
        return time_of_day(message.created_at, self.now()) if self.show_timestamps else ""


WITHOUT_KEYS = ReplyStyle()
"""The look of messages at which nothing is offered."""
