"""An import: files read one by one, their conversations stored one by one, counted, and stopped between two of them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

from tui_chat.chat.imported import ImportedConversation, ImportOutcome
from tui_chat.interchange.importing.opening import Found, Reading
from tui_chat.interchange.importing.source import ImportProblem
from tui_chat.records import dataclass, field
from tui_chat.storage import Store

MOST_NAMED = 50
"""Problems that are kept to be named; all are counted."""


@dataclass
class ImportReport:
    """The result of an import, so far."""

    outcomes: Counter[ImportOutcome] = field(default_factory=Counter)
    empty: int = 0
    failed: int = 0
    """The number of conversations, and of files, that could not be imported."""
    problems: list[str] = field(default_factory=list)
    """The first of them, a sentence each."""
    stopped: bool = False
    fraction: float | None = None
    """The part of the present file that has been read, where that is known."""

    @property
    def found(self) -> int:
        """The number of conversations that are here now."""
        return self.outcomes.total()

    @property
    def handled(self) -> int:
        """The number of all conversations that were looked at."""
        return self.found + self.empty + self.failed

    @property
    def is_nothing_but_problems(self) -> bool:
        """True if not one conversation was found that could be imported."""
        return 0 < self.failed == self.handled

    def add_problem(self, problem: ImportProblem) -> None:
        """Count, and name, what could not be imported."""
        self.failed += 1
        if len(self.problems) < MOST_NAMED:
            self.problems.append(problem.sentence)

    def sentences(self, most_named: int, *, broken: bool = False) -> Iterator[str]:
        """Yield the counts, the first problems, and how many more there are; `broken`: not all could be stored."""
        yield self.summary()
        yield from self.named_problems(most_named)
        if broken:
            yield "The import stopped: it could not be saved."

    def named_problems(self, most_named: int) -> Iterator[str]:
        """Yield the first problems, and how many more there are."""
        yield from self.problems[:most_named]
        if (more := self.failed - most_named) > 0:
            yield f"And {more:,} more."

    def summary(self) -> str:
        """Return the counts, in a sentence."""
        there = self.outcomes[ImportOutcome.UNCHANGED]
        counts = {
            "added": self.outcomes[ImportOutcome.ADDED],
            "got new messages": self.outcomes[ImportOutcome.EXTENDED],
            f"{'was' if there == 1 else 'were'} there already": there,
            f"{'was' if self.empty == 1 else 'were'} empty": self.empty,
            "could not be imported": self.failed,
        }
        words = [(count, f"{count:,}", what) for what, count in counts.items() if count]
        if not words:
            return "Nothing was imported."
        count, number, what = words[0]
        first = f"{number} conversation{'' if count == 1 else 's'} {what}"
        rest = [f"{number} {what}" for _, number, what in words[1:]]
        return f"{'Stopped: ' if self.stopped else ''}{', '.join([first, *rest])}."


class Import:
    """Imports files into a store."""

    def __init__(self, store: Store, on_progress: Callable[[ImportReport], None], format: str = "") -> None:
        """`on_progress` is told of every conversation, in the thread that imports."""
        self._store = store
        self._on_progress = on_progress
        self._stop = threading.Event()
        self._reading = Reading(format, self._stop.is_set)
        self.report = ImportReport()

    def stop(self) -> None:
        """End after the conversation that is being stored. Thread-safe."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """True if it is to end."""
        return self._stop.is_set()

    def run(self, files: Iterable[Path]) -> ImportReport:
        """Import the files; OSError if what was read cannot be stored."""
        for file in files:
            self._import_file(file)
            if self.report.stopped:
                break
        return self.report

    def _import_file(self, file: Path) -> None:
        with closing(self._reading.conversations(file)) as found:
            for item in _with_problems(found, file):
                if self._stop.is_set():
                    self.report.stopped = True
                    return
                self._take(item)

    def _take(self, item: Found) -> None:
        if isinstance(item, ImportProblem):
            self.report.add_problem(item)
        elif item is None:
            self.report.empty += 1
        else:
            self._add(item)
        self.report.fraction = self._reading.fraction
        self._on_progress(self.report)

    def _add(self, item: ImportedConversation) -> None:
        try:
            self.report.outcomes[self._store.add_imported(item)] += 1
        except OSError as error:
            if isinstance(error.__cause__, TimeoutError):  # the disk, or another program: the next would fare no better
                raise
            self.report.add_problem(ImportProblem(item.conversation.title, "It could not be saved."))


def _with_problems(found: Iterator[Found], file: Path) -> Iterator[Found]:
    """Yield what is found in a file; last, if it cannot be read to its end, that."""
    try:
        yield from found
    except IsADirectoryError:
        yield ImportProblem(file.name or str(file), "It is a folder, and a file is needed.")
    except OSError as error:
        yield ImportProblem(file.name or str(file), f"{error.strerror or 'It cannot be read'}.")
