"""The list of all conversations: found by typing, opened, renamed, deleted and brought back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import ClassVar

from rich.segment import Segment
from textual import on, work
from textual.binding import Binding, BindingType
from textual.markup import escape
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from tui_chat.chat.message import ConversationSummary
from tui_chat.records import dataclass, replace
from tui_chat.storage import SearchHit
from tui_chat.text import clean_line, fit
from tui_chat.ui.conversations.conversation_library import UNTITLED, ConversationLibrary, Listed
from tui_chat.ui.conversations.export_commands import open_export
from tui_chat.ui.conversations.tags_dialog import TagsDialog
from tui_chat.ui.shared.line_input import LineInput
from tui_chat.ui.shared.model_label import model_label
from tui_chat.ui.shared.row_list import RowList, spread
from tui_chat.ui.shared.search_dialog import SearchDialog
from tui_chat.ui.shared.search_result import SearchResult
from tui_chat.ui.shared.times import ago
from tui_chat.ui.textual_internals.latest_notice import LatestNotice

CONVERSATIONS = "Conversations"
ARCHIVE = "Archived conversations"
PINNED = "★ "
MARKED = "✓ "
LIVE_INTERVAL_S = 1.0
SHOWN_TITLE = 40


class ConversationList(RowList[Listed]):
    """Two lines for each conversation: its title and when it was changed; what is known of it, or what was found."""

    def __init__(self, library: ConversationLibrary, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._library = library
        self._now = now
        self.marked: dict[str, str] = {}
        """The titles of the conversations that are exported together, by their ids."""

    def draw(self, item: Listed, width: int) -> Sequence[Sequence[Segment]]:
        """Return the two lines."""
        conversation = item.conversation
        when = Segment(f"  {ago(conversation.updated_at, self._now())}", self.style("meta"))
        taken = [Segment(MARKED, self.style("live"))] if conversation.id in self.marked else []
        pin = [Segment(PINNED, self.style("mark"))] if conversation.pinned else []
        room = width - when.cell_length - Segment.get_line_length([*taken, *pin])
        title = self.title(conversation.title or UNTITLED, room)
        return spread([*taken, *pin, *title], [when], width), self._about(item, width)

    def _about(self, item: Listed, width: int) -> list[Segment]:
        conversation, meta = item.conversation, self.style("meta")
        pieces: list[Segment] = []
        if self._library.is_coming(conversation.id):
            pieces += [Segment("● streaming", self.style("live")), Segment(" · ", meta)]
        elif self._library.is_unread(conversation.id):
            pieces += [Segment("● new reply", self.style("live")), Segment(" · ", meta)]
        if self._library.is_open(conversation.id):
            pieces.append(Segment("open · ", meta))
        if conversation.tags:
            pieces += [Segment(clean_line(f"#{tag} "), self.style("tag")) for tag in conversation.tags]
            pieces.append(Segment("· ", meta))
        if item.hit is not None:
            pieces += self.excerpt(item.hit.snippet, width - Segment.get_line_length(pieces), "meta")
        else:
            count = conversation.message_count
            messages = f"{count} message{'' if count == 1 else 's'}"
            pieces.append(Segment(" · ".join(filter(None, [messages, model_label(conversation.model)])), meta))
        return list(Segment.adjust_line_length(pieces, width, pad=False))


class ConversationFilter(LineInput):
    """The field that filters the list; at its end, Delete is for the conversation."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.take", "Open"),
        Binding("ctrl+r", "screen.rename", "Rename"),
        Binding("ctrl+d", "screen.delete", "Delete"),
        Binding("ctrl+t", "screen.pin", "Pin"),
        Binding("ctrl+g", "screen.tag", "Tags"),
        Binding("ctrl+b", "screen.archive(True)", "Archive"),
        Binding("ctrl+b", "screen.archive(False)", "Back to the list"),
        Binding("ctrl+l", "screen.show_archive(True)", "Show archive"),
        Binding("ctrl+l", "screen.show_archive(False)", "Leave archive"),
        Binding("ctrl+y", "screen.mark", "Mark"),
        Binding("ctrl+s", "screen.export", "Export"),
        Binding("ctrl+z", "screen.bring_back", "Undo"),
    ]

    @dataclass
    class DeletePressed(Message):
        """Delete was pressed where there is nothing to delete in the field."""

    def __init__(self) -> None:
        super().__init__(placeholder="Type to search titles and texts", id="filter")

    def action_delete_right(self) -> None:
        """Delete a character, or report that there is none."""
        if self.cursor_at_end and self.selection.is_empty:
            self.post_message(self.DeletePressed())
        else:
            super().action_delete_right()


