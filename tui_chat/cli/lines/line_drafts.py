"""Drafts: what is typed and not sent is kept, and comes back where its conversation is opened again."""

from __future__ import annotations

from collections.abc import Sequence

from tui_chat.chat.parts import FilePart
from tui_chat.chat.prompt import Prompt
from tui_chat.storage import Store
from tui_chat.ui.composer.attached_files import AttachedFiles
from tui_chat.ui.composer.saved_draft import parted_draft, prompt_of, read_draft


class LineDrafts:
    """Saves the line that is typed, in the form in which the app does it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._files = AttachedFiles()
        self._here = ""
        """The conversation in which one types."""
        self._saved = ""

    def arrive(self, conversation_id: str) -> Prompt | None:
        """Return what was left in a conversation, prompts that waited before it; None while it is no other one."""
        if conversation_id == self._here:
            return None
        draft, files = read_draft(self._store, conversation_id)
        self._files.learn(files)
        self._here, self._saved = conversation_id, draft
        queued, written = parted_draft(draft)
        left = [prompt_of(self._files, kept) for kept in (*queued, written)]
        text = "\n".join(one.text for one in left if one.text)
        return Prompt(text, files=tuple(file for one in left for file in one.files))

    def save(self, text: str, files: Sequence[FilePart]) -> None:
        """Save what is typed, if that is news."""
        draft = self._files.kept(text, files)
        if draft != self._saved:
            self._store.save_draft(self._here, draft, self._files.referred(draft))
            self._saved = draft
