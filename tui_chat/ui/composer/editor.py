"""The user's own editor, for a prompt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from tui_chat.program.editor import EditorError, edit
from tui_chat.program.wiring import Program
from tui_chat.text import clean_line
from tui_chat.ui.composer.composer import Composer


def edit_prompt(app: App[Any], program: Program, conversation_id: str, composer: Composer) -> None:
    """Have what is in the composer edited; if the program ends meanwhile, it comes back at the next start."""
    try:
        begun = program.store.begin_edit(conversation_id, composer.written, composer.prompt)
    except OSError as error:
        app.notify(f"The editor needs a file: {error.strerror}.", severity="error", markup=False)
        return
    try:
        edit_outside(app, begun.file)
    except EditorError as error:
        app.notify(clean_line(str(error)), severity="error", markup=False)
    else:
        if not program.ending and begun.prompt != composer.prompt:
            composer.write(begun.prompt)
    if not program.ending:
        begun.remove()


def edit_outside(app: App[Any], file: Path) -> None:
    """Do the same with the terminal given to the editor, and taken back whatever becomes of it."""
    failure: EditorError | None = None
    try:
        with app.suspend():
            try:
                edit(file)
            except EditorError as error:  # caught here, as the app does not come back from an exception
                failure = error
    except SuspendNotSupported as error:
        raise EditorError("This terminal cannot make room for an editor.") from error
    if failure is not None:
        raise failure
