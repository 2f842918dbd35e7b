"""A check of the files that are to go with a prompt to a model."""

from __future__ import annotations

from collections.abc import Sequence

from tui_chat.attachments import too_much
from tui_chat.chat.parts import FilePart
from tui_chat.providers import takes_pictures
from tui_chat.text import clean_line


def files_refused(files: Sequence[FilePart], model: str) -> str:
    """Return why these files cannot go with a prompt to this model, in a sentence; "" if they can."""
    lost = next((file for file in files if file.lost), None)
    if lost is not None:
        return f"{clean_line(lost.name)} is lost: take it out, or choose it again."
    unseen = next((file for file in files if not file.is_text), None)
    if unseen is not None and not takes_pictures(model):
        kind = "picture" if unseen.is_picture else "PDF"
        return f"{clean_line(unseen.name)} is a {kind}, and {clean_line(model)} takes none."
    return too_much(files)
