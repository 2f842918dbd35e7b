"""Prompts that are in an editor: each in a file, which the next start finds if the program ended meanwhile."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tui_chat.private_files import make_private_folder, open_private
from tui_chat.records import dataclass
from tui_chat.storage.locks import clear_if_free, hold

FOLDER = "editing"
_LOCK, _ABOUT, _PROMPT = "lock", "about.json", "prompt.md"


@dataclass(frozen=True, slots=True)
class PromptEdit:
    """A prompt in a file."""

    folder: Path
    conversation_id: str
    draft: str
    """The text in the composer when the edit began, as drafts are kept."""
    lock: int | None = None
    """The lock file's descriptor, held while the edit goes on."""

    @property
    def file(self) -> Path:
        """The file that the editor is given."""
        return self.folder / _PROMPT

    @property
    def prompt(self) -> str:
        """The prompt as the editor has saved it."""
        return self.file.read_text(encoding="utf-8", errors="replace").removesuffix("\n")

    def remove(self) -> None:
        """Remove the file, and what an editor has left beside it."""
        import shutil

        shutil.rmtree(self.folder, ignore_errors=True)
        if self.lock is not None:
            os.close(self.lock)

    def in_draft(self, draft: str) -> str:
        """Return the conversation's draft with the edited prompt in its place, or after it if it became another."""
        if self.draft and draft.endswith(self.draft):
            return draft.removesuffix(self.draft) + self.prompt
        return f"{draft}\n{self.prompt}" if draft and draft[-1].isprintable() else draft + self.prompt


def begin_edit(data_folder: Path | None, conversation_id: str, draft: str, prompt: str) -> PromptEdit:
    """Put a prompt into a file in the data folder; where nothing is kept, into a temporary one."""
    if data_folder is None:
        import tempfile

        edit = PromptEdit(Path(tempfile.mkdtemp(prefix="tui-chat-")), conversation_id, draft)
    else:
        folder = data_folder / FOLDER / os.urandom(16).hex()
        make_private_folder(folder)
        edit = PromptEdit(folder, conversation_id, draft, hold(folder / _LOCK))
    _write(edit.folder / _ABOUT, json.dumps([conversation_id, draft]))
    _write(edit.file, prompt)
    return edit


def edits_left(data_folder: Path) -> Iterator[PromptEdit]:
    """Yield the edits of programs that ended before their editors did."""
    with suppress(OSError):
        for folder in sorted((data_folder / FOLDER).iterdir()):
            with suppress(OSError, ValueError):
                conversation_id, draft = json.loads((folder / _ABOUT).read_text("utf-8"))
                if clear_if_free(folder / _LOCK):
                    yield PromptEdit(folder, str(conversation_id), str(draft))


def _write(path: Path, text: str) -> None:
    with os.fdopen(open_private(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as file:
        file.write(text.encode(errors="replace"))
