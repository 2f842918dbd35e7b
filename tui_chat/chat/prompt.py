"""A prompt on its way from the composer to a conversation."""

from __future__ import annotations

from tui_chat.chat.parts import FilePart
from tui_chat.records import dataclass
from tui_chat.text.limits import LONGEST_PROMPT


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as the user sent it, wherever it waits until it is a message."""

    text: str
    in_place_of: str = ""
    """The earlier message whose place it takes, on a branch of its own; "" at the end of the conversation."""
    files: tuple[FilePart, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True if there is nothing to send."""
        return not (self.text.strip() or self.files)


def too_long(text: str) -> str:
    """Return that a prompt is too long to be sent, in a sentence; "" if it is not."""
    if len(text) <= LONGEST_PROMPT:
        return ""
    return f"A prompt may have {LONGEST_PROMPT:,} characters; this has {len(text):,}."


def as_quotation(text: str) -> str:
    """Return a text marked as a quotation, as Markdown has it."""
    return "\n".join(f"> {line}" for line in text.strip("\n").split("\n"))
