"""A temporary conversation that is to be kept after all."""

from __future__ import annotations

from tui_chat.chat.message import Conversation
from tui_chat.storage import Store

SAVING_S = 5.0


class NotKept(Exception):
    """The reason why it could not be kept, in a sentence."""


def keep_conversation(conversation_id: str, temporary: Store, main: Store) -> Conversation:
    """Store a temporary conversation among the others; takes a disk's time. `NotKept` says why that cannot be done."""
    try:
        temporary.flush(SAVING_S)
        return main.import_(temporary.export(conversation_id))
    except (LookupError, OSError, ValueError) as error:
        raise NotKept(f"The conversation could not be kept: {error}.") from error
