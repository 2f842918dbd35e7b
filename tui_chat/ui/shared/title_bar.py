"""The row at the top: the program, the conversation's title, what it uses, and what goes on elsewhere."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui_chat.text import cell_len, clean_line, fit

NAME = "tui-chat"
GAP = "   "
SEPARATOR = " · "
LEAST_TITLE = 8
"""Cells of the title that what stands at the right leaves."""
QUIET = "$foreground 66%"


class TitleBar(Widget):
    """The conversation's title, quietly."""

    title: reactive[str] = reactive("")
    """The conversation's title; it may come from a model."""
    uses: reactive[tuple[str, ...]] = reactive(())
    """All that the conversation uses other than the default, what matters most first."""

    elsewhere: reactive[str] = reactive("")
    """The replies in other conversations, and the key that leads there; it matters more than all else at the right."""

    def render(self) -> Content:
        """The name of the program, then the title; at the right what it uses, as far as there is room."""
        room = self.size.width - cell_len(NAME + GAP)
        uses = self._uses(room - LEAST_TITLE - cell_len(GAP))
        right = SEPARATOR.join(filter(None, [uses, self.elsewhere]))
        left = max(room - (cell_len(GAP + right) if right else 0), 0)
        title = fit(clean_line(self.title) or "New conversation", left)
        row = Content.assemble((NAME, "bold"), (f"{GAP}{title}", QUIET))
        if not right:
            return row
        between = " " * (left - cell_len(title) + cell_len(GAP))
        parting = SEPARATOR if uses and self.elsewhere else ""
        return row + Content.assemble(between, (uses + parting, QUIET), (self.elsewhere, "$text-success"))

    def _uses(self, room: int) -> str:
        shown, room = "", room - (cell_len(SEPARATOR + self.elsewhere) if self.elsewhere else 0)
        for use in map(clean_line, self.uses):
            longer = f"{shown}{SEPARATOR}{use}" if shown else use
            if cell_len(longer) > room:
                break
            shown = longer
        return shown
