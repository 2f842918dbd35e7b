"""A store of its own, and the shortest way to import into it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tui_chat.chat.message import Conversation
from tui_chat.interchange.importing.run import Import, ImportReport
from tui_chat.storage import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store that must have no trouble."""
    store = Store.open(tmp_path / "data", on_problem=pytest.fail)
    yield store
    store.close()


Importer = Callable[..., ImportReport]


@pytest.fixture
def run_import(store: Store) -> Importer:
    """Imports files."""

    def run(*files: Path, format: str = "") -> ImportReport:
        return Import(store, lambda _: None, format).run(files)

    return run


def write_json(data: object) -> Callable[[Path], Path]:
    """Return what writes a value to a file as JSON."""

    def write(path: Path) -> Path:
        path.write_text(json.dumps(data))
        return path

    return write


def texts(conversation: Conversation) -> list[str]:
    """Return what was said."""
    return [message.text for message in conversation.messages]


def only(store: Store) -> Conversation:
    """Return the only conversation."""
    [summary] = store.conversations()
    found = store.conversation(summary.id)
    assert found
    return found
