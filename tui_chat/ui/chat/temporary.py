"""A temporary conversation: a chat of its own over the other, of which nothing is ever on the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Button, Static

from tui_chat.chat.message import Conversation
from tui_chat.program.contenders import Contender
from tui_chat.program.temporary import SAVING_S, NotKept, keep_conversation
from tui_chat.program.wiring import Program
from tui_chat.streaming.stop import Outcome
from tui_chat.text import clean_line
from tui_chat.ui.chat.screen import ChatScreen
from tui_chat.ui.compare.comparison import Comparison
from tui_chat.ui.shared.background import begin
from tui_chat.ui.shared.button_dialog import ButtonDialog

QUESTION = "This conversation is temporary. Leave it, and nothing of it is left."


class LeaveQuestion(ButtonDialog[bool | None]):
    """Asks whether to keep a temporary conversation; Esc stays in it."""

    AUTO_FOCUS = "#keep"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "stay", "Stay"),
    ]

    def compose_body(self) -> ComposeResult:
        """Yield the question and the answers."""
        yield Static(QUESTION, markup=False)
        with Horizontal(id="answers"):
            yield Button("Keep it", id="keep", compact=True)
            yield Button("Let it go", id="drop", variant="warning", compact=True)
            yield Button("Stay", id="stay", compact=True)

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        self.dismiss({"keep": True, "drop": False}.get(event.button.id or ""))

    def action_stay(self) -> None:
        """Stay in the conversation."""
        self.dismiss(None)


class TemporaryChat(ChatScreen):
    """A chat whose store is in memory; every way out of it asks."""

    MARK = "temporary: nothing is kept"

    def __init__(
        self,
        main: ChatScreen,
        program: Program,
        prompt: str,
        now: Callable[[], datetime],
        compared: Sequence[Contender] = (),
    ) -> None:
        """Keep `main`, the chat that is gone back to; `program` keeps nothing."""
        super().__init__(program, None, prompt, now, compared=compared)
        self._main = main
        self.add_class("-temporary")

    async def action_temporary_conversation(self) -> None:
        """Go back to the other conversations."""
        self.leave_for(partial(self._main.composer.focus))

    async def action_new_conversation(self) -> None:
        """Begin a conversation that is kept."""
        self.leave_for(self._main.action_new_conversation)

    def action_conversations(self) -> None:
        """Show the conversations that are kept."""
        self.leave_for(self._main.action_conversations)

    def action_bookmarks(self) -> None:
        """Show the bookmarks of the conversations that are kept."""
        self.leave_for(self._main.action_bookmarks)

    async def action_turn(self, step: int) -> None:
        """Go to one of the conversations that are kept."""
        self.leave_for(partial(self._main.action_turn, step))

    async def open_conversation(self, conversation_id: str | None) -> None:
        """Go to a conversation that is kept."""
        self.leave_for(partial(self._main.open_conversation, conversation_id))

    def ask_for_judge(self, comparison: Comparison) -> None:
        """Ask none: what is judged would be out of reach behind the judge's conversation, and nothing of it is kept."""
        self.notify("A judge needs a conversation that is kept. Keep this one, and ask there.", severity="warning")

    def leave_for(self, go_on: Callable[[], object]) -> None:
        """Leave, and go on elsewhere, if that is meant."""
        begin(self.app, partial(self._leave_for, go_on), "leaving", exclusive=True)

    async def _leave_for(self, go_on: Callable[[], object]) -> None:
        keep: bool | None = False
        if self.session.conversation.messages or self.composer.draft.strip():
            keep = await self.app.push_screen_wait(LeaveQuestion())
        if keep is None:
            return
        await self.session.end_all(Outcome.KEEP)
        kept = await self._keep() if keep else None
        if keep and kept is None:
            return
        if kept is not None:
            self.app.call_later(self._main.session.open, kept)
        self.app.call_later(go_on)
        self.dismiss(None)
        await asyncio.to_thread(self.program.store.close, SAVING_S)

    async def _keep(self) -> Conversation | None:
        """Store the conversation among the others; say why if that cannot be done."""
        store, main = self.program.store, self._main.program.store
        try:
            kept = await asyncio.to_thread(keep_conversation, self.session.conversation.id, store, main)
        except NotKept as error:
            self.notify(clean_line(str(error)), severity="error", markup=False)
            return None
        if self.composer.written.strip():
            main.save_draft(kept.id, self.composer.written)
        return kept
