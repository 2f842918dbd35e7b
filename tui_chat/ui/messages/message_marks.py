"""Marks that are shown in the headers of a conversation's messages beside what they say of themselves."""

from __future__ import annotations

from collections.abc import Mapping, Set

from tui_chat.chat.message import BranchPlace
from tui_chat.records import dataclass, field

BOOKMARK = "◆"


@dataclass(frozen=True, slots=True)
class MessageMarks:
    """The marks of one conversation's messages, by their ids."""

    branches: Mapping[str, BranchPlace] = field(default_factory=dict)
    """Their places among those on other branches, where there are any."""
    bookmarked: Set[str] = frozenset()
    left_out: Mapping[str, str] = field(default_factory=dict)
    """The words at those that are not sent."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """The names of those whose answers a reply is about."""
