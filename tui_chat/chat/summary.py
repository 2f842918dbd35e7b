"""A summary that stands for earlier messages in what is sent; the messages themselves stay."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from tui_chat.chat.estimate import tokens_in, utf8_size
from tui_chat.records import dataclass, replace
from tui_chat.text import reading
from tui_chat.text.limits import LONGEST_REPLY


@dataclass(frozen=True, slots=True)
class Summary:
    """The words of a model, or the user's own, about the messages up to one of them."""

    text: str
    """Raw, as it came."""
    messages: int
    """The number of messages that it tells of, those of an earlier summary included."""
    tokens: int
    """The size of what it stands for, as estimated when it was written."""
    created_at: datetime
    model: str = ""
    edited: bool = False
    """True if the user has rewritten it."""

    @property
    def saved_tokens(self) -> int:
        """The tokens by which it makes requests shorter, as far as they can be estimated."""
        return max(self.tokens - tokens_in(utf8_size(self.text)), 0)

    def rewritten(self, text: str, now: datetime) -> Summary:
        """Return the summary in the user's words."""
        return replace(self, text=text, created_at=now, edited=True)

    def to_json(self) -> dict[str, object]:
        """Return a JSON object, for storage and export."""
        return {
            "text": self.text,
            "messages": self.messages,
            "tokens": self.tokens,
            "created_at": self.created_at.isoformat(),
            "model": self.model,
            **({"edited": True} if self.edited else {}),
        }

    @classmethod
    def from_json(cls, data: object) -> Summary | None:
        """Return the summary that `to_json` wrote; None if it is none, or says nothing."""
        fields = reading.mapping(data)
        text = fields.get("text")
        if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_REPLY:
            return None
        with suppress(ValueError):
            return cls(
                text,
                reading.count(fields.get("messages")) or 0,
                reading.count(fields.get("tokens")) or 0,
                reading.stored_moment(fields.get("created_at")),
                reading.name(fields.get("model")),
                edited=fields.get("edited") is True,
            )
        return None
