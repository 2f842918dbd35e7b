"""Conversations for the commands of `tui-chat history`: found by their ids, and changed for certain."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TypeVar

from tui_chat.chat.message import Conversation
from tui_chat.chat.protocols import Pricing
from tui_chat.cli.options import environment
from tui_chat.cli.output import Complaint, Problems, note
from tui_chat.settings import data_dir
from tui_chat.storage import Store, wait_until_written

T = TypeVar("T")

UPGRADE_S = 120.0
"""Seconds that another process may take to upgrade the database."""
SAVING_S = 10.0
"""Seconds that a change may wait for a disk or for another program that holds the database."""


def _prices() -> Pricing:
    """Return the prices, which only a reply that a crash cut off needs."""
    from tui_chat.providers import PriceBook

    return PriceBook()


@contextmanager
def opened_store(args: argparse.Namespace) -> Iterator[Store]:
    """Open the store in the folder that the options and the environment name."""
    problems = Problems()
    store = Store.open(data_dir(environment(args)), on_problem=problems, prices=_prices)
    try:
        _wait_until_prepared(store, problems)
        yield store
    finally:
        store.close()
    if problems.told:
        raise SystemExit(1)  # what could be read was printed, but it may not be all


def _wait_until_prepared(store: Store, problems: Problems) -> None:
    """Wait for another process that holds the database, most likely to bring it up to the present version."""
    if store.prepared():
        return
    note("The database is being upgraded; waiting for it.")
    if not store.prepared(UPGRADE_S):
        raise Complaint("The database is still held by another program. Try again later.")
    problems.told.clear()  # it was waited for, and nothing is missing


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
