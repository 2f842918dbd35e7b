"""The branches of a comparison side by side: a column each, as many as there is room for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.layout import WidgetPlacement
from textual.message import Message as UiMessage
from textual.reactive import reactive, var
from textual.timer import Timer

from tui_chat.chat.message import Conversation, Message
from tui_chat.records import dataclass, replace
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.compare.column_head import ColumnHead, Heading, heading_of
from tui_chat.ui.compare.compared_prompt import ComparedPrompt
from tui_chat.ui.compare.comparison import Branch, Comparison
from tui_chat.ui.look.keys import bound
from tui_chat.ui.messages.message_list import MessageList
from tui_chat.ui.messages.message_marks import MessageMarks
from tui_chat.ui.messages.message_widget import MessageWidget
from tui_chat.ui.messages.reply_style import ReplyStyle
from tui_chat.ui.messages.streaming_message import StreamingMessage
from tui_chat.ui.messages.work_turns import WorkTurns

NARROWEST = 38
"""Cells of a column; where there is no room for two of these, one is shown at a time."""
MOST_AT_ONCE = 4
TALL = 30
"""Lines of a terminal in which blank ones set the prompt off."""
HEADS_INTERVAL_S = 0.25


class ColumnMessages(MessageList):
    """The messages of one branch, with the keys of a column before those of messages."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("choose_reply", "want('choose_reply')", "Choose it"),
        bound("previous_column", "want('previous_column')", "Column"),
        bound("next_column", "want('next_column')", "Next column", show=False),
        bound("zoom_column", "want('zoom_column')", "Zoom"),
        bound("stop_column", "want('stop_column')", "Stop it"),
        bound("scroll_together", "want('scroll_together')", "Scroll all"),
        bound("add_column", "want('add_column')", "Add a model"),
        bound("show_differences", "want('show_differences')", "Differences"),
        bound("judge", "want('judge')", "Judge"),
        bound("fold_reply", "fold", "Fold", show=False),
    ]

    coming: reactive[bool] = reactive(False, bindings=True)
    """True if a reply is coming in it."""
    beside: reactive[bool] = reactive(False, bindings=True)
    """True if there is room for another column beside it."""

    @dataclass
    class Entered(UiMessage):
        """The column has the focus."""

        list: ColumnMessages

    @dataclass
    class Scrolled(UiMessage):
        """The column shows other lines."""

        list: ColumnMessages

    def __init__(self, prompt: ComparedPrompt, style: ReplyStyle, *, auto_scroll: bool, turns: WorkTurns) -> None:
        super().__init__(style, auto_scroll=auto_scroll, turns=turns)
        self._prompt = prompt

    @property
    def searched(self) -> Sequence[Message]:
        """The prompt above the columns, and the messages."""
        return [*filter(None, [self._prompt.message]), *self.messages]

    @property
    def searched_widgets(self) -> Sequence[MessageWidget]:
        """The widgets of those of them that are laid out."""
        return [self._prompt, *self.widgets]

    def on_focus(self) -> None:
        """Have the branch looked at."""
        self.post_message(self.Entered(self))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to stop what comes, and to see alone what does not stand alone anyway.

        A key that has nothing to do stays a key: the letter is not meant for the composer.
        """
        match parameters:
            case ("stop_column",):
                return self.coming or None
            case ("zoom_column",):
                return self.beside or None
        return super().check_action(action, parameters)

    def process_layout(self, placements: list[WidgetPlacement]) -> list[WidgetPlacement]:
        """Let what is shorter than the column stand at its top, where replies can be compared."""
        if placements:
            *others, last = placements
            missing = self.container_size.height - last.region.bottom - last.margin.bottom
            room = last.margin._replace(bottom=last.margin.bottom + max(missing, 0))
            placements = [*others, last._replace(margin=room)]
        return super().process_layout(placements)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell it."""
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.Scrolled(self))


class Column(Vertical):
    """One branch: whose it is and how it stands, and its messages."""

    def __init__(self, branch: Branch, messages: ColumnMessages) -> None:
        super().__init__()
        self.branch = branch
        self.messages = messages
        self.head = ColumnHead()

    def compose(self) -> ComposeResult:
        """Yield the head, and the messages below it."""
        yield self.head
        yield self.messages

    async def show(self, conversation: Conversation) -> None:
        """Show what follows the prompt: where the reader is, unless that is the end, or there is something new."""
        shown = self.messages.messages
        same = bool(shown) and conversation.last is not None and shown[-1].id == conversation.last.id
        await self.messages.show(conversation, follow=self.messages.following or not same)


