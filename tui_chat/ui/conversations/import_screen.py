"""Importing conversations: a file is named, its conversations are counted as they come, and Esc ends it early."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from tui_chat.attachments.pasted_paths import files_named
from tui_chat.interchange.importing.run import Import, ImportReport
from tui_chat.storage import Store
from tui_chat.text import clean
from tui_chat.text.amounts import counted
from tui_chat.ui.shared.background import begin
from tui_chat.ui.shared.dialog import Dialog
from tui_chat.ui.shared.path_field import PathField

PROGRESS_S = 0.1
MOST_NAMED = 3
"""Problems that the notice at the end names; all are counted."""
NOTICE_S = 20.0
"""Seconds that it stays if anything went wrong."""
_ABOUT = (
    "An export of claude.ai or ChatGPT (.zip or conversations.json), a database of llm, elia or oterm, "
    "Markdown, or an export of this program."
)


class _ImportField(PathField):
    """The path of what is imported."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "Import")]


class ImportScreen(Dialog[None]):
    """Takes a path and imports what is there; Esc leaves it, or ends an import after the present conversation."""

    AUTO_FOCUS = "Input"
    heading = "Import conversations"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel"),
        Binding("escape", "stop", "Stop", priority=True),
    ]

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._import: Import | None = None

    def compose_body(self) -> ComposeResult:
        """Yield what can be imported, and the path."""
        yield Static(_ABOUT, classes="about", markup=False)
        yield _ImportField()

    def on_mount(self) -> None:
        """Keep an eye on an import."""
        self.set_interval(PROGRESS_S, self._show_progress)

    def on_unmount(self) -> None:
        """End an import if the app ends."""
        if self._import is not None:
            self._import.stop()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Stop what runs; leave where nothing does."""
        if action in ("stop", "cancel"):
            return (action == "stop") is (self._import is not None)
        return True

    def action_stop(self) -> None:
        """End after the present conversation."""
        if self._import is not None:
            self._import.stop()
            self.say("Stopping…")

    @on(Input.Submitted)
    def _begin(self, event: Input.Submitted) -> None:
        if event.value.strip() and self._import is None:
            self._import = Import(self._store, lambda _: None)
            self.say("Reading…")
            event.input.disabled = True
            self.set_focus(None)
            self.refresh_bindings()
            begin(self, partial(self._run, self._import, event.value), "import")

    async def _run(self, importing: Import, typed: str) -> None:
        """Import what was typed, or say that there is no such file."""
        paths = await asyncio.to_thread(files_named, typed)
        if not paths:
            self._take_another("No such file.")
            return
        broken = False
        try:
            await asyncio.to_thread(importing.run, paths)
        except OSError:
            broken = True
        if importing.report.is_nothing_but_problems and not broken:
            self._take_another("\n".join(importing.report.named_problems(MOST_NAMED)))
            return
        self._notify(importing.report, broken=broken)
        self._import = None
        self.dismiss()

    def _take_another(self, why: str) -> None:
        """Say why nothing came of what was typed, and let that be corrected."""
        field = self.query_one(PathField)
        self._import, field.disabled = None, False
        field.focus()
        self.refresh_bindings()
        self.say(clean(why), problem=True)

    def _notify(self, report: ImportReport, *, broken: bool) -> None:
        wrong = bool(report.failed or broken)
        self.app.notify(
            clean("\n".join(report.sentences(MOST_NAMED, broken=broken))),
            severity="warning" if wrong else "information",
            timeout=NOTICE_S if wrong else None,
            markup=False,
        )

    def _show_progress(self) -> None:
        importing = self._import
        if importing is not None and importing.report.handled and not importing.stopping:
            report = importing.report
            part = "" if report.fraction is None else f" · {report.fraction:.0%} of the file"
            self.say(f"{counted(report.handled, 'conversation')}{part}")
