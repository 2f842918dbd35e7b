"""Telling somebody who looks elsewhere that a reply has ended: by the terminal's own notification, and its bell."""

from __future__ import annotations

import os

from tui_chat.chat.message import Message, StreamingStatus
from tui_chat.text import clean_line, fit

SHOWN_TITLE = 60
_WITHOUT_NOTIFICATIONS = ("linux", "dumb", "vt100", "vt220")
"""Terminals that would show what a notification is made of."""
_ENDS = {StreamingStatus.COMPLETE: "has its reply", StreamingStatus.FAILED: "has no reply: the request failed"}


def attention(title: str, reply: Message) -> str:
    """What the terminal is sent about the end of a reply; "" for one that the user has ended."""
    end = _ENDS.get(reply.status)
    if end is None:
        return ""
    bell = "\a"
    if os.environ.get("TERM", "") in _WITHOUT_NOTIFICATIONS:
        return bell
    return f'\x1b]9;tui-chat: "{fit(clean_line(title), SHOWN_TITLE)}" {end}.\a{bell}'
