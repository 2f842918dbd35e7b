"""Conversations for the commands of `tui-chat history`: found by their ids, and changed for certain."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TypeVar

from tui_chat.chat.message import Conversation
from tui_chat.cli.output import Complaint
from tui_chat.storage import Store, wait_until_written

T = TypeVar("T")

SAVING_S = 10.0
"""Seconds that a change may wait for a disk or for another program that holds the database."""


def found(store: Store, id: str) -> Conversation:
    """Return the conversation with this id, or with an id that begins so."""
    try:
        conversation = store.conversation(id)
    except LookupError as error:
        raise Complaint(str(error)) from None
    if conversation is None:
        raise Complaint(f"There is no conversation {id}; `tui-chat history list` shows all.")
    return conversation


def save(store: Store, change: Future[T]) -> T:
    """Return the result of a change once it is on the disk: then it counts."""
    try:
        result = wait_until_written(change, SAVING_S)
    except OSError:
        raise unsaved() from None
    if store.path is None:
        raise unsaved()
    return result


def unsaved() -> Complaint:
    """Return the complaint that nothing could be changed."""
    return Complaint("Nothing was changed: it could not be saved.")
