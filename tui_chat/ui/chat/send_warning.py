"""A question before a request is sent: as it is, shortened, without its secrets, or not at all."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Button, Static

from tui_chat.program.send_checks import SendWarning, WarningKind
from tui_chat.ui.shared.button_dialog import ButtonDialog


class Answer(StrEnum):
    """The possible answers."""

    SEND = "send"
    LEAVE_OUT = "leave-out"
    SUMMARIZE = "summarize"
    REDACT = "redact"
    KEEP = "keep"


_SAFE = (Answer.LEAVE_OUT, Answer.REDACT)


class SendWarningScreen(ButtonDialog[Answer]):
    """Asks what to do; Esc sends nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "keep", "Do not send"),
    ]

    def __init__(self, warning: SendWarning, ways_out: str = "") -> None:
        """Ask about a warning; `ways_out` says what else can be done, in a sentence."""
        super().__init__()
        self._warning = warning
        self._ways_out = ways_out

    def compose_body(self) -> ComposeResult:
        """Yield the question and the answers; the safest answer has the focus."""
        yield Static(" ".join(filter(None, (self._warning.question, self._ways_out))), markup=False)
        with Vertical(id="answers"):
            for answer, label in self._answers.items():
                yield Button(label, id=answer, compact=True)

    def on_mount(self) -> None:
        """Let Enter do what is safe."""
        safe = next((answer for answer in self._answers if answer in _SAFE), Answer.KEEP)
        self.query_one(f"#{safe}", Button).focus()

    @property
    def _answers(self) -> dict[Answer, str]:
        """The answers, and the words for each."""
        if self._warning.about is WarningKind.SECRETS:
            return {Answer.REDACT: "Redact and send", Answer.SEND: "Send anyway", Answer.KEEP: "Go back"}
        if self._warning.about is WarningKind.FILES:
            return {Answer.SEND: "Send", Answer.KEEP: "Go back and choose another model"}
        shortened = f"Leave out the oldest {self._warning.left_out} messages"
        if self._warning.about is WarningKind.SIZE:
            return ({Answer.LEAVE_OUT: shortened} if self._warning.left_out else {}) | {Answer.KEEP: "Do not send"}
        if self._warning.left_out:
            answers = {Answer.LEAVE_OUT: shortened}
            if self._warning.summarized:
                answers[Answer.SUMMARIZE] = f"Summarize the oldest {self._warning.summarized} messages, then send"
            return answers | {Answer.SEND: "Send all of it", Answer.KEEP: "Do not send"}
        return {Answer.SEND: "Send anyway", Answer.KEEP: "Do not send"}

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        self.dismiss(Answer(event.button.id or Answer.KEEP))

    def action_keep(self) -> None:
        """Send nothing."""
        self.dismiss(Answer.KEEP)
