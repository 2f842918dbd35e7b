"""The public door for other Textual apps: conversations on their screens, with replies of their own.

`docs/embedding.md` tells how. The names in `__all__` are kept from version to version; all else may change. The program
itself does not import this module.
"""

from __future__ import annotations

from pathlib import Path

from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.events import (
    BlockStart,
    BlockStop,
    MessageDelta,
    MessageStart,
    MessageStop,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
)
from tui_chat.chat.message import Conversation, Message, Role, StreamingStatus
from tui_chat.chat.models import Model
from tui_chat.chat.parts import TextPart, text_of
from tui_chat.chat.protocols import StreamingProvider
from tui_chat.chat.request import ReplyRequest, Turn
from tui_chat.chat.usage import Usage
from tui_chat.providers.text_provider import TextProvider
from tui_chat.ui.look.printable_filter import PrintableOnly
from tui_chat.ui.messages.embedded_chat import EmbeddedChat
from tui_chat.ui.messages.message_list import MessageList
from tui_chat.ui.messages.reply_style import ReplyStyle
from tui_chat.ui.messages.streaming_message import StreamingMessage

STYLES = Path(__file__).parent / "ui" / "messages" / "messages.tcss"
"""The stylesheet of the messages, for the `CSS_PATH` of the app; all its colours are the theme's."""

__all__ = [
    "STYLES",
    "BlockStart",
    "BlockStop",
    "ChatError",
    "Conversation",
    "EmbeddedChat",
    "ErrorKind",
    "Message",
    "MessageDelta",
    "MessageList",
    "MessageStart",
    "MessageStop",
    "Model",
    "PrintableOnly",
    "ReplyRequest",
    "ReplyStyle",
    "Role",
    "StreamEvent",
    "StreamingMessage",
    "StreamingProvider",
    "StreamingStatus",
    "TextDelta",
    "TextPart",
    "TextProvider",
    "ThinkingDelta",
    "Turn",
    "Usage",
    "text_of",
]
