"""The saved form of what was typed and not sent: the prompts that wait, then the text that is being written."""

from __future__ import annotations

from collections.abc import Sequence

from tui_chat.chat.parts import FilePart
from tui_chat.chat.prompt import Prompt
from tui_chat.storage import Store
from tui_chat.ui.composer.attached_files import AttachedFiles, references_of

_SEPARATOR = "\x1e"
"""Stands behind each prompt that waits in what is saved; no text in the composer has such a character."""
_PLACE = "\x1f"
"""Stands behind the message whose place a prompt takes; nor has it this one."""


def read_draft(store: Store, conversation_id: str) -> tuple[str, Sequence[FilePart]]:
    """Return what was saved of a conversation, and the files that it refers to; takes a disk's time."""
    draft = store.draft(conversation_id)
    return draft, [store.file(reference) for reference in references_of(draft)]


def joined_draft(queued: Sequence[str], written: str) -> str:
    """Return the saved form of prompts that wait, and of what is being written."""
    return _SEPARATOR.join([*queued, written])


def parted_draft(saved: str) -> tuple[Sequence[str], str]:
    """Return the saved forms of the prompts that wait, and what is being written."""
    *queued, written = saved.split(_SEPARATOR)
    return queued, written


def kept_prompt(files: AttachedFiles, prompt: Prompt) -> str:
    """Return the saved form of a prompt that waits."""
    kept = files.kept(prompt.text, prompt.files)
    return f"{prompt.in_place_of}{_PLACE}{kept}" if prompt.in_place_of else kept


def prompt_of(files: AttachedFiles, kept: str) -> Prompt:
    """Return a prompt from its saved form."""
    in_place_of, _, kept = kept.rpartition(_PLACE)
    text, attached = files.taken_up(kept)
    return Prompt(text, in_place_of, attached)
