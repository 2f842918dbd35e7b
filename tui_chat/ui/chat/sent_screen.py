"""The list of what goes with the next request, with the size of each, where any exchange can be left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType

from tui_chat.chat.prompt import Prompt
from tui_chat.ui.chat import leaving_out
from tui_chat.ui.chat.sent_list import SentList, SentRow
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.shared.line_input import LineInput
from tui_chat.ui.shared.row_list import RowList, spread
from tui_chat.ui.shared.search_dialog import SearchDialog
from tui_chat.ui.shared.search_result import SearchResult

HEADING = "What is sent"


class SentRows(RowList[SentRow]):
    """Two lines for each: who says it, how large it is and what is to be known of it; the beginning of the text."""

    def draw(self, item: SentRow, width: int) -> Sequence[Sequence[Segment]]:
        """Return the two lines."""
        size = Segment(f"  ~{item.tokens:,} tokens", self.style("meta"))
        who = Segment(f"{item.who}  ", self.style("title" if item.goes else "meta"))
        left = [who, *self.excerpt(" · ".join(item.remarks), width, "meta")]
        return spread(left, [size], width), self.excerpt(item.text, width, "text" if item.goes else "meta")


class SentFilter(LineInput):
    """The field that filters the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.take", "Go there"),
        Binding("ctrl+t", "screen.leave_out", "Leave out / take in"),
    ]


class SentScreen(SearchDialog[SentRow]):
    """All that the next request has; it is dismissed with the id of the message to look at."""

    CSS_PATH: ClassVar = ["../shared/row_list.tcss", "../shared/search_dialog.tcss"]

    def __init__(self, session: ConversationSession, draft: Prompt) -> None:
        super().__init__(SentRows(), SentFilter(placeholder="Type to search", id="filter"), HEADING)
        self._session = session
        self._list = SentList(session, draft)

    def find(self, query: str) -> SearchResult[SentRow]:
        """Return the rows that have the query's words."""
        return SearchResult(query, self._list.rows(query))

    def nothing(self, query: str) -> str:
        """Return the words for an empty result."""
        return f"No matches for “{query}”." if query else "Nothing yet: the next prompt is the first."

    def show(self, found: SearchResult[SentRow], chosen: int = -1) -> None:
        """Show them, the last one chosen at first, and the size of all together."""
        first = self.rows.item is None
        super().show(found, len(found.items) - 1 if first else max(self.rows.chosen, 0))
        self.query_one("#panel").border_subtitle = self._list.total

    # -- what the keys do

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell the footer what applies now."""
        if action == "leave_out":
            return bool(self.rows.item and self.rows.item.message_id)
        return super().check_action(action, parameters)

    def take(self, item: SentRow) -> None:
        """Go to a message."""
        self.dismiss(item.message_id)

    def action_leave_out(self) -> None:
        """Leave the chosen exchange out, or take it in again."""
        if self.is_found("leave_out") and (row := self.rows.item) is not None and row.message_id:
            if sentence := leaving_out.toggle(self._session, row.message_id):
                self.notify(sentence, severity="warning")
            self.search()
