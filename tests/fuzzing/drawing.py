"""The uses of a conversation that has been read: show it, send it on, keep it."""

from __future__ import annotations

import json

from rich.style import Style

from tui_chat.chat.citations import sources_of
from tui_chat.chat.message import Conversation, Message, Role
from tui_chat.chat.request import ReplyRequest, turns_from
from tui_chat.cli.output import local_time
from tui_chat.providers import PriceBook
from tui_chat.providers.anthropic_request import message_params
from tui_chat.providers.openai_request import completion_params
from tui_chat.rendering import Look
from tui_chat.storage import conversation_to_json
from tui_chat.text.plain_json import as_json
from tui_chat.ui.messages.message_sections import HeaderSection, NoteSection
from tui_chat.ui.messages.notes import note_for
from tui_chat.ui.messages.prompt_section import PromptSection
from tui_chat.ui.messages.reply_sections import ReplySections
from tui_chat.ui.messages.section_stack import SectionStack
from tui_chat.ui.messages.sections import MessageStyles
from tui_chat.ui.messages.sources_section import SourcesSection
from tui_chat.ui.shared.times import ago, time_of_day

WIDTH = 60
PALETTE = MessageStyles(*[Style.null()] * 9)
LOOK = Look.default(dark=True)


def use(conversation: Conversation) -> None:
    """Draw, print and send a conversation; whatever it holds, nothing of this may fail."""
    for message in conversation.messages:
        draw(message)
        local_time(message.created_at)
        time_of_day(message.created_at, conversation.updated_at)
    ago(conversation.updated_at, conversation.created_at)
    as_json(conversation_to_json(conversation))
    send(conversation.messages)


def send(messages: tuple[Message, ...]) -> None:
    """Make requests of the messages, as JSON that every server can read."""
    request = ReplyRequest("claude-haiku-4-5", turns_from(messages))
    for params in (message_params(request), completion_params(request, vendor=False)):
        json.dumps(params, allow_nan=False)


def draw(message: Message) -> None:
    """Draw a message as the screen does."""
    stack, header = SectionStack(), HeaderSection(WIDTH, PALETTE, message.metadata.speaker)
    if message.role is Role.USER:
        stack.sections = [header, PromptSection(WIDTH, LOOK, PALETTE, message.text)]
    else:
        header.meta = message.metadata.model
        sections = ReplySections(stack, show_thinking=True)
        sections.lay(header, message.parts, WIDTH, LOOK, PALETTE)
        sections.end(message.parts)
        stack.add(SourcesSection(WIDTH, PALETTE, message.id, sources_of(message.parts)))
        if (note := note_for(message, str)) is not None:
            stack.add(NoteSection(WIDTH, PALETTE, note))
    for y in range(min(stack.height, 200)):
        stack.line(y)
    about = message.metadata
    PriceBook().cost_usd(about, about.usage)
    as_json(about.to_json())
