"""Reasons why a file cannot go with a prompt."""

from __future__ import annotations

from collections.abc import Sequence

from tui_chat.chat.parts import FilePart
from tui_chat.text import clean_line
from tui_chat.text.limits import LARGEST_FILES_BYTES, MOST_FILES


class FileRefused(Exception):
    """A file cannot go with a prompt; the text is a sentence that names it and says why."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{clean_line(name)} {reason}.")


def too_much(files: Sequence[FilePart]) -> str:
    """Return that so many files cannot go with one prompt, in a sentence; "" if they can."""
    if len(files) > MOST_FILES:
        return f"At most {MOST_FILES} files can go with a prompt; these are {len(files)}."
    size = sum(file.size for file in files)
    if size > LARGEST_FILES_BYTES:
        return (
            f"The files of a prompt may have {megabytes(LARGEST_FILES_BYTES)} together; these have {megabytes(size)}."
        )
    return ""


def megabytes(size: int) -> str:
    """Return a size as a sentence says it."""
    return f"{size / 1_000_000:.3g} MB"
