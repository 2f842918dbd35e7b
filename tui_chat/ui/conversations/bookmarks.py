"""The bookmarks of all conversations: found by typing, opened, removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from rich.segment import Segment
from textual import work
from textual.binding import Binding, BindingType

from tui_chat.chat.message import Role
from tui_chat.storage.marks import Bookmark
from tui_chat.ui.conversations.conversation_library import UNTITLED, ConversationLibrary
from tui_chat.ui.shared.line_input import LineInput
from tui_chat.ui.shared.row_list import RowList, spread
from tui_chat.ui.shared.search_dialog import SearchDialog
from tui_chat.ui.shared.search_result import SearchResult
from tui_chat.ui.shared.times import ago


class BookmarkList(RowList[Bookmark]):
    """Two lines for each bookmark: the conversation's title and the age of the message; who wrote it, and what."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._now = now

    def draw(self, item: Bookmark, width: int) -> Sequence[Sequence[Segment]]:
        """Return the two lines."""
        when = Segment(f"  {ago(item.created_at, self._now())}", self.style("meta"))
        title = self.title(item.title or UNTITLED, width - when.cell_length)
        who = Segment("You: " if item.role is Role.USER else "Reply: ", self.style("meta"))
        said = self.excerpt(item.excerpt, width - who.cell_length, "meta")
        return spread(title, [when], width), [who, *said]


class BookmarkFilter(LineInput):
    """The field that filters the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.take", "Go there"),
        Binding("ctrl+d", "screen.remove", "Remove"),
        Binding("ctrl+z", "screen.put_back", "Undo"),
    ]


class BookmarksScreen(SearchDialog[Bookmark]):
    """All bookmarks, the last made first; it is dismissed with CONVERSATION@MESSAGE, the ids of the place to go to."""

    CSS_PATH: ClassVar = ["../shared/row_list.tcss", "../shared/search_dialog.tcss"]

    def __init__(self, library: ConversationLibrary, now: Callable[[], datetime]) -> None:
        field = BookmarkFilter(placeholder="Type to search titles and texts", id="filter")
        super().__init__(BookmarkList(now), field, "Bookmarks")
        self._library = library
        self._removed: list[Bookmark] = []
        """Those that were removed here, the last one at the end."""

    def find(self, query: str) -> SearchResult[Bookmark]:
        """Return the bookmarks that have the query's words."""
        return self._library.bookmarks(query)

    def nothing(self, query: str) -> str:
        """Return the words for an empty result."""
        return f"No matches for “{query}”." if query else "No bookmarks yet. Press m on a message to add one."

    def show(self, found: SearchResult[Bookmark], chosen: int = 0) -> None:
        """Show what was found, and how much that is."""
        super().show(found, chosen)
        count = f"{len(found.items):,}"
        self.query_one("#panel").border_subtitle = f"{count} found" if found.query else count

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell the footer what applies now."""
        if action == "put_back":
            return bool(self._removed)
        if action == "remove":
            return self.rows.item is not None
        return super().check_action(action, parameters)

    def take(self, item: Bookmark) -> None:
        """Go to a message."""
        self.dismiss(f"{item.conversation_id}@{item.message_id}")

    def action_remove(self) -> None:
        """Take the chosen bookmark away; the message stays."""
        bookmark, found = self.rows.item, self.rows.found
        if self.is_found("remove") and bookmark is not None:
            self._library.bookmark(bookmark.message_id, bookmarked=False)
            self._removed.append(bookmark)
            left = [item for item in found.items if item is not bookmark]
            self.show_changed(SearchResult(found.query, left), self.rows.chosen)

    def action_put_back(self) -> None:
        """Give the message that lost its bookmark last a new one."""
        if self._removed:
            self._library.bookmark(self._removed.pop().message_id, bookmarked=True)
            self._search_anew()

    @work(description="list what was changed")
    async def _search_anew(self) -> None:
        await self._library.stored()
        self.search()
