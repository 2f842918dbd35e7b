"""Asking for the tags of a conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from tui_chat.chat.tags import tags_in
from tui_chat.ui.shared.dialog import Dialog
from tui_chat.ui.shared.line_input import LineInput


class TagsField(LineInput):
    """The line with the tags."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Save"),
        Binding("tab", "screen.complete", "Complete"),
    ]


class TagsDialog(Dialog[tuple[str, ...] | None]):
    """Takes tags, with spaces between them; Tab completes one that is known. Esc leaves them as they are."""

    AUTO_FOCUS = "Input"

    heading = "Tags"

    def __init__(self, tags: Sequence[str], known: Callable[[], Sequence[str]]) -> None:
        """Keep `known`, which returns the tags of all conversations, and is called in a thread."""
        super().__init__()
        self._tags = tags
        self._look_up = known
        self._known: Sequence[str] = ()

    def compose_body(self) -> ComposeResult:
        """Yield the line; the known tags that could come next are said below it."""
        yield TagsField("".join(f"{tag} " for tag in self._tags), placeholder="Words, with spaces between them")

    async def on_mount(self) -> None:
        """Learn which tags there are."""
        self._known = await asyncio.to_thread(self._look_up)
        self._show_known()

    @on(Input.Changed)
    def _show_known(self) -> None:
        self.say("  ".join(self._offered))

    @property
    def _offered(self) -> Sequence[str]:
        """The known tags that begin as the last word does, and are not there yet."""
        written, begun = self._parts()
        return [tag for tag in self._known if tag.startswith(begun) and tag not in tags_in(written)]

    def _parts(self) -> tuple[str, str]:
        """Return what is written before the last word, and that word as it would be kept."""
        text = self.query_one(TagsField).value
        before, _, last = text.rpartition(" ")
        return (f"{before} " if before else ""), next(iter(tags_in(last)), "")

    def action_complete(self) -> None:
        """Complete the last word to the first tag that is offered."""
        if self._offered:
            field = self.query_one(TagsField)
            field.value = f"{self._parts()[0]}{self._offered[0]} "
            field.action_end()

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        self.dismiss(tags_in(event.value))
