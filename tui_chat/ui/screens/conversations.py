"""The list of all conversations: found by typing, opened, renamed, deleted and brought back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from rich.segment import Segment
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.markup import escape
from textual.message import Message
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Footer, Input, Static

from tui_chat.chat.message import ConversationSummary
from tui_chat.text import clean_line, fit
from tui_chat.ui.shelf import UNTITLED, Found, Shelf
from tui_chat.ui.times import ago
from tui_chat.ui.widgets.line_input import LineInput
from tui_chat.ui.widgets.row_list import RowList, excerpt, marked, spread

SEARCH_AFTER_S = 0.1
"""How long typing must rest before it is searched for what was typed."""
LIVE_INTERVAL_S = 1.0
UNDO_SHOWN_S = 10.0
SHOWN_TITLE = 40


class ConversationList(RowList):
    """Two lines for each conversation: its title and when it was changed; what is known of it, or what was found."""

    def __init__(self, shelf: Shelf, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._shelf = shelf
        self._now = now
        self._words: Sequence[str] = ()
        self.found = Found()

    @property
    def conversation(self) -> ConversationSummary | None:
        """The one that the keys act on."""
        return self.found.conversations[self.chosen] if self.chosen >= 0 else None

    def show_found(self, found: Found, chosen: int = 0) -> None:
        """Show what was found."""
        self.found, self._words = found, found.query.split()
        self.show(len(found.conversations), chosen)

    def draw(self, index: int, width: int) -> Sequence[Sequence[Segment]]:
        """The two lines."""
        conversation = self.found.conversations[index]
        when = Segment(f"  {ago(conversation.updated_at, self._now())}", self.style("meta"))
        title = clean_line(conversation.title) or UNTITLED
        shown = marked(fit(title, width - when.cell_length), self._words, self.style("title"), self.style("hit"))
        return spread(shown, [when], width), self._about(conversation, width)

    def _about(self, conversation: ConversationSummary, width: int) -> list[Segment]:
        meta = self.style("meta")
        pieces: list[Segment] = []
        if self._shelf.is_coming(conversation.id):
            pieces += [Segment("● streaming", self.style("live")), Segment(" · ", meta)]
        if self._shelf.is_open(conversation.id):
            pieces.append(Segment("open · ", meta))
        snippet = self.found.snippets.get(conversation.id)
        if snippet:
            room = width - Segment.get_line_length(pieces)
            pieces += marked(excerpt(snippet, self._words, room), self._words, meta, self.style("hit"))
        else:
            count = conversation.message_count
            messages = f"{count} message{'' if count == 1 else 's'}"
            pieces.append(Segment(" · ".join(filter(None, [messages, clean_line(conversation.model)])), meta))
        return list(Segment.adjust_line_length(pieces, width, pad=False))


class ConversationsScreen(ModalScreen[str | None]):
    """All conversations, the newest first; it is dismissed with the id of the one to open."""

    CSS_PATH: ClassVar = ["../widgets/row_list.tcss", "conversations.tcss"]
    AUTO_FOCUS = "#filter"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "save_title", "Save", priority=True),
        Binding("enter", "open", "Open", priority=True),
        Binding("ctrl+r", "rename", "Rename", priority=True),
        Binding("ctrl+d", "delete", "Delete", priority=True),
        Binding("delete", "delete_at_end", show=False, priority=True),
        Binding("ctrl+z", "bring_back", "Undo", priority=True),
        Binding("escape", "keep_title", "Keep the title", priority=True),
        Binding("escape", "close", "Close", priority=True),
        Binding("up", "choose(-1)", show=False),
        Binding("down", "choose(1)", show=False),
        Binding("pageup", "choose_page(-1)", show=False),
        Binding("pagedown", "choose_page(1)", show=False),
        Binding("ctrl+home", "choose(-1000000)", show=False),
        Binding("ctrl+end", "choose(1000000)", show=False),
    ]

    @dataclass
    class Searched(Message):
        """A search has ended."""

        found: Found

    def __init__(self, shelf: Shelf, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._shelf = shelf
        self._now = now
        self._typing: Timer | None = None
        self._wanted = ""
        """The conversation to choose when the search has ended."""
        self._renamed: ConversationSummary | None = None
        """The conversation that is being given another title."""

    def compose(self) -> ComposeResult:
        """The field above, the conversations below it."""
        with Vertical(id="panel") as panel:
            panel.border_title = "Conversations"
            yield LineInput(placeholder="Type to search titles and texts", id="filter")
            yield LineInput(placeholder="A title", id="title")
            yield ConversationList(self._shelf, self._now)
            yield Static(id="nothing", markup=False)
            yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Fetch the conversations, and keep an eye on those whose replies are coming."""
        self.set_class(False, "-renaming")
        self._search("")
        self.set_interval(LIVE_INTERVAL_S, self._list.refresh)

    @property
    def _list(self) -> ConversationList:
        return self.query_one(ConversationList)

    @property
    def _filter(self) -> LineInput:
        return self.query_one("#filter", LineInput)

    @property
    def _title(self) -> LineInput:
        return self.query_one("#title", LineInput)

    # -- searching

    @on(Input.Changed, "#filter")
    def _search_soon(self) -> None:
        if self._typing is not None:
            self._typing.stop()
        self._typing = self.set_timer(SEARCH_AFTER_S, self._search_again)

    def _search_again(self, wanted: str = "") -> None:
        self._wanted = wanted
        self._search(self._filter.value)

    @work(thread=True, exclusive=True, exit_on_error=False, group="conversations", description="search conversations")
    def _search(self, query: str) -> None:
        self.post_message(self.Searched(self._shelf.find(query)))

    @on(Searched)
    def _show_searched(self, event: Searched) -> None:
        """Show what was found, unless something else is in the field by now."""
        if event.found.query == self._filter.value:
            ids = [conversation.id for conversation in event.found.conversations]
            self._show(event.found, ids.index(self._wanted) if self._wanted in ids else 0)

    def _show(self, found: Found, chosen: int) -> None:
        self._list.show_found(found, chosen)
        count = len(found.conversations)
        self.query_one("#panel").border_subtitle = f"{count:,} found" if found.query else f"{count:,}"
        nothing = self.query_one("#nothing", Static)
        nothing.display, self._list.display = not count, bool(count)
        query = clean_line(found.query)
        nothing.update(f"Nothing has “{query}” in it." if query else "There are no conversations yet.")
        self.refresh_bindings()

    # -- what the keys do

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The footer shows what applies now."""
        match action:
            case "save_title" | "keep_title":
                return self._renamed is not None
            case "bring_back":
                return self._renamed is None and bool(self._shelf.deleted)
            case "open" | "rename" | "delete":
                return self._renamed is None and self._list.conversation is not None
            case "delete_at_end":
                return self._renamed is None and self._filter.cursor_at_end
        return True

    def action_choose(self, step: int) -> None:
        """Choose another conversation."""
        if self._renamed is None:
            self._list.choose(step)

    def action_choose_page(self, pages: int) -> None:
        """Choose one that is a page away."""
        self.action_choose(pages * self._list.page)

    @on(RowList.Picked)
    def action_open(self) -> None:
        """Open the chosen one."""
        conversation = self._list.conversation
        if conversation is not None:
            self.dismiss(conversation.id)

    def action_close(self) -> None:
        """Open none."""
        self.dismiss(None)

    def action_rename(self) -> None:
        """Write another title for the chosen one."""
        self._renamed = self._list.conversation
        if self._renamed is not None:
            self.add_class("-renaming")
            self._title.value = clean_line(self._renamed.title)
            self._title.action_end()
            self._title.focus()

    def action_save_title(self) -> None:
        """Give it the title that was written; a blank one leaves it as it was."""
        title = self._title.value.strip()
        if self._renamed is not None and title:
            self._shelf.rename(self._renamed.id, title)
            self._search_again(wanted=self._renamed.id)
        self.action_keep_title()

    def action_keep_title(self) -> None:
        """Leave the title as it is, and go back to searching."""
        self._renamed = None
        self.remove_class("-renaming")
        self._filter.focus()
        self.refresh_bindings()

    async def action_delete(self) -> None:
        """Take the chosen one out of sight."""
        conversation, found = self._list.conversation, self._list.found
        if conversation is None:
            return
        await self._shelf.delete(conversation)
        left = [other for other in found.conversations if other is not conversation]
        self._show(replace(found, conversations=left), self._list.chosen)
        title = escape(fit(clean_line(conversation.title) or UNTITLED, SHOWN_TITLE))
        undo = f"[@click=screen.bring_back('{conversation.id}')]Undo[/]"
        self.notify(f"Deleted “{title}”. {undo} brings it back.", timeout=UNDO_SHOWN_S)

    async def action_delete_at_end(self) -> None:
        """The same, where there is nothing to the right of the cursor that the key could delete."""
        await self.action_delete()

    def action_bring_back(self, conversation_id: str = "") -> None:
        """Bring back a deleted one, the last one if none is named."""
        conversation = self._shelf.bring_back(conversation_id)
        if conversation is not None:
            self._search_again(wanted=conversation.id)
