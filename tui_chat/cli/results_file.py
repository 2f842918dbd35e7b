"""The results of an evaluation: JSON lines that are appended, and found again when it is taken up."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tui_chat.chat.message import Message, StreamingStatus
from tui_chat.cli.output import Complaint
from tui_chat.cli.prompts_file import PromptRow
from tui_chat.cli.reply import reply_to_json
from tui_chat.text.reading import mapping, parsed

_BEGIN = b'{"id"'
_NOT_OF_A_CONVERSATION = ("conversation_id", "message_id")


def result_row(row: PromptRow, contender: str, message: Message, error: str) -> dict[str, object]:
    """Return the JSON of one result; `error` says why there is none, "" if there is."""
    reply = {key: value for key, value in reply_to_json("", message).items() if key not in _NOT_OF_A_CONVERSATION}
    system = {} if row.system is None else {"system": row.system}
    return {"id": row.id, "contender": contender, "prompt": row.prompt, **system, "error": error or None, **reply}


@contextmanager
def opened_results(path: Path, take: Callable[[Mapping[str, object]], None]) -> Iterator[int]:
    """Give the descriptor of a file that results are appended to; those that it has already are handed to `take`.

    What a program that was killed has left of a last line is cut off. Only one program at a time may write it.
    """
    with _opened(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Complaint(f"Another program is writing {path}.", 2) from None
        _read_results(file, path, take)
        yield file.fileno()


def _opened(path: Path) -> BinaryIO:
    """Return the file, new or old; no pipe and no device, of which nothing could be read again."""
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise Complaint(f"{path} is not a file. Without --output the results go to standard output.", 2)
        return os.fdopen(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "r+b")
    except OSError as error:
        raise Complaint(f"{path} cannot be written: {error.strerror}.", 2) from error


def _read_results(file: BinaryIO, path: Path, take: Callable[[Mapping[str, object]], None]) -> None:
    whole = 0
    for number, line in enumerate(file, start=1):
        data = _object(line)
        if {"id", "contender", "prompt"} <= data.keys():
            take(data)
        elif line.endswith(b"\n") or not (line.startswith(_BEGIN) or _BEGIN.startswith(line)):
            raise Complaint(f"Line {number} of {path} is no result of an evaluation; choose another --output.", 2)
        else:
            break
        whole += len(line)
        if not line.endswith(b"\n"):
            os.write(file.fileno(), b"\n")
            whole += 1
    os.ftruncate(file.fileno(), whole)


def key_of(data: Mapping[str, object]) -> bytes:
    """Return by which a result is found again; nothing for one that failed, which is asked for once more."""
    if data.get("error") is not None or data.get("streaming_status") != StreamingStatus.COMPLETE.value:
        return b""
    system = data.get("system")
    row = PromptRow(str(data["id"]), str(data["prompt"]), system if isinstance(system, str) else None)
    return row.key(str(data["contender"]))


def _object(line: bytes) -> Mapping[str, object]:
    try:
        return mapping(parsed(line.decode()))
    except ValueError:
        return {}
