"""The dialog that asks for a judge: which model, and with which prompt."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from tui_chat.chat.models import Model
from tui_chat.program.model_offer import ModelOffer
from tui_chat.text import clean_line
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.composer.prompt_area import PromptArea
from tui_chat.ui.look.keys import bound
from tui_chat.ui.shared.dialog import Dialog

BELOW = "The question and the answers go below it: without names, in any order."


class _Instruction(PromptArea):
    """The prompt, of several lines if need be."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.ask", "Ask"),
        bound("newline", "newline", "Newline"),
        bound("choose_model", "screen.choose_judge", "Another model"),
    ]

    def action_newline(self) -> None:
        """Break the line."""
        self.put("\n")


class JudgeScreen(Dialog[tuple[ModelOffer, str] | None]):
    """Asks for the judge; it is dismissed with the model and the prompt, or with nothing by Esc."""

    heading = "Which answer is better?"

    def __init__(self, session: ConversationSession, instruction: str) -> None:
        super().__init__()
        self._session = session
        parts = session.program.parts_of(session.conversation.id)
        self._judge = parts.offer(Model(parts.provider.model))
        self._instruction = _Instruction(instruction)

    def compose_body(self) -> ComposeResult:
        """Yield the model and the prompt."""
        yield Static(id="whom", markup=False, classes="about")
        yield self._instruction

    def on_mount(self) -> None:
        """Write behind the prompt."""
        self._instruction.move_cursor(self._instruction.document.end)
        self._show_judge()
        self.say(BELOW)

    def action_ask(self) -> None:
        """Ask it."""
        written = self._instruction.pastes.whole(self._instruction.text)
        if written.strip():
            self.dismiss((self._judge, written))

    def action_choose_judge(self) -> None:
        """Choose another model."""
        from tui_chat.ui.chat.model_picker import ModelFor

        self.app.push_screen(ModelFor(self._session, "The model that judges", self._take_judge))

    def _take_judge(self, offer: ModelOffer) -> None:
        self._judge = offer
        self._show_judge()

    def _show_judge(self) -> None:
        judge = self._judge
        name = clean_line(f"{judge.model.id or 'the model of this conversation'} · {judge.title}")
        self.query_one("#whom", Static).update(Content.assemble(("Asked: ", "$foreground 66%"), name))
