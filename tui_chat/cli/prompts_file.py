"""The prompts of `ask --prompts FILE`: a prompt a line, or JSON lines with an id and a system prompt."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tui_chat.chat.prompt import too_long
from tui_chat.cli.output import Complaint
from tui_chat.records import dataclass
from tui_chat.settings import expanded
from tui_chat.text.reading import mapping, parsed

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class PromptRow:
    """One prompt of the file."""

    id: str
    """Its own, or the number of its line."""
    prompt: str
    system: str | None = None
    """The system prompt that takes the place of the settings'."""

    def key(self, contender: str) -> bytes:
        """Return by which a result is found again: the same prompt, to the same contender."""
        asked = json.dumps([self.id, contender, self.prompt, self.system])
        return hashlib.sha256(asked.encode("utf-8", "surrogatepass")).digest()


def read_prompts(name: str) -> Sequence[PromptRow]:
    """Return the prompts of a file, all checked before any is asked; a complaint names the line that is wrong."""
    text = _content(name)
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if not lines:
        raise Complaint(f"There are no prompts in {_label(name)}.", 2)
    as_json = "prompt" in _object(lines[0][1])
    rows = [_row(number, line, name, as_json=as_json) for number, line in lines]
    _check_ids(rows, name)
    return rows


def _content(name: str) -> str:
    try:
        content = sys.stdin.buffer.read() if name == STANDARD_INPUT else expanded(Path(name), "--prompts").read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise Complaint(f"{_label(name)} cannot be read: {error.strerror}.", 2) from error
    except UnicodeDecodeError:
        raise Complaint(f"{_label(name)} is not UTF-8 text.", 2) from None


def _row(number: int, line: str, name: str, *, as_json: bool) -> PromptRow:
    where = f"Line {number} of {_label(name)}"
    row = _from_json(number, line, where) if as_json else PromptRow(str(number), line.strip())
    if not row.prompt.strip():
        raise Complaint(f"{where} has an empty prompt.", 2)
    if sentence := too_long(row.prompt):
        raise Complaint(f"{where}: {sentence}", 2)
    return row


def _from_json(number: int, line: str, where: str) -> PromptRow:
    data = _object(line)
    prompt, system, id = data.get("prompt"), data.get("system"), data.get("id", number)
    if not isinstance(prompt, str) or not isinstance(system, str | None) or not isinstance(id, str | int):
        raise Complaint(f'{where} is no {{"id": ..., "prompt": "...", "system": "..."}}.', 2)
    return PromptRow(str(id), prompt, system)


def _object(line: str) -> Mapping[str, object]:
    try:
        return mapping(parsed(line))
    except ValueError:
        return {}


def _check_ids(rows: Sequence[PromptRow], name: str) -> None:
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            raise Complaint(f"The id {row.id} is in {_label(name)} twice.", 2)
        seen.add(row.id)


def _label(name: str) -> str:
    return "standard input" if name == STANDARD_INPUT else name


def asked_of_each(rows: Sequence[PromptRow], contenders: Sequence[str]) -> Iterator[tuple[PromptRow, str]]:
    """Yield each prompt with each contender: all who are compared keep pace, however early it ends."""
    return ((row, contender) for row in rows for contender in contenders)
