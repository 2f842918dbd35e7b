"""The text area that prompts are written in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea

from tui_chat.text import clean
from tui_chat.ui.pastes import FoldedPastes

BLINK_REST_S = 10.0
"""The cursor rests when no key has come for so long: a blinking cell costs power all day."""


class Composer(TextArea):
    """Several lines of prompt: Enter sends, Ctrl+J and Shift+Enter break the line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "send", "Send", id="send"),
        Binding("ctrl+j,shift+enter", "newline", "Newline", id="newline"),
        Binding("up", "earlier_prompt", "Earlier", id="earlier_prompt", show=False),
        Binding("up", "cursor_up", "Up", id="cursor_up", show=False),
        Binding("down", "later_prompt", "Later", id="later_prompt", show=False),
        Binding("down", "cursor_down", "Down", id="cursor_down", show=False),
        Binding("f10", "unfold_pastes", "Unfold", id="unfold_pastes"),
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
        self._pastes = FoldedPastes()

    @property
    def prompt(self) -> str:
        """What is written, with every folded paste in its place."""
        return self._pastes.whole(self.text)

    def on_mount(self) -> None:
        """Let the cursor rest after a while."""
        self._resting = self.set_timer(BLINK_REST_S, self.rest)

    def let_blink(self, may_blink: bool) -> None:
        """Whether the cursor may blink from now on."""
        self._may_blink = may_blink
        self.cursor_blink = may_blink

    def take(self, text: str) -> None:
        """Put a prompt back for editing, before what has been written since."""
        self.show(f"{text}\n{self.prompt}" if self.text.strip() else text)

    def action_send(self) -> None:
        """Send the prompt; a backslash before Enter breaks the line instead, for terminals that have no other key."""
        if self._before_cursor().endswith("\\"):
            self.action_delete_left()
            self.action_newline()
        else:
            prompt = self.prompt
            self.clear()  # now, and not when the message arrives: what is typed until then belongs to the next prompt
            self.post_message(self.Submitted(self, prompt))

    def action_newline(self) -> None:
        """Break the line."""
        self.insert("\n")

    def show(self, text: str) -> None:
        """Show another text, the cursor at its end; a long one is folded as a paste is."""
        self._pastes = FoldedPastes()
        self.text = self._pastes.folded(clean(text))
        self.move_cursor(self.document.end)

    def action_earlier_prompt(self) -> None:
        """Ask for the prompt before."""
        self.post_message(self.HistoryWanted(self, earlier=True))

    def action_later_prompt(self) -> None:
        """Ask for the prompt after, or the draft."""
        self.post_message(self.HistoryWanted(self, earlier=False))

    @property
    def _row(self) -> int:
        """The row of the cursor, as the text is wrapped."""
        return self.wrapped_document.location_to_offset(self.cursor_location).y

    def action_unfold_pastes(self) -> None:
        """Show what is folded."""
        whole = self.prompt
        self._pastes = FoldedPastes()
        self.text = whole
        self.move_cursor(self.document.end)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Unfolding is offered where something is folded, other prompts where the cursor has no line to go to."""
        match action:
            case "unfold_pastes":
                return bool(self._pastes)
            case "earlier_prompt":
                return self._row == 0
            case "later_prompt":
                return self._row == self.wrapped_document.height - 1
        return super().check_action(action, parameters)

    def on_paste(self, event: events.Paste) -> None:
        """A paste is one event, whatever it holds: it never sends, and a long one shows folded."""
        event.prevent_default()
        event.stop()
        self.insert(self._pastes.folded(clean(event.text)))
        self.refresh_bindings()

    async def on_key(self, event: events.Key) -> None:
        """A key wakes the cursor; the keys that send and break the line go before the text area's own."""
        if self._may_blink and self._resting is not None:
            self.cursor_blink = True
            self._resting.reset()
        # Not priority bindings: those would overtake the characters that were typed just before them.
        bound = None if event.is_printable else self.screen.active_bindings.get(event.key)
        if bound is not None and bound.binding.id in ("send", "newline"):
            event.prevent_default()
            event.stop()
            await self.run_action(bound.binding.action)

    def rest(self) -> None:
        """Stop blinking until the next key."""
        self.cursor_blink = False

    def _before_cursor(self) -> str:
        row, column = self.cursor_location
        return self.document.get_line(row)[:column]
