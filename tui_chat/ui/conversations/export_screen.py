"""Exporting conversations: a form and a file are chosen, and Esc ends it without a trace."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from tui_chat.chat.message import utc_now
from tui_chat.interchange.exporting import (
    SUFFIXES,
    Export,
    ExportFormat,
    ExportOptions,
    ExportStopped,
    file_name,
)
from tui_chat.storage import Store
from tui_chat.text import clean, clean_line
from tui_chat.typed_paths import from_home, typed_path
from tui_chat.ui.shared.background import begin
from tui_chat.ui.shared.dialog import Dialog
from tui_chat.ui.shared.path_field import PathField
from tui_chat.ui.shared.question import Question

PROGRESS_S = 0.1
FORMATS = {
    ExportFormat.HTML: ("HTML", "One page to read in a browser or on a phone, with pictures and coloured code."),
    ExportFormat.MARKDOWN: ("Markdown", "The texts, with sources and the names of files."),
    ExportFormat.TEXT: ("Text", "The texts as they are, with sources and the names of files."),
    ExportFormat.JSON: ("JSON", "Everything, in one file that can be imported again."),
    ExportFormat.ZIP: ("Zip", "Everything, with the attached files beside it; it can be imported again."),
}
"""The forms in the order in which they are offered, each with its name and what it is for."""
WHOLE = (ExportFormat.JSON, ExportFormat.ZIP)
"""The forms that have the thinking in any case."""


class _ExportField(PathField):
    """The path of what is written."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Export"),
        Binding("down", "screen.format(1)", "Format"),
        Binding("up", "screen.format(-1)", show=False),
        Binding("ctrl+t", "screen.thinking", "Thinking"),
    ]


class ExportScreen(Dialog[None]):
    """Takes a form and a path and writes the file; Esc leaves it, or ends an export that runs."""

    CSS_PATH = "export_screen.tcss"
    AUTO_FOCUS = "Input"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"export--chosen", "export--other"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel"),
        Binding("escape", "stop", "Stop", priority=True),
    ]

    def __init__(self, store: Store, ids: Sequence[str], title: str) -> None:
        super().__init__()
        self._store = store
        self._ids = ids
        self._named = title if len(ids) == 1 else f"{len(ids):,} conversations"
        self._format = ExportFormat.HTML
        self._thinking = False
        self._export: Export | None = None
        self.heading = "Export this conversation" if len(ids) == 1 else f"Export {len(ids):,} conversations"

    def compose_body(self) -> ComposeResult:
        """Yield the path and the forms."""
        yield _ExportField(self._default_path())
        yield Static(id="formats")
        yield Static(id="about", markup=False)

    def on_mount(self) -> None:
        """Show what is chosen, and keep an eye on an export."""
        self._field.action_end()
        self._show_options()
        self.set_interval(PROGRESS_S, self._show_progress)

    def on_unmount(self) -> None:
        """End an export if the app ends."""
        if self._export is not None:
            self._export.stop()

    @property
    def _field(self) -> _ExportField:
        return self.query_one(_ExportField)

    def _default_path(self) -> str:
        return file_name(self._named, utc_now().astimezone().date(), self._format)

    # -- what the keys do

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Stop what runs; leave where nothing does."""
        if action in ("stop", "cancel"):
            return (action == "stop") is (self._export is not None)
        if action == "thinking":
            return self._format not in WHOLE
        return True

    def action_stop(self) -> None:
        """End after the present conversation."""
        if self._export is not None:
            self._export.stop()
            self.say("Stopping…")

    def action_format(self, step: int) -> None:
        """Choose another form, so many further on."""
        formats = list(FORMATS)
        self.action_choose(formats[(formats.index(self._format) + step) % len(formats)])

    def action_choose(self, format: str) -> None:
        """Choose a form; the file's name follows where it ends as the form before does."""
        if self._export is not None:
            return
        stem, suffix = _parted(self._field.value)
        if suffix == SUFFIXES[self._format]:
            self._field.value = f"{stem}{SUFFIXES[ExportFormat(format)]}"
            self._field.action_end()
        self._format = ExportFormat(format)
        self._show_options()

    @on(Input.Changed)
    def _follow_name(self, event: Input.Changed) -> None:
        """Choose the form that the file's name ends as, if it ends as another one's does."""
        _, suffix = _parted(event.value)
        named = next((format for format in FORMATS if SUFFIXES[format] == suffix), None)
        if named not in (None, self._format):
            self._format = named
            self._show_options()

    def action_thinking(self) -> None:
        """Write the thinking too, or no longer."""
        if self._export is None and self._format not in WHOLE:
            self._thinking = not self._thinking
            self._show_options()

    def _show_options(self) -> None:
        row = Content("   ").join(self._option(format) for format in FORMATS)
        self.query_one("#formats", Static).update(row)
        thinking = ""
        if self._format not in WHOLE:
            thinking = "\nWith the thinking." if self._thinking else "\nWithout the thinking."
        self.query_one("#about", Static).update(f"{FORMATS[self._format][1]}{thinking}")
        self.refresh_bindings()

    def _option(self, format: ExportFormat) -> Content:
        chosen = format is self._format
        style = self.get_visual_style(f"export--{'chosen' if chosen else 'other'}")
        name = Content.styled(f"{'●' if chosen else '○'} {FORMATS[format][0]}", style)
        return name.stylize(f"@click=screen.choose('{format}')")

    # -- the export

    @on(Input.Submitted)
    def _begin(self, event: Input.Submitted) -> None:
        if event.value.strip() and self._export is None:
            path = Path(os.path.abspath(typed_path(event.value.strip())))  # noqa: PTH100 - pathlib would look at links
            begin(self, partial(self._ask_and_run, path), "export", exclusive=True)

    async def _ask_and_run(self, path: Path) -> None:
        if await asyncio.to_thread(os.path.isdir, path):
            self.say(clean_line(f"{path.name or path} is a folder. Add the name of the file."), problem=True)
            return
        if await asyncio.to_thread(os.path.lexists, path):
            question = f"{clean_line(str(path.name))} already exists. Overwrite it?"
            if not await self.app.push_screen_wait(Question(question, yes="Overwrite it")):
                return
        export = self._export = Export(self._store, self._ids, ExportOptions(self._format, self._thinking))
        self._set_running(running=True)
        try:
            await asyncio.to_thread(export.save, path)
        except ExportStopped:
            self._end("Stopped: nothing was written.")
        except OSError as error:
            self.say(clean_line(f"It could not be written: {error.strerror or error}."), problem=True)
            self._export = None
            self._set_running(running=False)
        else:
            what = "" if len(self._ids) == 1 else f"{export.written:,} conversations "
            self._end(f"Exported {what}to {from_home(path)}")

    def _set_running(self, *, running: bool) -> None:
        self._field.disabled = running
        self.set_focus(None if running else self._field)
        self.refresh_bindings()

    def _end(self, sentence: str) -> None:
        self._export = None
        self.app.notify(clean(sentence), markup=False)
        self.dismiss()

    def _show_progress(self) -> None:
        if self._export is not None and len(self._ids) > 1 and not self._export.stopping:
            self.say(f"{self._export.written:,} of {len(self._ids):,}")


def _parted(path: str) -> tuple[str, str]:
    """Return a path up to its suffix, and that, as they were typed."""
    return os.path.splitext(path)  # noqa: PTH122 - pathlib would change what was typed
