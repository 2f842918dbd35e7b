"""The files of personas and templates: listed with their first lines, checked, and written with an editor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from tui_chat.atomic_files import write_atomically
from tui_chat.settings import PERSONAS, TEMPLATES, SettingsError, read_persona, read_template
from tui_chat.settings.markdown_files import MarkdownFiles
from tui_chat.text import clean_line

_EXAMPLES: Mapping[str, str] = {
    "persona": "---\n# model:\n# thinking: off\n# temperature:\n# max_tokens:\n---\n",
    "template": "Explain {{what}} to {{whom=a newcomer}} in {{length:one sentence|a paragraph}}.\n",
}
"""The content that a new file begins with."""

About: TypeAlias = Mapping[tuple[str, str], str]
"""The first line of each file, by its kind and name."""


class PromptFiles:
    """The personas and templates of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def about(self) -> About:
        """Read the first line of each file; takes a disk's time."""
        return {
            (files.kind, name): self.first_line(files, name)
            for files in (TEMPLATES, PERSONAS)
            for name in files.names(self.folder)
        }

    def first_line(self, files: MarkdownFiles, name: str) -> str:
        """Return the first line of a file's text; "" if it cannot be read."""
        with suppress(SettingsError):
            text = read_persona(self.folder, name).text if files is PERSONAS else files.read(self.folder, name)
            return clean_line(text.strip().partition("\n")[0][:200])
        return ""

    def problems(self, files: MarkdownFiles, name: str) -> Sequence[str]:
        """Return what is wrong with a file; `SettingsError` says why it cannot be used at all."""
        if files is TEMPLATES:
            read_template(self.folder, name)
            return ()
        return [clean_line(problem.message) for problem in read_persona(self.folder, name).problems]

    def write(self, files: MarkdownFiles, name: str, edit: Callable[[Path], None]) -> str:
        """Have a file edited, a new one if there is none of that name; return a sentence if none is there after it.

        OSError if it cannot be written.
        """
        path, example = files.path(self.folder, name), _EXAMPLES[files.kind].encode()
        is_new = not path.exists()
        if is_new:
            write_atomically(path, example)
        edit(path)
        if is_new and path.read_bytes() == example:
            path.unlink()
            return f"Nothing was written, so there is no {files.kind} {name}."
        return ""
