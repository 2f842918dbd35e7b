"""The batches of an evaluation that are under way, in a small file beside its results: none is sent twice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from tui_chat.atomic_files import write_atomically
from tui_chat.cli.output import Complaint
from tui_chat.records import asdict, dataclass
from tui_chat.text.reading import mapping, parsed


@dataclass(frozen=True, slots=True)
class SentBatch:
    """One batch, written down before it is sent."""

    contender: str
    mark: str
    """The beginning of the names of its requests, by which it is recognized."""
    after: str
    """The batch that was the provider's newest before this one; "" where there was none."""
    began_at: float
    """Seconds since 1970."""
    rows: tuple[str, ...]
    """The prompts in it, by their short keys."""
    id: str = ""
    """The provider's id; "" while it is not known whether the provider has it."""

    def name(self, row: str) -> str:
        """Return the name of the request for a prompt: of the letters, and within the length, that are allowed."""
        return f"{self.mark}-{row}"


class BatchFile:
    """Every change is on disk before the program goes on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.batches: Sequence[SentBatch] = self._read()

    def put(self, batch: SentBatch) -> None:
        """Add a batch, or what is new of one."""
        self._write([*self._others(batch), batch])

    def drop(self, batch: SentBatch) -> None:
        """Remove a batch; without any there is no file."""
        self._write(self._others(batch))

    def _others(self, batch: SentBatch) -> list[SentBatch]:
        return [each for each in self.batches if each.mark != batch.mark]

    def _write(self, batches: Sequence[SentBatch]) -> None:
        self.batches = batches
        if batches:
            write_atomically(self.path, json.dumps({"batches": [asdict(each) for each in batches]}).encode())
        else:
            self.path.unlink(missing_ok=True)

    def _read(self) -> Sequence[SentBatch]:
        try:
            found = mapping(parsed(self.path.read_bytes()))["batches"]
            if not isinstance(found, list):
                raise TypeError
            return [_batch(each) for each in found]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise Complaint(f"{self.path} cannot be read: {error.strerror}.") from error
        except (KeyError, TypeError, ValueError):
            raise Complaint(f"{self.path} does not say which batches are under way; choose another --output.") from None


def _batch(data: object) -> SentBatch:
    given = mapping(data)
    rows, began_at = given["rows"], given["began_at"]
    texts = [given[name] for name in ("contender", "mark", "after", "id")]
    if not isinstance(rows, list) or not isinstance(began_at, int | float):
        raise TypeError
    contender, mark, after, id, *keys = [_text(value) for value in (*texts, *rows)]
    return SentBatch(contender, mark, after, began_at, tuple(keys), id)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def batch_file_beside(output: Path) -> Path:
    """Return the file that belongs to a file of results."""
    return output.with_name(f"{output.name}.batches.json")
