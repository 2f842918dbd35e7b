"""The small model for this machine, offered in the middle of the screen, and fetched there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import ProgressBar, Static

from tui_chat.local import SMOLLM2, LocalProblem
from tui_chat.local.server import engine_problem
from tui_chat.program.small_model import ABOUT
from tui_chat.providers import in_daemon_thread
from tui_chat.ui.shared.background import begin
from tui_chat.ui.shared.dialog import Dialog

PROGRESS_INTERVAL_S = 0.25


class LocalDialog(Dialog[bool]):
    """Fetches the model; True once it is there and can be run. Esc gives it up."""

    CSS_PATH = "local_dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "fetch", "Fetch and use"),
    ]

    heading = "A model on this machine"

    def __init__(self, folder: Path, take_typed: Callable[[str], object]) -> None:
        """`take_typed` gets what is typed meanwhile: a prompt, most likely."""
        super().__init__()
        self._take_typed = take_typed
        self._folder = folder
        self._given_up = Event()
        self._fetched = 0
        """The bytes that have come, as the thread that fetches has told last."""
        self._busy = False

    def compose_body(self) -> ComposeResult:
        """Yield what the model is, and how much of it is here."""
        yield Static(ABOUT, markup=False)
        yield ProgressBar(total=SMOLLM2.size, show_eta=False)

    def on_mount(self) -> None:
        """Say at once if no model can be run here."""
        self.query_one(ProgressBar).display = False
        if problem := engine_problem():
            self.say(f"{problem.sentence} Then open tui-chat again.", problem=True)

    def on_key(self, event: events.Key) -> None:
        """Pass what is typed on to where prompts are written."""
        if event.is_printable and event.character:
            event.stop()
            self._take_typed(event.character)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to fetch what can be run, once."""
        return action != "fetch" or not (self._busy or engine_problem())

    def action_fetch(self) -> None:
        """Fetch the model."""
        self._busy = True
        self._given_up.clear()
        self.say("")
        self.refresh_bindings()
        self.query_one(ProgressBar).display = True
        self._ticking = self.set_interval(PROGRESS_INTERVAL_S, self._show_progress)
        begin(self, self._fetch, "fetch", exclusive=True)

    async def _fetch(self) -> None:
        install = partial(SMOLLM2.install, self._folder, self._note_progress, self._given_up)
        try:
            await asyncio.wrap_future(in_daemon_thread(install))
        except LocalProblem as problem:
            self.say(problem.sentence, problem=True)
        else:
            self.dismiss(True)
        self._ticking.stop()
        self.query_one(ProgressBar).display = self._busy = False
        self.refresh_bindings()

    def _note_progress(self, size: int) -> None:
        self._fetched = size

    def _show_progress(self) -> None:
        self.query_one(ProgressBar).update(progress=min(self._fetched, SMOLLM2.size))

    def action_cancel(self) -> None:
        """Give it up; what has come of it is deleted."""
        self._given_up.set()
        self.dismiss(False)
