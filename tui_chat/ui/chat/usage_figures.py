"""The status bar's figures of context and cost: worked out at once, counted and summed in the background."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from functools import partial

from tui_chat.chat.errors import ChatError
from tui_chat.chat.message import Conversation, Message
from tui_chat.chat.prompt import Prompt
from tui_chat.program.request_estimate import RequestEstimate
from tui_chat.records import replace
from tui_chat.storage import Statistics
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.composer.composer import Composer
from tui_chat.ui.shared.background import begin
from tui_chat.ui.textual_internals.delays import call_after

WRITING_PAUSE_S = 0.3
"""The pause in writing after which the draft is sized up."""
COUNTING_PAUSE_S = 1.0
"""The pause after which the provider is asked to count a conversation."""
BUDGET_SHOWN_S = 10.0


class UsageFigures:
    """Keeps the figures of the conversation that is looked at, and of the request that comes next."""

    def __init__(self, session: ConversationSession, composer: Composer, changed: Callable[[], None]) -> None:
        """Keep `changed`, which is called whenever there is something new to show."""
        self._session = session
        self._composer = composer
        self._changed = changed
        self._draft = Prompt("")
        self._sums: Statistics | None = None
        self._seen: tuple[str, Message | None] = ("", None)
        """The conversation and its last message, when its figures were last looked up."""
        self._exchanged: set[str] = set()
        """Conversations that had a reply since the app was opened: only these are sent to be counted."""
        self._writing: asyncio.TimerHandle | None = None
        self._warned: tuple[date, float] | None = None

    @property
    def estimate(self) -> RequestEstimate:
        """The size of the next request, and its cost unless a reply is coming."""
        live = self._session.live
        if live is None:
            return self._session.estimator.forecast(self._session.conversation, self._draft)
        return replace(self._session.estimator.forecast(live.conversation_so_far, self._draft), cost_usd=None)

    @property
    def sums(self) -> Statistics | None:
        """The sums of the conversation's replies; None while one is coming, or until they are known."""
        return self._sums if self._session.live is None else None

    def draft_changed(self) -> None:
        """Size the draft up once writing rests."""
        if self._writing is not None:
            self._writing.cancel()
        self._writing = call_after(WRITING_PAUSE_S, self._composer, self._size_up_draft)

    def conversation_changed(self) -> None:
        """Look figures up anew: the conversation is another, or its reply has begun or ended."""
        conversation = self._session.conversation
        if self._session.live is not None:
            self._exchanged.add(conversation.id)
            self._seen = ("", None)
            return
        seen = (conversation.id, conversation.last)
        if seen != self._seen:
            if conversation.id != self._seen[0]:
                self._sums = None
            self._seen = seen
            begin(self._composer, partial(self._look_up, conversation), "figures", exclusive=True)

    def _size_up_draft(self) -> None:
        self._draft = Prompt(self._composer.prompt, files=self._composer.files)
        self._changed()

    async def _look_up(self, conversation: Conversation) -> None:
        """Look up the conversation's sums, the cost of today's replies, and the conversation's size."""
        store = self._session.program.store
        self._sums = await asyncio.to_thread(store.statistics, conversation_id=conversation.id)
        if not self._composer.is_attached:
            return  # the app was closed meanwhile
        self._changed()
        if conversation.id not in self._exchanged:
            return
        self._warn(await asyncio.to_thread(self._session.send_checks.budget_warning))
        if self._session.program.settings.now.ui.show_usage:
            await asyncio.sleep(COUNTING_PAUSE_S)
            await self._count(conversation)

    async def _count(self, conversation: Conversation) -> None:
        """Let the provider count; where it cannot, the estimate stands."""
        counting = self._session.estimator.count(conversation)
        if counting is None:
            return
        try:
            size = await asyncio.wrap_future(counting)
        except ChatError:
            return
        if size is not None:
            self._session.estimator.counted(conversation, size)
            self._changed()

    def _warn(self, sentence: str) -> None:
        """Say once a day that the budget is nearly spent; again if it is given another limit."""
        limit_usd = self._session.program.settings.now.provider.budget_usd_per_day
        if sentence and self._warned != (date.today(), limit_usd):
            self._warned = (date.today(), limit_usd)
            self._composer.app.notify(sentence, title="Budget", severity="warning", timeout=BUDGET_SHOWN_S)
