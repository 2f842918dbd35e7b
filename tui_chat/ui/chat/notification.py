"""The end of a reply that nobody looks at: said in the app, and to the terminal for those who look elsewhere."""

from __future__ import annotations

import os

from tui_chat.chat.compaction import is_summary
from tui_chat.chat.message import Message, StreamingStatus
from tui_chat.text import clean_line, fit

SHOWN_TITLE = 60
WITHOUT_STRINGS = ("linux", "dumb", "vt100", "vt220")
"""Terminals that would show what a notification, or a question of that kind, is made of."""
_SUMMARY_ENDS = {
    StreamingStatus.COMPLETE: "has its summary",
    StreamingStatus.FAILED: "has no summary: the request failed",
}
_ENDS = {StreamingStatus.COMPLETE: "has its reply", StreamingStatus.FAILED: "has no reply: the request failed"}


def end_sentence(title: str, reply: Message) -> str:
    """Return what is said of a reply's end; "" for one that the user has ended."""
    end = (_SUMMARY_ENDS if is_summary(reply.id) else _ENDS).get(reply.status)
    return f"“{fit(clean_line(title), SHOWN_TITLE)}” {end}." if end else ""


def attention(title: str, reply: Message) -> str:
    """Return what the terminal is sent about the end of a reply; "" for one that the user has ended."""
    sentence = end_sentence(title, reply)
    if not sentence:
        return ""
    bell = "\a"
    if os.environ.get("TERM", "") in WITHOUT_STRINGS:
        return bell
    return f"\x1b]9;tui-chat: {sentence}\a{bell}"
