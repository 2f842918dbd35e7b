"""The conversation on the screen."""

from __future__ import annotations

from dataclasses import dataclass

from textual.containers import VerticalScroll
from textual.css.query import NoMatches
from textual.message import Message as UiMessage
from textual.reactive import var

from tui_chat.chat.message import Conversation, Message, Role
from tui_chat.ui.widgets.message_widget import MessageWidget
from tui_chat.ui.widgets.streaming_message import ReplyStyle, StreamingMessage
from tui_chat.ui.widgets.user_message import UserMessage


class MessageList(VerticalScroll):
    """The messages of one conversation; it follows the end while the reader is at the end, and never moves them."""

    following: var[bool] = var(True, init=False)
    """Whether the reader is at the end."""

    @dataclass
    class FollowingChanged(UiMessage):
        """The reader has left the end, or come back to it."""

        list: MessageList
        following: bool

        @property
        def control(self) -> MessageList:
            """The list that is read."""
            return self.list

    def __init__(self, style: ReplyStyle, *, auto_scroll: bool = True) -> None:
        super().__init__()
        self._style = style
        self._auto_scroll = auto_scroll

    def on_mount(self) -> None:
        """Follow the end from the beginning."""
        if self._auto_scroll:
            self.anchor()

    async def show(self, conversation: Conversation) -> None:
        """Show a conversation, at its end. Widgets of messages that stay are kept."""
        shown = list(self.query_children(MessageWidget))
        wanted = conversation.messages
        same = 0
        while same < min(len(shown), len(wanted)) and shown[same].message_id == wanted[same].id:
            same += 1
        for widget, message in zip(shown[:same], wanted, strict=False):
            if isinstance(widget, StreamingMessage) and widget.message is not message:
                widget.show(message)
        await self.remove_children(shown[same:])
        await self.mount_all(self._widget_for(message) for message in wanted[same:])
        self.follow()

    def reply(self, message_id: str) -> StreamingMessage | None:
        """The widget of a reply, if it is on the screen."""
        try:
            return self.query_one(f"#message-{message_id}", StreamingMessage)
        except NoMatches:
            return None

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Notice whether the reader is at the end."""
        super().watch_scroll_y(old_value, new_value)
        self.following = new_value >= self.max_scroll_y

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
        if message.role is Role.USER:
            return UserMessage(message)
        return StreamingMessage(message, self._style)