class TitleField(LineInput):
    """The field for another title."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Save"),
        Binding("escape", "screen.close", "Cancel"),
    ]

    def __init__(self) -> None:
        super().__init__(placeholder="A title", id="title")


class ConversationsScreen(SearchDialog[Listed]):
    """All conversations, the newest first; it is dismissed with the id of the one to open."""

    CSS_PATH: ClassVar = ["../shared/row_list.tcss", "../shared/search_dialog.tcss", "screen.tcss"]

    def __init__(self, library: ConversationLibrary, now: Callable[[], datetime]) -> None:
        self._list = ConversationList(library, now)
        super().__init__(self._list, ConversationFilter(), CONVERSATIONS)
        self._library = library
        self._wanted = ""
        """The conversation to choose when the search has ended."""
        self._renamed: ConversationSummary | None = None
        """The conversation that is being given another title."""
        self._undoable = LatestNotice(self.app)
        """The notice of what was done last, as long as that can be taken back."""
        self._in_archive = False
        """True while the conversations in the archive are listed, and no others."""

    def compose_more(self) -> Iterable[Widget]:
        """Yield the field for another title."""
        yield TitleField()

    def on_mount(self) -> None:
        """Keep an eye on those whose replies are coming."""
        self.set_interval(LIVE_INTERVAL_S, self.rows.refresh)

    def find(self, query: str) -> SearchResult[Listed]:
        """Return the conversations that have the query's words."""
        return self._library.find(query, archived=self._in_archive)

    def nothing(self, query: str) -> str:
        """Return the words for an empty result."""
        if query:
            return f"No matches for “{query}”."
        return "The archive is empty." if self._in_archive else "No conversations yet."

    def show(self, found: SearchResult[Listed], chosen: int = 0) -> None:
        """Show what was found, and how much that is."""
        ids = [item.conversation.id for item in found.items]
        wanted, self._wanted = self._wanted, ""
        super().show(found, ids.index(wanted) if wanted in ids else chosen)
        self._count()

    def _count(self) -> None:
        """Say how many there are, and how many are marked for an export, in sight or not."""
        found, marked = self._list.found, len(self._list.marked)
        count = f"{len(found.items):,} found" if found.query else f"{len(found.items):,}"
        self.query_one("#panel").border_subtitle = f"{marked:,} marked · {count}" if marked else count

    @property
    def _conversation(self) -> ConversationSummary | None:
        """The one that the keys act on."""
        return self.rows.item.conversation if self.rows.item is not None else None

    @property
    def hit(self) -> SearchHit | None:
        """The message that was found in the chosen one."""
        return self.rows.item.hit if self.rows.item is not None else None

    @property
    def _title(self) -> TitleField:
        return self.query_one(TitleField)

    # -- what the keys do

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell the footer what applies now."""
        if action == "bring_back":
            return bool(self._library.deleted)
        if action in ("archive", "show_archive") and self._in_archive in parameters:
            return False
        if action in ("rename", "delete", "pin", "tag", "archive", "mark", "export"):
            return self._conversation is not None
        return super().check_action(action, parameters)

    def take(self, item: Listed) -> None:
        """Open one."""
        self.dismiss(item.conversation.id)

    def action_close(self) -> None:
        """Leave the title as it is; or open none."""
        if self._renamed is not None:
            self._end_renaming()
        else:
            super().action_close()

    def action_choose(self, step: int) -> None:
        """Choose another one, unless the chosen one is being renamed."""
        if self._renamed is None:
            super().action_choose(step)

    def action_rename(self) -> None:
        """Write another title for the chosen one."""
        if self.is_found("rename") and self._conversation is not None:
            self._renamed = self._conversation
            self.add_class("-renaming")
            self._title.value = clean_line(self._renamed.title)
            self._title.action_end()
            self._title.focus()

    @on(Input.Submitted, "#title")
    def _save_title(self) -> None:
        """Give it the title that was written; a blank one leaves it as it was."""
        title = self._title.value.strip()
        if self._renamed is not None and title:
            self._library.rename(self._renamed.id, title)
            self._search_anew(self._renamed.id)
        self._end_renaming()

    def _end_renaming(self) -> None:
        self._renamed = None
        self.remove_class("-renaming")
        self.field.focus()

    @on(ConversationFilter.DeletePressed)
    async def action_delete(self) -> None:
        """Take the chosen one out of sight."""
        conversation, found = self._conversation, self.rows.found
        if not self.is_found("delete") or conversation is None:
            return
        if not await self._library.delete(conversation):
            self.notify("A reply is coming in another window. Stop it there, then delete.", severity="warning")
            return
        left = [item for item in found.items if item.conversation is not conversation]
        self.show_changed(replace(found, items=left), self.rows.chosen)
        title = escape(fit(clean_line(conversation.title) or UNTITLED, SHOWN_TITLE))
        self._undoable.offer_undo(f"Deleted “{title}”.", f"bring_back('{conversation.id}')")

    # -- marks

    def action_pin(self) -> None:
        """Keep the chosen one at the top, or no longer."""
        if self.is_found("pin") and (conversation := self._conversation) is not None:
            self._library.pin(conversation.id, pinned=not conversation.pinned)
            self._search_anew(conversation.id)

    def action_tag(self) -> None:
        """Write other tags for the chosen one."""
        if self.is_found("tag") and (conversation := self._conversation) is not None:
            dialog = TagsDialog(conversation.tags, self._library.known_tags)
            self.app.push_screen(dialog, partial(self._save_tags, conversation))

    def _save_tags(self, conversation: ConversationSummary, tags: Sequence[str] | None) -> None:
        if tags is not None:
            self._library.tag(conversation.id, tags)
            self._search_anew(conversation.id)

    def action_archive(self, archived: bool) -> None:
        """Put the chosen one into the archive, or back into the list."""
        conversation, found = self._conversation, self.rows.found
        if not self.is_found("archive") or conversation is None:
            return
        self._library.archive(conversation.id, archived=archived)
        left = [item for item in found.items if item.conversation is not conversation]
        self.show_changed(replace(found, items=left), self.rows.chosen)
        title = escape(fit(clean_line(conversation.title) or UNTITLED, SHOWN_TITLE))
        done = f"Archived “{title}”; Ctrl+L shows the archive." if archived else f"“{title}” is back in the list."
        self._undoable.offer_undo(done, f"undo_archive('{conversation.id}', {not archived})")

    def action_undo_archive(self, conversation_id: str, archived: bool) -> None:
        """Put one back where it was."""
        self._library.archive(conversation_id, archived=archived)
        self._undoable.take_back()
        self._search_anew()

    def action_show_archive(self, archived: bool) -> None:
        """Show the conversations in the archive, or the others again."""
        self._in_archive = archived
        self.query_one("#panel").border_title = ARCHIVE if archived else CONVERSATIONS
        self.refresh_bindings()
        self.search()

    def action_mark(self) -> None:
        """Mark the chosen one, or no longer, and choose the next: all that are marked are exported together."""
        if self.is_found("mark") and (conversation := self._conversation) is not None:
            if self._list.marked.pop(conversation.id, None) is None:
                self._list.marked[conversation.id] = conversation.title
            self.action_choose(1)
            self._list.refresh()
            self._count()

    def action_export(self) -> None:
        """Export those that are marked, or the chosen one."""
        if self.is_found("export") and (conversation := self._conversation) is not None:
            titles = self._list.marked or {conversation.id: conversation.title}
            open_export(
                self.app, self._library.store, list(titles), next(iter(titles.values())) if len(titles) == 1 else ""
            )

    def action_bring_back(self, conversation_id: str = "") -> None:
        """Bring back a deleted one, the last one if none is named."""
        conversation = self._library.bring_back(conversation_id)
        if conversation is not None:
            self._undoable.take_back()
            self._search_anew(conversation.id)

    @work(description="list what was changed")
    async def _search_anew(self, choose: str = "") -> None:
        """Search again once what was changed is stored, and choose the conversation with this id if it is found."""
        await self._library.stored()
        self._wanted = choose
        self.search()
