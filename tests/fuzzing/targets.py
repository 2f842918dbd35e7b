"""The targets, and their faults: an exception that nobody expects, or an error in the log."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from tests.fuzzing import files, options
from tests.fuzzing.garbage import Garbage
from tests.fuzzing.server import answering
from tests.fuzzing.wires import HONEST, wire
from tui_chat.storage import Store

Target = Callable[[Garbage], None]
NAMES = (
    *(f"{vendor} {what}" for vendor, decoders in HONEST.items() for what in decoders),
    *(
        "databases",
        "imports",
        "files of other programs",
        "attachments",
        "settings",
        "personas",
        "templates",
        "lists of models",
    ),
    *("options", "commands"),
)


class _Faults(logging.Handler):
    """Keeps the errors that are logged, with where they come from."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@contextmanager
def targets(folder: Path) -> Iterator[Mapping[str, Target]]:
    """Yield all decoders, with a server and folders for them."""
    with ExitStack() as stack:
        server = stack.enter_context(answering())
        store = Store(None, on_problem)
        stack.callback(store.close)
        yield dict(
            zip(
                NAMES,
                (
                    *(wire(vendor, what, server) for vendor, decoders in HONEST.items() for what in decoders),
                    partial(files.databases, folder=folder),
                    partial(files.imports, store=store),
                    partial(files.others_files, store=store, folder=folder),
                    files.attachments,
                    files.settings,
                    partial(files.personas, folder=folder),
                    files.templates,
                    partial(files.model_lists, path=folder / "models.json"),
                    options.parsing,
                    options.running,
                ),
                strict=True,
            )
        )


def on_problem(sentence: str) -> None:
    """A database in memory has none."""
    raise AssertionError(sentence)


def feed(target: Target, seed: int) -> None:
    """Feed a decoder what belongs to a seed; raises if there is a fault."""
    faults, ours = _Faults(), logging.getLogger("tui_chat")
    ours.addHandler(faults)
    try:
        target(Garbage(seed))
    finally:
        ours.removeHandler(faults)
    for record in faults.records:
        error = record.exc_info[1] if record.exc_info else None
        raise AssertionError(f"logged: {record.getMessage()}") from error
