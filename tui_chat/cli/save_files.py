"""Saving the files that code made for a reply, where an option names a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tui_chat.chat.errors import ChatError
from tui_chat.chat.message import Message
from tui_chat.chat.server_results import made_files
from tui_chat.cli.output import Complaint, note
from tui_chat.program.parts import Parts
from tui_chat.settings import SettingsError, expanded


def folder_for_files(path: Path | None) -> Path | None:
    """Return the folder that an option names, which has to be there."""
    if path is None:
        return None
    try:
        folder = expanded(path, "--save-files")
        if folder.is_dir():
            return folder
    except (SettingsError, OSError, ValueError) as error:
        raise Complaint(str(error), 2) from None
    raise Complaint(f"--save-files: there is no folder {path}.", 2)


def save_files(parts: Parts, replies: Sequence[Message], folder: Path) -> None:
    """Save what was made for replies, and name it; a complaint says why it cannot be saved."""
    if not (ids := made_files(part for reply in replies for part in reply.parts)):
        note("No files were made for this reply.")
        return
    try:
        saved = parts.requests.save_made_files(ids, folder).result()
    except ChatError as error:
        raise Complaint(f"Not all files were saved: {error.sentence}") from None
    except OSError as error:
        raise Complaint(f"Not all files were saved: {error.strerror or error}.") from None
    note(f"Saved {', '.join(path.name for path in saved)} in {folder}.")
