"""The prompt of `ask`: a template, words on the command line, what comes on standard input; and files with it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from tui_chat.attachments import FileRefused, read_file
from tui_chat.chat.parts import FilePart
from tui_chat.chat.prompt import too_long
from tui_chat.cli.output import Complaint
from tui_chat.settings import SettingsError, expanded, read_template
from tui_chat.text.limits import LONGEST_PROMPT

_LARGEST_INPUT = 4 * LONGEST_PROMPT + 1
"""Bytes: more than the longest prompt. A wrong file in the pipe should not fill the memory."""


def read_prompt(words: Sequence[str], template: str = "") -> str:
    """Return the prompt: the template, the words, and standard input if that is not a terminal; blank lines between."""
    texts = [template, " ".join(words), "" if sys.stdin.isatty() else _standard_input()]
    prompt = "\n\n".join(text for text in texts if text.strip())
    if not prompt:
        raise Complaint("There is no prompt: give it as an argument or on standard input.", 2)
    _check(prompt)
    return prompt


def filled_template(config_folder: Path, name: str, params: Sequence[tuple[str, str]]) -> str:
    """Return the prompt that a template and the values of its fields are."""
    values: dict[str, str] = {}
    for key, value in params:
        if key in values:
            raise Complaint(f"--param {key} is given twice.", 2)
        values[key] = value
    try:
        template = read_template(config_folder, name)
        return template.filled(template.checked(values))
    except SettingsError as error:
        raise Complaint(str(error), 2) from None


def read_files(paths: Sequence[Path]) -> tuple[FilePart, ...]:
    """Return the files that go with it."""
    try:
        return tuple(read_file(expanded(path, "--attach")) for path in paths)
    except FileRefused as error:
        raise Complaint(str(error), 2) from None


def _standard_input() -> str:
    content = sys.stdin.buffer.read(_LARGEST_INPUT)
    if len(content) == _LARGEST_INPUT:
        raise Complaint(f"Standard input is too long: a prompt may have {LONGEST_PROMPT:,} characters.", 2)
    try:
        return content.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise Complaint("What came on standard input is not UTF-8 text.", 2) from None


def _check(prompt: str) -> None:
    try:
        prompt.encode()
    except UnicodeEncodeError:
        raise Complaint("The prompt is not UTF-8 text.", 2) from None
    if sentence := too_long(prompt):
        raise Complaint(sentence, 2)
