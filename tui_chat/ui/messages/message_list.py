"""The conversation on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.message import Message as UiMessage
from textual.widget import Widget

from tui_chat.chat.compaction import is_summary
from tui_chat.chat.message import Conversation, Message, Role
from tui_chat.records import dataclass
from tui_chat.ui.messages.message_chooser import MessageChooser
from tui_chat.ui.messages.message_marks import MessageMarks
from tui_chat.ui.messages.message_widget import MessageWidget
from tui_chat.ui.messages.reply_style import WITHOUT_KEYS, ReplyStyle
from tui_chat.ui.messages.work_turns import WorkTurns

if TYPE_CHECKING:
    from tui_chat.ui.messages.streaming_message import StreamingMessage

LAID_OUT = 40
"""The number of messages laid out at first: Textual does all its work for each of them, in sight or not."""
MORE = 20
"""The number of further ones laid out when the reader comes near them."""


class MessageList(MessageChooser):
    """The messages of one conversation; it follows the end while the reader is at the end, and never moves them."""

    @dataclass
    class FollowingChanged(UiMessage):
        """The reader has left the end, or come back to it."""

        list: MessageList
        following: bool

        @property
        def control(self) -> MessageList:
            """The list that is read."""
            return self.list

    @dataclass
    class EndNeared(UiMessage):
        """The reader comes near the last messages, which are not laid out: whoever knows what has come shows them."""

        list: MessageList

        @property
        def control(self) -> MessageList:
            """The list that is read."""
            return self.list

    def __init__(
        self, style: ReplyStyle = WITHOUT_KEYS, *, auto_scroll: bool = True, turns: WorkTurns | None = None
    ) -> None:
        """`turns` are shared with other lists that are on the screen at the same time."""
        super().__init__()
        self._style = style
        self._auto_scroll = auto_scroll
        self._messages: Sequence[Message] = ()
        """All of the conversation; only some that follow each other are laid out, for they take room and time."""
        self._above = 0
        """The number of messages before those that are laid out."""
        self._turns = turns or WorkTurns(self, style.frame_s)
        self._changing = asyncio.Lock()
        self._marks = MessageMarks()

    def on_mount(self) -> None:
        """Follow the end from the beginning."""
        if self._auto_scroll:
            self.anchor()

    async def show(self, conversation: Conversation, *, follow: bool = True) -> None:
        """Show a conversation to its end, and go there or stay. Widgets of messages that stay are kept."""
        async with self._changing:
            self._messages = conversation.messages
            self._above = self._first_wanted(LAID_OUT if follow else len(self._messages))
            wanted = self._messages[self._above :]
            if not follow:
                self.release_anchor()
            await self._drop_before(wanted)
            at, shown, same = self._place_of(self.chosen), self.widgets, 0
            while same < min(len(shown), len(wanted)) and shown[same].message_id == wanted[same].id:
                same += 1
            for widget, message in zip(shown[:same], wanted, strict=False):
                widget.take_up(message, last=message is self._messages[-1])
            await self.remove_children(shown[same:])
            await self.mount_all(self._widget_for(message) for message in wanted[same:])
        if not wanted:
            self.forget_places()
        if self.chosen and wanted:
            self.chosen = wanted[min(at or 0, len(wanted) - 1)].id  # the keys act on what has come in its place
        if follow:
            self.follow()
        self.call_after_refresh(self._look_above)

    def _first_wanted(self, most: int) -> int:
        """Return the index of the first message to lay out: the present one, unless those have become too many."""
        first = next((widget.message_id for widget in self.widgets), "")
        place = next((at for at, message in enumerate(self._messages) if message.id == first), None)
        if place is None or len(self._messages) - place > 2 * most:
            return max(len(self._messages) - LAID_OUT, 0)
        return place

    async def _drop_before(self, wanted: Sequence[Message]) -> None:
        """Drop the messages that are laid out no longer, if what follows them stays."""
        places = (at for at, widget in enumerate(self.widgets) if wanted and widget.message_id == wanted[0].id)
        await self.remove_children(self.widgets[: next(places, 0)])

    async def lay_out(self, first: int = 0) -> bool:
        """Lay out earlier messages too, from this one on; what is read stays where it is.

        They come a few at a time: what is shown meanwhile does not wait for all. False if it is another conversation.
        """
        beginning = self._beginning
        while True:
            async with self._changing:
                if self._beginning != beginning or self._above <= first:
                    return self._beginning == beginning
                few = self._messages[max(self._above - MORE, first) : self._above]
                await self.mount_all((self._widget_for(message) for message in few), before=0)
                self._above -= len(few)
                self.mark(self._marks)

    async def go_to_first(self) -> None:
        """Scroll to the first message of all."""
        if await self._reach(0):
            self.scroll_home(animate=False)

    async def bring(self, message_id: str) -> bool:
        """Lay out a message and what is around it. False if it is not in the conversation, or not any more."""
        place = next((at for at, message in enumerate(self._messages) if message.id == message_id), None)
        return place is not None and await self._reach(place) and place < self._laid_out_end

    async def _reach(self, place: int) -> bool:
        """Lay out a message, and what is between if that is little. False if it is another conversation."""
        if self._above - place > LAID_OUT or place >= self._laid_out_end:
            return await self._lay_out_only(place)
        return await self.lay_out(place)

    async def _lay_out_only(self, first: int) -> bool:
        """Lay out the messages from this one on, and let go of those that are. False if it is another conversation."""
        beginning = self._beginning
        async with self._changing:
            if self._beginning != beginning:
                return False
            self.release_anchor()
            growing = bool(self._messages) and self._messages[-1].status.live
            end = min(first + LAID_OUT, len(self._messages) - growing)  # what it has got meanwhile comes with the end
            self._above = min(first, max(end - 1, 0))
            with self.app.batch_update():
                await self.remove_children(self.widgets)
                await self.mount_all(self._widget_for(one) for one in self._messages[self._above : end])
            self.mark(self._marks)
            return True

    async def _lay_out_below(self) -> bool:
        """Lay out a few more of the later messages. False if none are left, or the last, which may still grow."""
        async with self._changing:
            end = self._laid_out_end
            if len(self._messages) - end > MORE:
                self.release_anchor()  # or it would go on to the end of what has come
                await self.mount_all(self._widget_for(message) for message in self._messages[end : end + MORE])
                self.mark(self._marks)
                return True
        if not self.reaches_end:
            self.post_message(self.EndNeared(self))
        return False

    @property
    def messages(self) -> Sequence[Message]:
        """All messages of the conversation, laid out or not."""
        return self._messages

    @property
    def searched(self) -> Sequence[Message]:
        """All messages in which a text is looked for."""
        return self._messages

    @property
    def searched_widgets(self) -> Sequence[MessageWidget]:
        """The widgets of those of them that are laid out."""
        return self.widgets

    @property
    def at_end(self) -> bool:
        """True if there is nothing below what is in sight, laid out or not."""
        return self.reaches_end and super().at_end

    @property
    def reaches_end(self) -> bool:
        """True if the last message of all is laid out."""
        return self._laid_out_end == len(self._messages)

    @property
    def _laid_out_end(self) -> int:
        """The place after that of the last message that is laid out."""
        return self._above + len(self.widgets)

    @property
    def _beginning(self) -> str:
        """The id of the first message of all."""
        return next((message.id for message in self._messages), "")

    async def _look_above(self) -> None:
        """Lay out earlier messages if the reader is near them."""
        if self._above > 0 and self.scroll_y < self.size.height and not self._changing.locked():
            await self.lay_out(max(self._above - MORE, 0))
            self.call_after_refresh(self._look_above)

    async def _look_below(self) -> None:
        """Lay out later messages if the reader is near them."""
        if self._near_end and not self.reaches_end and not self._changing.locked():
            await self._lay_out_below()

    @property
    def _near_end(self) -> bool:
        """True if the reader is near the end of what is laid out."""
        return self.scroll_y > self.max_scroll_y - self.size.height

    def mark(self, marks: MessageMarks) -> None:
        """Show which messages have others in their place, on other branches, and which have a bookmark."""
        self._marks = marks
        for widget in self.widgets:
            widget.show_marks(marks)

    async def look_at(self, message_id: str) -> None:
        """Bring a message into sight that has just been put here, from its first line on; the keys act on it."""
        await self.bring(message_id)
        for widget in self.widgets:
            if widget.message_id == message_id:
                self.release_anchor()
                self.call_after_refresh(self.scroll_to_widget, widget, animate=False, top=True)
                if self.chosen:
                    self.chosen = message_id

    def restyle(self, style: ReplyStyle, find: Callable[[str], Message | None], *, auto_scroll: bool) -> None:
        """Show the messages, as `find` returns them, in another style, and follow the end or not."""
        if auto_scroll is not self._auto_scroll:
            self._auto_scroll = auto_scroll
            self.anchor(auto_scroll and self.following)
        if style == self._style:
            return
        self._style, self._turns.frame_s = style, style.frame_s
        for widget in self.widgets:
            widget.restyle(style, find(widget.message_id))

    def reply(self, message_id: str) -> StreamingMessage | None:
        """Return the widget of a reply, if it is on the screen."""
        from tui_chat.ui.messages.streaming_message import StreamingMessage

        # Textual's own `query_one` would keep the widget in its cache of answers, and all its lines with it.
        replies = (child for child in reversed(self.children) if isinstance(child, StreamingMessage))
        return next((found for found in replies if found.message_id == message_id), None)

    def scroll_by_pages(self, pages: int) -> None:
        """Scroll a page or more; where everything is in sight there is nothing to scroll."""
        if self.allow_vertical_scroll:
            self.scroll_relative(y=pages * self.size.height, animate=False)

    @property
    def laying_out(self) -> bool:
        """True if some text that has come is not laid out yet."""
        return self._turns.busy

    def keep_line(self, widget: Widget, line: int) -> Callable[[], int]:
        """Return what tells where the text of a message's line is from now on."""
        return widget.keep_line(line) if isinstance(widget, MessageWidget) else super().keep_line(widget, line)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Lay out more messages when the reader comes near them."""
        super().watch_scroll_y(old_value, new_value)
        if new_value < self.size.height and self._above > 0:
            self.call_later(self._look_above)
        if self._near_end and not self.reaches_end:
            self.call_later(self._look_below)

    def watch_following(self, following: bool) -> None:
        """Tell it."""
        self.post_message(self.FollowingChanged(self, following))

    def follow(self) -> None:
        """Go to the end and stay there."""
        if self._auto_scroll:
            self.anchor()
        else:
            self.scroll_end(animate=False)

    def _widget_for(self, message: Message) -> MessageWidget:
        """Return a new widget; what it is made of is imported for the first."""
        if is_summary(message.id) and not message.status.live:
            from tui_chat.ui.messages.summary_message import SummaryMessage

            return SummaryMessage(message, self._style, self._turns)
        if message.role is Role.USER:
            from tui_chat.ui.messages.user_message import UserMessage

            return UserMessage(message, self._style, self._turns)
        from tui_chat.ui.messages.streaming_message import StreamingMessage

        return StreamingMessage(message, self._style, self._turns, last=message is self._messages[-1])