class Columns(Vertical):
    """All columns, below the prompt that they answer."""

    zoomed: var[bool] = var(False, init=False)
    """True if one column is shown alone."""
    together: var[bool] = var(False, init=False)
    """True if all columns scroll when one does."""

    def __init__(self, session: ConversationSession, style: ReplyStyle) -> None:
        super().__init__()
        self.display = False
        self._session = session
        self._style = replace(style, headed=True)
        self._turns = WorkTurns(self, style.frame_s)
        self._comparison: Comparison | None = None
        self._first = 0
        """The place of the first column in sight."""
        self._ticking: Timer | None = None
        self._prompt = ComparedPrompt(self._turns)
        self._row = Horizontal(id="columns")

    def compose(self) -> ComposeResult:
        """Yield the prompt, and the columns below it."""
        yield self._prompt
        yield self._row

    def on_mount(self) -> None:
        """Keep the heads up to date while a reply comes."""
        self._ticking = self.set_interval(HEADS_INTERVAL_S, self.update_heads, pause=True)

    @property
    def _columns(self) -> list[Column]:
        return list(self._row.query_children(Column))

    @property
    def messages(self) -> MessageList | None:
        """The messages of the branch that is looked at, once it has its column."""
        return next((column.messages for column in self._columns if column.has_class("-current")), None)

    def reply(self, reply_id: str) -> StreamingMessage | None:
        """Return the widget of a reply, in whichever column it is."""
        found = (column.messages.reply(reply_id) for column in self._columns)
        return next((reply for reply in found if reply is not None), None)

    # -- what is shown

    async def show(
        self, comparison: Comparison | None, with_what_came: Callable[[Conversation, Conversation], Conversation]
    ) -> None:
        """Show a comparison, each branch with what has come of its reply; or none."""
        if comparison is not self._comparison:
            self.zoomed, self._first = False, 0
        self._comparison, self.display = comparison, comparison is not None
        await self._lay_columns(comparison.branches if comparison is not None else [])
        if comparison is None:
            return
        self._prompt.show(comparison.prompt)
        for column in self._columns:
            branch = column.branch.conversation
            await column.show(comparison.parted(with_what_came(branch, branch)))
        self._arrange()

    async def _lay_columns(self, branches: list[Branch]) -> None:
        """Keep the columns of branches that stay, and make those that are new."""
        await self._row.remove_children([column for column in self._columns if column.branch not in branches])
        auto_scroll = self._session.program.settings.now.streaming.auto_scroll
        there = [column.branch for column in self._columns]
        new = [branch for branch in branches if branch not in there]
        await self._row.mount_all(
            Column(branch, ColumnMessages(self._prompt, self._style, auto_scroll=auto_scroll, turns=self._turns))
            for branch in new
        )

    def restyle(self, style: ReplyStyle, find: Callable[[str], Message | None], *, auto_scroll: bool) -> None:
        """Show all columns in another style."""
        self._style = replace(style, headed=True)
        for column in self._columns:
            column.messages.restyle(self._style, find, auto_scroll=auto_scroll)

    def mark(self, marks: MessageMarks) -> None:
        """Show which messages have a bookmark."""
        for column in self._columns:
            column.messages.mark(marks)

    def update_heads(self) -> None:
        """Show how each reply stands."""
        comparison = self._comparison
        if comparison is None or len(self._columns) != len(comparison.branches):
            return
        for at, (column, name) in enumerate(zip(self._columns, comparison.names, strict=True)):
            column.head.heading = self._heading(comparison, at, name)
            column.messages.coming = self._session.live_on(column.branch.conversation) is not None
        coming = bool(self._session.all_live_of(comparison.current.conversation.id))
        if self._ticking is not None:
            (self._ticking.resume if coming else self._ticking.pause)()

    def _heading(self, comparison: Comparison, at: int, name: str) -> Heading:
        branch = comparison.branches[at]
        live = self._session.live_on(branch.conversation)
        counting = self._session.program.settings.now.ui.motion
        heading = heading_of(name, branch.reply, live, counting=counting, blind=comparison.blind)
        hidden = any(not column.display for column in self._columns)
        return replace(heading, place=f"{at + 1}/{len(self._columns)}" if hidden else "")

    # -- which columns are in sight

    def on_resize(self) -> None:
        """Show as many as there is room for."""
        self._arrange()

    def watch_zoomed(self) -> None:
        """Show one alone, or all again."""
        self._arrange()

    def _arrange(self) -> None:
        """Show the columns for which there is room, with the one that is looked at among them."""
        comparison, columns = self._comparison, self._columns
        if comparison is None or not columns:
            return
        self._prompt.set_class(self.app.size.height >= TALL, "-set-off")
        most = max(min(self.size.width // NARROWEST, MOST_AT_ONCE, len(columns)), 1)
        room = 1 if self.zoomed else most
        last = max(len(columns) - room, 0)
        self._first = (
            min(max(self._first, comparison.at - room + 1), comparison.at, last) if room > 1 else comparison.at
        )
        for at, column in enumerate(columns):
            column.display = self._first <= at < self._first + room
            column.messages.beside = most > 1
            column.set_class(at == comparison.at, "-current")
            column.set_class(at > self._first, "-beside")
        self.update_heads()

    # -- going from one to another

    def go_to(self, at: int) -> None:
        """Go to a column, if there is one at this place."""
        if self._comparison is not None and 0 <= at < len(self._comparison.branches):
            branch = self._comparison.branches[at]
            for column in self._columns:
                if column.branch is branch:
                    self._look_at(column)
                    self.screen.set_focus(column.messages)  # at once: another key may follow

    def _look_at(self, column: Column) -> None:
        branches = self._comparison.branches if self._comparison is not None else []
        if column.branch in branches and not column.has_class("-current"):
            self._session.look_at_branch(branches.index(column.branch))
            self._arrange()

    @on(ColumnMessages.Entered)
    def _take_focus(self, event: ColumnMessages.Entered) -> None:
        event.stop()
        for column in self._columns:
            if column.messages is event.list is self.screen.focused:  # it may have gone on meanwhile
                self._look_at(column)

    @on(ColumnMessages.Scrolled)
    def _scroll_along(self, event: ColumnMessages.Scrolled) -> None:
        """Scroll all columns to the same line, if the one that is looked at has been scrolled."""
        event.stop()
        if not self.together or self._comparison is None or event.list is not self.messages:
            return
        for column in self._columns:
            if column.messages is not event.list:
                column.messages.release_anchor()
                column.messages.scroll_to(y=event.list.scroll_y, animate=False)
