"""Whether files can go with a prompt to a model."""

from __future__ import annotations

import pytest

from tests.pictures import PNG
from tui_chat.attachments import file_part
from tui_chat.chat.parts import FilePart
from tui_chat.program.file_checks import files_refused
from tui_chat.text.limits import MOST_FILES

PICTURE, NOTES = file_part("a.png", PNG), file_part("a.md", b"Hi")


@pytest.mark.parametrize(
    ("files", "model", "sentence"),
    [
        ([PICTURE, NOTES], "claude-sonnet-5-5", ""),
        ([PICTURE], "unheard-of", ""),
        ([NOTES], "smollm2-135m-instruct", ""),
        ([NOTES, PICTURE], "smollm2-135m-instruct", "a.png is a picture, and smollm2-135m-instruct takes none."),
        ([NOTES.reference()], "claude-sonnet-5-5", "a.md is lost: take it out, or choose it again."),
        ([NOTES] * (MOST_FILES + 1), "", "At most 50 files can go with a prompt; these are 51."),
    ],
)
def test_files_that_cannot_go_are_named(files: list[FilePart], model: str, sentence: str) -> None:
    assert files_refused(files, model) == sentence
