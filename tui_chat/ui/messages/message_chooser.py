"""Choosing a message of those on the screen, and the keys that act on it."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message as UiMessage
from textual.reactive import var

from tui_chat.records import dataclass
from tui_chat.ui.look.keys import bound
from tui_chat.ui.messages.message_widget import MessageWidget
from tui_chat.ui.shared.clipboard import copy
from tui_chat.ui.textual_internals.append_only import AppendOnly
from tui_chat.ui.textual_internals.key_queue import hand_on
from tui_chat.ui.textual_internals.scroll_anchor import ScrollAnchor


class MessageChooser(ScrollAnchor, AppendOnly):
    """Messages one of which is chosen while they have the focus: the keys act on it."""

    FOCUS_ON_CLICK = False  # a click that selects text must not turn the letters typed after it into keys

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("previous_message", "choose(-1)", "Choose"),
        bound("next_message", "choose(1)", "Next", show=False),
        bound("copy_message", "want('copy')", "Copy"),
        bound("copy_code", "copy_code", "Copy code"),
        bound("quote_message", "want('quote')", "Quote"),
        bound("edit_message", "want('edit')", "Edit"),
        bound("edit_reply", "want('rewrite')", "Rewrite", show=False),
        bound("delete_message", "want('delete')", "Delete", show=False),
        bound("undelete_message", "want('undelete')", "Undo delete", show=False),
        bound("focus_composer", "want('leave')", "Back"),
        bound("regenerate", "want('regenerate')", "Regenerate"),
        bound("continue_message", "want('continue')", "Continue", show=False),
        bound("previous_branch", "want('previous_branch')", "Previous branch", show=False),
        bound("next_branch", "want('next_branch')", "Next branch", show=False),
        bound("select_text", "want('select')", "Select"),
        bound("wrap_code", "want('wrap_code')", "Wrap", show=False),
        bound("diagrams", "want('diagrams')", "Diagrams", show=False),
        bound("code_left", "want('code_left')", show=False),
        bound("code_right", "want('code_right')", show=False),
        bound("fork", "want('fork')", "Fork"),
        bound("fold", "fold", "Fold"),
        bound("bookmark", "want('bookmark')", "Bookmark"),
        bound("open_source", "want('source')", "Sources", show=False),
        bound("leave_out", "want('leave_out')", "Leave out", show=False),
        bound("side_by_side", "want('side_by_side')", "Side by side", show=False),
    ]

    chosen: var[str] = var("", init=False)
    """The id of the message that the keys act on, while the messages have the focus."""

    @dataclass
    class ActionRequested(UiMessage):
        """A key was pressed that acts on the chosen message."""

        list: MessageChooser
        what: str
        message_id: str

        @property
        def control(self) -> MessageChooser:
            """The list that it was pressed in."""
            return self.list

    def __init__(self) -> None:
        super().__init__()
        self._code_at = -1
        """The index of the code block of the chosen message that was copied last."""

    def on_focus(self) -> None:
        """Give the keys to a message: to the one that was clicked, or to the last."""
        if not self.chosen:
            self.choose_last()

    def choose_last(self) -> None:
        """Choose the last message first: it is the one just read."""
        self.chosen = next((widget.message_id for widget in reversed(self.widgets)), "")

    def focus_on(self, message_id: str) -> None:
        """Give the keys to this message."""
        self.chosen = message_id
        self.focus()

    def on_blur(self) -> None:
        """Give the keys back to the composer."""
        self.chosen = ""

    def on_key(self, event: events.Key) -> None:
        """Hand what is typed here, if it is no key of the list's, to the composer."""
        if event.is_printable and event.key not in self.screen.active_bindings:
            self._hand_to_composer(event)

    def on_paste(self, event: events.Paste) -> None:
        """Hand what is pasted here to the composer too."""
        self._hand_to_composer(event)

    def on_click(self, event: events.Click) -> None:
        """Choose the clicked message; after a double click, which selects a word, leave typing to the composer."""
        if event.chain > 1:
            self.post_message(self.ActionRequested(self, "write", self.chosen))
        elif isinstance(event.widget, MessageWidget) and not self.screen.selections:
            self.chosen = event.widget.message_id
            self.focus()

    def watch_chosen(self, chosen: str) -> None:
        """Mark the chosen message, and no other."""
        self._code_at = -1
        for widget in self.widgets:
            widget.set_class(widget.message_id == chosen, "-chosen")

    def action_choose(self, step: int) -> None:
        """Previous message or after, and bring it into sight."""
        widgets, at = self.widgets, self._place_of(self.chosen)
        if at is None:
            self.choose_last()  # it had the focus before there was any
        else:
            widget = widgets[min(max(at + step, 0), len(widgets) - 1)]
            self.chosen = widget.message_id
            self.scroll_to_widget(widget, animate=False)

    def action_want(self, what: str) -> None:
        """Ask for something to be done with the chosen message."""
        if self.chosen:
            self.post_message(self.ActionRequested(self, what, self.chosen))

    def action_fold(self) -> None:
        """Fold or unfold the chosen message's thinking and calls of tools, or its long prompt."""
        widget = self.chosen_widget
        if widget is not None and widget.can_fold:
            widget.toggle_fold()
        elif widget is not None:
            self.notify("There is nothing to fold in this message.", timeout=3)

    def action_copy_code(self) -> None:
        """Copy the chosen message's first code block; pressed again, the next one."""
        widget = self.chosen_widget
        blocks = widget.code_blocks if widget is not None else ()
        if blocks:
            self._code_at = (self._code_at + 1) % len(blocks)
            copy(self.app, blocks[self._code_at], f"code block {self._code_at + 1} of {len(blocks)}")
        elif widget is not None:
            self.notify("There is no code in this message.", timeout=3)

    @property
    def widgets(self) -> list[MessageWidget]:
        """Those of the messages, from the first to the last."""
        return list(self.query_children(MessageWidget))

    def _hand_to_composer(self, event: events.Key | events.Paste) -> None:
        """Hand on what is typed, if there is a composer: another app that shows messages may have none."""
        for composer in self.screen.query("Composer"):
            hand_on(event, composer)

    def _place_of(self, message_id: str) -> int | None:
        return next((at for at, widget in enumerate(self.widgets) if widget.message_id == message_id), None)

    @property
    def chosen_widget(self) -> MessageWidget | None:
        """The message that the keys act on."""
        return next((widget for widget in self.widgets if widget.message_id == self.chosen), None)
