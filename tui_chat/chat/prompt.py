"""A prompt on its way from the composer to a conversation."""

from __future__ import annotations

from dataclasses import dataclass

from tui_chat.chat.parts import FilePart


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the user has sent, wherever it waits until it is a message."""

    text: str
    in_place_of: str = ""
    """The earlier message whose place it takes, on a branch of its own; "" at the end of the conversation."""
    files: tuple[FilePart, ...] = ()
