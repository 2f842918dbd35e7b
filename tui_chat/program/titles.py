"""Titles that a model gives: one small request after a conversation's first reply, in the background."""

from __future__ import annotations

import asyncio
import logging
import re

from tui_chat.chat.accumulator import ReplyAccumulator
from tui_chat.chat.errors import ChatError
from tui_chat.chat.message import Conversation, Message, Role, StreamingStatus, title_from, title_of
from tui_chat.chat.metadata import Mode
from tui_chat.chat.parts import TextPart, text_of
from tui_chat.chat.request import ReplyRequest, Turn
from tui_chat.patterns import pattern
from tui_chat.program.wiring import Program
from tui_chat.records import replace
from tui_chat.services import service
from tui_chat.settings import SettingsError
from tui_chat.storage import Aside
from tui_chat.text import clean_line

log = logging.getLogger(__name__)

LONGEST_WAIT_S = 60.0
"""Seconds to wait for a title; one that takes longer is done without."""
MOST_TOKENS = 300
READ_OF_EACH = 2000
"""Characters of the prompt and of the reply that are enough to tell what they are about."""
SYSTEM = (
    "You give conversations their titles. Answer with the title and nothing else: three to six words on one line, in "
    "the language of the conversation, without quotation marks and without a full stop."
)

_WRAPPING = pattern(r"^(?:\W*\btitle\s*:)?[\s>#*_`\"'“”‘’«»-]+|[\s*_`\"'“”‘’«».]+$", re.IGNORECASE)


class Titles:
    """Gives conversations the titles that the model finds for them, if that is wanted."""

    def __init__(self, program: Program) -> None:
        self._program = program

    async def title(self, conversation: Conversation) -> str:
        """Return the new title, which is stored; "" where there is none to give, or anything goes wrong."""
        if not self._is_wanted(conversation):
            return ""
        parts = self._program.parts_of(conversation.id)
        model = parts.provider.small_model()
        try:
            asking = asyncio.wrap_future(parts.requests.fetch(_request(model, conversation)))
            answer = await asyncio.wait_for(asking, LONGEST_WAIT_S)
        except (ChatError, SettingsError, TimeoutError) as error:
            log.info("no title: %s", error)
            return ""
        self._count(conversation.id, answer, model)
        title = title_in(text_of(answer.parts))
        if title:
            self._program.store.retitle(conversation.id, conversation.title, title)
        return title

    def _is_wanted(self, conversation: Conversation) -> bool:
        """True if this is the first exchange, and its title still the beginning of the prompt."""
        asked = self._program.parts_of(conversation.id).provider.name
        if not self._program.settings.now.history.model_titles or service(asked).scripted:
            return False
        match conversation.messages:
            case [Message(role=Role.USER) as prompt, Message(status=StreamingStatus.COMPLETE) as reply]:
                return bool(reply.text.strip()) and conversation.title == title_of(prompt)
        return False

    def _count(self, conversation_id: str, answer: ReplyAccumulator, model: str) -> None:
        """Count its cost: it is no reply, but it has a price."""
        about = self._program.parts_of(conversation_id).requests.about()
        about = replace(about, mode=Mode.BATCH, model=answer.model or model, stop_reason=answer.stop_reason)
        cost_usd = self._program.prices.cost_usd(about, answer.usage)
        about = about.with_usage(answer.usage, cost_usd, estimated=False)
        self._program.store.count_aside(conversation_id, Aside.TITLE, about)


def title_in(answer: str) -> str:
    """Return the title in a model's answer: its first line, without what models like to put around it."""
    line = next((line for line in answer.split("\n") if line.strip()), "")
    return title_from(_WRAPPING.sub("", clean_line(line)))


def _request(model: str, conversation: Conversation) -> ReplyRequest:
    prompt, reply = (message.text.strip()[:READ_OF_EACH] for message in conversation.messages)
    text = f"Give this conversation a title.\n\n<prompt>\n{prompt}\n</prompt>\n\n<reply>\n{reply}\n</reply>"
    turn = Turn(Role.USER, (TextPart(text),))
    return ReplyRequest(model, (turn,), system=SYSTEM, max_tokens=MOST_TOKENS, prompt_caching=False)
