"""An API key, asked for in the middle of the screen, and checked before it is used."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Input, Static

from tui_chat.program.api_keys import accounts
from tui_chat.program.key_check import KeyRefused, check_key, cleaned_key
from tui_chat.program.key_entry import EnteredKey
from tui_chat.program.wiring import Program
from tui_chat.providers import in_daemon_thread
from tui_chat.services import service
from tui_chat.text import clean_line
from tui_chat.ui.shared.background import begin
from tui_chat.ui.shared.dialog import Dialog
from tui_chat.ui.shared.line_input import LineInput


class MaskedInput(LineInput):
    """A line that shows a dot for each character, and gives nothing of it to a clipboard."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "Check and use")]

    def __init__(self) -> None:
        super().__init__(placeholder="Paste the key here")
        self.password = True

    def action_copy(self) -> None:
        """Copy nothing."""

    def action_cut(self) -> None:
        """Cut nothing."""


class KeyDialog(Dialog[EnteredKey | None]):
    """Takes a key that its provider accepts; Esc takes none."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "turn(1)", "Provider", priority=True),
        Binding("down", "turn(1)", show=False, priority=True),
        Binding("shift+tab,up", "turn(-1)", show=False, priority=True),
    ]

    heading = "API key"
    provider: reactive[str] = reactive("")
    """The provider that the key is for."""

    def __init__(self, program: Program, provider: str) -> None:
        super().__init__()
        self._program = program
        self.set_reactive(KeyDialog.provider, provider)

    def compose_body(self) -> ComposeResult:
        """Yield the providers, and the line for the key."""
        yield Static(id="providers", classes="about")
        yield MaskedInput()

    def on_mount(self) -> None:
        """Show which provider the key is for."""
        self.watch_provider()

    def watch_provider(self) -> None:
        """Show which provider the key is for, and where it goes."""
        names = (
            Content.styled(f" {service(name).title} ", "reverse" if name == self.provider else "$foreground 66%")
            for name in accounts()
        )
        way = self._program.parts_choosing(self.provider).provider.chosen
        self.query_one("#providers", Static).update(Content(" ").join(names))
        self.say(f"Sent to {clean_line(way.address)} and nowhere else." if way.address else "")

    def action_turn(self, step: int) -> None:
        """Choose another provider."""
        names = list(accounts())
        self.provider = names[(names.index(self.provider) + step) % len(names)]

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        try:
            key = cleaned_key(self.provider, event.value)
        except KeyRefused as refusal:
            self.say(str(refusal), problem=True)
            return
        self.say(f"Asking {service(self.provider).title}…")
        begin(self, partial(self._check, self.provider, key), "check", exclusive=True)

    async def _check(self, provider: str, key: str) -> None:
        asked = in_daemon_thread(lambda: asyncio.run(check_key(self._program, provider, key)))
        try:
            unchecked = await asyncio.wrap_future(asked)
        except KeyRefused as refusal:
            self.say(str(refusal), problem=True)
        else:
            self.dismiss(EnteredKey(provider, key, unchecked))
