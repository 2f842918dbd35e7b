"""A text area with files beside its text: typed, pasted, dropped, from the clipboard, and given back by undo."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial

from textual import on
from textual.message import Message
from textual.reactive import var
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult, Location

from tui_chat.attachments import too_much
from tui_chat.attachments.clipboard import picture_tool, text_tool
from tui_chat.attachments.pasted_paths import paths_in
from tui_chat.chat.parts import FilePart
from tui_chat.program.server_resources import ServerResources
from tui_chat.records import dataclass
from tui_chat.text import clean
from tui_chat.ui.composer.attached_files import AttachedFiles
from tui_chat.ui.composer.attaching import (
    attach_pasted,
    paste_from_clipboard,
    say,
    take_path,
    take_resource,
    write_typed,
)
from tui_chat.ui.composer.awaited import AwaitedList
from tui_chat.ui.composer.file_offers import PathOffers, TypedPath
from tui_chat.ui.composer.offer_list import OfferList
from tui_chat.ui.composer.prompt_area import PromptArea
from tui_chat.ui.composer.resource_offers import ResourceOffers
from tui_chat.ui.shared.background import begin


@dataclass(frozen=True, slots=True)
class _FileUndo:
    """The files of before a change, which an undo brings back."""

    files: tuple[FilePart, ...]
    with_text: bool
    """True if the same change changed the text."""


class AttachingArea(PromptArea):
    """Takes files that go with what is written."""

    files: var[tuple[FilePart, ...]] = var((), init=False)
    """The files that go with what is written."""

    @dataclass
    class FilesChanged(Message):
        """Other files go with what is written than before."""

        area: AttachingArea

        @property
        def control(self) -> AttachingArea:
            """The area that they are attached to."""
            return self.area

    def __init__(self, offers: OfferList, resources: ServerResources, *, placeholder: str = "") -> None:
        """Keep `offers`, which shows the paths and the resources that may be meant by what is typed."""
        self.attached = AttachedFiles()
        self.awaited = AwaitedList()
        take, write = partial(take_resource, self, resources), partial(write_typed, self)
        of_servers = ResourceOffers(resources, take, write, partial(say, self))
        self.paths = PathOffers(offers, partial(take_path, self), of_servers)
        self._undo_files: _FileUndo | None = None
        """The files that the next undo brings back; None once anything else was changed."""
        super().__init__(placeholder=placeholder)

    def watch_files(self) -> None:
        """Tell whoever shows the files."""
        self.post_message(self.FilesChanged(self))

    def attach(self, files: Sequence[FilePart]) -> str:
        """Have more files go with what is written, each once; return why they cannot, or ""."""
        more = tuple(dict.fromkeys((*self.files, *files)))
        if not (sentence := too_much(more)):
            self.attached.learn(files)
            self.files = more
        return sentence

    def attach_for(self, files: Sequence[FilePart], start: Location, end: Location) -> str:
        """Attach files in the place of a text; undo brings the text back instead. Return why they cannot, or ""."""
        before = self.files
        if not (sentence := self.attach(files)):
            self.history.checkpoint()
            self.replace("", start, end)
            self._undo_files = _FileUndo(before, with_text=True)
        return sentence

    def take_out(self, file: FilePart) -> None:
        """Have a file go with what is written no longer; undo brings it back."""
        undo = _FileUndo(self.files, with_text=False)
        self.files = tuple(other for other in self.files if other is not file)
        self._undo_files = undo

    def discard(self) -> None:
        """Clear what is written, and what goes with it; undo brings both back."""
        undo = _FileUndo(self.files, with_text=bool(self.text))
        self.history.checkpoint()
        self.clear()
        self.files, self._undo_files = (), undo

    def paste(self, text: str) -> None:
        """Put in what was pasted; whether it names files, and nothing else, the disk has yet to say."""
        start = min(self.selection)
        super().paste(text)
        end, readings = self.cursor_location, paths_in(text)
        pasted = self.get_text_range(start, end)
        # Vim may have put it elsewhere; then it stays text.
        if readings and self.pastes.whole(pasted) == clean(text):
            begin(self, partial(attach_pasted, self, readings, start, end, pasted), "files")

    def action_paste(self) -> None:
        """Paste a picture or a text from the clipboard, or what was copied in this app."""
        of_pictures, of_texts = picture_tool(os.environ), text_tool(os.environ)
        if of_pictures or of_texts:
            awaited = self.awaited.expect("The clipboard")
            begin(self, partial(paste_from_clipboard, self, of_pictures, of_texts, awaited), "files")
        else:
            super().action_paste()

    def action_delete_left(self) -> None:
        """Delete what is before the cursor; at the very beginning, that is the last file."""
        if self.files and self.selection.is_empty and self.cursor_location == (0, 0):
            self.take_out(self.files[-1])
        else:
            super().action_delete_left()

    def action_undo(self) -> None:
        """Bring back what was there before the last change, be it a text or files."""
        undo, self._undo_files = self._undo_files, None
        if undo is not None:
            self.files = undo.files
        if undo is None or undo.with_text:
            super().action_undo()

    def edit(self, edit: Edit) -> EditResult:
        """Change the text; an undo is about that from now on."""
        self._undo_files = None
        return super().edit(edit)

    @on(TextArea.SelectionChanged)
    def seek_paths(self) -> None:
        """Offer paths for an @ that is being typed before the cursor."""
        self.paths.want(TypedPath.at_end(self.before_cursor) if self.selection.is_empty else None)

    @property
    def before_cursor(self) -> str:
        """The line up to the cursor."""
        row, column = self.cursor_location
        return self.document.get_line(row)[:column]
