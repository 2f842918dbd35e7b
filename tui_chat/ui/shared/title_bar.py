"""The row at the top: the program and the conversation's title."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui_chat.text import clean_line


class TitleBar(Widget):
    """The conversation's title, quietly."""

    title: reactive[str] = reactive("")
    """The conversation's title; it may come from a model."""

    def render(self) -> Content:
        """Return the name of the program, then the title."""
        title = clean_line(self.title) or "New conversation"
        return Content.assemble(("tui-chat", "$text-primary bold"), (f"   {title}", "$foreground 60%"))
