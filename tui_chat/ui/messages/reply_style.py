"""The look of messages, from the settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tui_chat.chat.message import Message, utc_now
from tui_chat.ui.shared.times import time_of_day


@dataclass(frozen=True)
class ReplyStyle:
    """The look of messages."""

    key_of: Callable[[str], str]
    """The key of an action, as it is written on the screen."""
    cursor: str = "▌"
    cursor_blink: bool = True
    show_thinking: bool = True
    show_timestamps: bool = False
    now: Callable[[], datetime] = utc_now
    counting: bool = True
    """True if figures of what is under way may change by themselves."""
    frame_s: float = 1 / 30
    """The least time between two drawings of a text that grows."""
    headed: bool = False
    """True if each reply has a head of its own above it, with its model and what can be done with it."""

    def written_at(self, message: Message) -> str:
        """Return the time when a message was written, if that is shown."""
        return time_of_day(message.created_at, self.now()) if self.show_timestamps else ""
