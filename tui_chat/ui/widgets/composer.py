"""The text area that prompts are written in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea

BLINK_REST_S = 10.0
"""The cursor rests when no key has come for so long: a blinking cell costs power all day."""


class Composer(TextArea):
    """Several lines of prompt: Enter sends, Ctrl+J and Shift+Enter break the line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "send", "Send", id="send"),
        Binding("ctrl+j,shift+enter,shift+\r", "newline", "New line", key_display="^j", id="newline"),
    ]

    @dataclass
    class Submitted(Message):
        """A prompt was sent."""

        composer: Composer
        text: str

        @property
        def control(self) -> Composer:
            """The composer that it was written in."""
            return self.composer

    def __init__(self, *, cursor_blink: bool = True, placeholder: str = "") -> None:
        super().__init__(
            soft_wrap=True,
            show_line_numbers=False,
            highlight_cursor_line=False,
            tab_behavior="focus",
            compact=True,
            placeholder=placeholder,
        )
        self._may_blink = cursor_blink
        self.cursor_blink = cursor_blink
        self._resting: Timer | None = None

    def on_mount(self) -> None:
        """Let the cursor rest after a while."""
        if self._may_blink:
            self._resting = self.set_timer(BLINK_REST_S, self._rest)

    def take(self, text: str) -> None:
        """Put a prompt back for editing, before what has been written since."""
        written = self.text
        self.text = f"{text}\n{written}" if written.strip() else text
        self.move_cursor(self.document.end)

    def action_send(self) -> None:
        """Send the prompt; a backslash before Enter breaks the line instead, for terminals that have no other key."""
        if self._before_cursor().endswith("\\"):
            self.action_delete_left()
            self.action_newline()
        elif self.text.strip():
            self.post_message(self.Submitted(self, self.text))

    def action_newline(self) -> None:
        """Break the line."""
        self.insert("\n")

    def on_key(self, event: events.Key) -> None:
        """A key wakes the cursor; Enter is this widget's own to bind."""
        if self._may_blink and self._resting is not None:
            self.cursor_blink = True
            self._resting.reset()
        if event.key == "enter":
            event.prevent_default()
            event.stop()
            self.action_send()

    def _rest(self) -> None:
        self.cursor_blink = False

    def _before_cursor(self) -> str:
        row, column = self.cursor_location
        return self.document.get_line(row)[:column]
