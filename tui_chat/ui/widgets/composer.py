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

    @dataclass
    class HistoryWanted(Message):
        """Up on the first line, or Down on the last: an earlier prompt is wanted, or a later one."""

        composer: Composer
        earlier: bool

        @property
        def control(self) -> Composer:
            """The composer that it is wanted in."""
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
        self.show(f"{text}\n{self.text}" if self.text.strip() else text)

    def action_send(self) -> None:
        """Send the prompt; a backslash before Enter breaks the line instead, for terminals that have no other key."""
        if self._before_cursor().endswith("\\"):
            self.action_delete_left()
            self.action_newline()
        else:
            self.post_message(self.Submitted(self, self.text))

    def action_newline(self) -> None:
        """Break the line."""
        self.insert("\n")

    def show(self, text: str) -> None:
        """Show another text, the cursor at its end."""
        self.text = text
        self.move_cursor(self.document.end)

    def action_cursor_up(self, select: bool = False) -> None:
        """Go up a line; from the first, to earlier prompts."""
        if not select and self._row == 0:
            self.post_message(self.HistoryWanted(self, earlier=True))
        else:
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        """Go down a line; from the last, to later prompts."""
        if not select and self._row == self.wrapped_document.height - 1:
            self.post_message(self.HistoryWanted(self, earlier=False))
        else:
            super().action_cursor_down(select)

    @property
    def _row(self) -> int:
        """The row of the cursor, as the text is wrapped."""
        return self.wrapped_document.location_to_offset(self.cursor_location).y

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
