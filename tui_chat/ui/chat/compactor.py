"""The compactor: has earlier messages summarized, and rewrites, removes and brings back the summary."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from tui_chat.chat.compaction import Compaction, anchor_of
from tui_chat.chat.errors import ChatError
from tui_chat.chat.message import Conversation, Message, StreamingStatus
from tui_chat.chat.protocols import PendingReply
from tui_chat.chat.summary import Summary
from tui_chat.program.send_checks import SendWarning, WarningKind
from tui_chat.records import dataclass, replace
from tui_chat.settings import SettingsError
from tui_chat.text.amounts import counted
from tui_chat.ui.chat.session import ConversationSession

Severity: TypeAlias = Literal["information", "warning", "error"]

NOTHING_CHANGED = "Nothing changed."


@dataclass(frozen=True, slots=True)
class RemovedSummary:
    """A summary that can still be brought back."""

    anchor_id: str
    summary: Summary


class SummaryView(Protocol):
    """Tells the user of summaries, and asks before one is paid for."""

    def say(self, sentence: str, severity: Severity = "warning") -> None:
        """Say why there is no summary."""
        ...

    def offer_undo(self, sentence: str, action: str) -> None:
        """Say what was done, and which action takes it back."""
        ...

    async def agrees(self, warning: SendWarning) -> bool:
        """Ask about a warning; True if a summary may be made nevertheless."""
        ...


class Compactor:
    """Changes what is sent of the conversation that is looked at; its messages stay as they are."""

    def __init__(self, view: SummaryView, session: ConversationSession, now: Callable[[], datetime]) -> None:
        self._view = view
        self._session = session
        self._summaries = session.summaries
        self._now = now
        self.removed: RemovedSummary | None = None
        """The summary that was removed last."""

    async def compact(self) -> None:
        """Have the earlier messages summarized, then send what waits; say why not, where that cannot be done."""
        conversation = self._session.conversation
        if sentence := self._why_not(conversation):
            self._view.say(sentence)
        elif await self._is_affordable(conversation):
            await self._compact(conversation)

    async def _compact(self, conversation: Conversation) -> None:
        if self._session.conversation is not conversation or self._session.live is not None:
            return  # something else was begun while this was asked about
        anchor = await self._run(conversation, conversation, asking=False)
        if anchor is not None:
            await self._session.send_waiting(conversation.with_message(anchor))

    def _why_not(self, conversation: Conversation) -> str:
        """Return why nothing can be summarized now, in a sentence; "" if it can."""
        if self._session.live is not None:
            return "A reply is coming. Summarize when it is done."
        if self._summaries.plan(conversation) is None:
            return "There is nothing to summarize yet: the last messages always stay as they are."
        if not self._session.parts.provider.model:
            return "Choose a model first: it writes the summary."
        return ""

    async def before_sending(self, pending: PendingReply) -> PendingReply | None:
        """Have what comes before a reply summarized; None if that failed, or another conversation is looked at now."""
        session, conversation = self._session, self._session.conversation
        asked = replace(pending.conversation, messages=pending.conversation.before(pending.reply.id))
        if not await self._is_affordable(asked):
            return None
        session.refrain(conversation.id)
        anchor = await self._run(conversation, asked, asking=True)
        if anchor is None:
            return None
        if not session.is_shown(conversation.id):
            await session.send_waiting(conversation.with_message(anchor))
            return None
        return replace(pending, conversation=pending.conversation.with_message(anchor))

    async def _is_affordable(self, conversation: Conversation) -> bool:
        """Ask before a summary is paid for that is over today's budget."""
        pending, budget = self._summaries.pending(conversation), await self._session.budget()
        pending = replace(pending, conversation=conversation.with_message(pending.reply))
        sentence = self._session.send_checks.over_budget(pending, budget)
        if not sentence:
            return True
        return await self._view.agrees(SendWarning(WarningKind.BUDGET, sentence))

    async def _run(self, conversation: Conversation, asked: Conversation, *, asking: bool) -> Message | None:
        """Return the message that has the summary, once that is there; None if there is none.

        `asked` is the conversation as it is to be sent; `asking`, that this waits for it.
        """
        compaction, pending = self._summaries.plan(asked), self._summaries.pending(conversation)
        if compaction is None:
            return None
        try:
            job = self._summaries.job(pending, compaction)
        except SettingsError as error:
            self._view.say(str(error), severity="error")
            return None
        ended: asyncio.Future[Message | None] = asyncio.get_running_loop().create_future()

        async def take_up(reply: Message) -> None:
            anchor = self._kept(conversation, compaction, reply)
            if asking and anchor is not None and self._session.is_shown(conversation.id):
                self._session.keep_asking(conversation.id)  # nothing else is sent before what the summary was made for
            await self._show(conversation.id, reply, anchor)
            if not ended.done():  # else nobody waits any more: the chat is being left
                ended.set_result(anchor)

        await self._session.summarize(job, take_up)
        return await ended

    def _kept(self, conversation: Conversation, compaction: Compaction, reply: Message) -> Message | None:
        """Keep what a model has written, if it is a summary; return the message that has it."""
        self._summaries.count(conversation.id, reply)
        summary = compaction.summary_in(reply, self._now())
        if summary is None:
            return None
        self.removed = None
        stored = self._session.conversation if self._session.is_shown(conversation.id) else conversation
        return self._summaries.keep(stored, compaction.anchor, summary).find(compaction.anchor.id)

    async def _show(self, conversation_id: str, reply: Message, anchor: Message | None) -> None:
        """Show what has become of a summary, if its conversation is looked at."""
        session = self._session
        if not session.is_shown(conversation_id):
            return
        await session.put(session.conversation.with_message(anchor) if anchor is not None else session.conversation)
        if anchor is None or anchor.summary is None:
            self._view.say(
                _no_summary(reply), severity="error" if reply.status is StreamingStatus.FAILED else "warning"
            )
        else:
            said = f"Summarized {counted(anchor.summary.messages, 'message')}: {_saving(anchor.summary)}."
            self._view.offer_undo(said, "remove_summary")

    # -- the summary that is there

    def can_change(self, summary_id: str = "") -> bool:
        """True if the summary with this id, or else the one that is sent now, can be changed."""
        return self._session.live is None and self._anchor(summary_id) is not None

    async def rewrite(self, summary_id: str, text: str) -> None:
        """Put the user's words in the place of the summary."""
        anchor = self._anchor(summary_id)
        if anchor is not None and anchor.summary is not None:
            await self._put(anchor, anchor.summary.rewritten(text.strip(), self._now()))

    async def remove(self, summary_id: str = "") -> None:
        """Take the summary away: the messages that it stands for are sent again."""
        anchor = self._anchor(summary_id) if self.can_change(summary_id) else None
        if anchor is None or anchor.summary is None:
            self._view.say("The summary cannot be removed now.")
            return
        self.removed = RemovedSummary(anchor.id, anchor.summary)
        await self._put(anchor, None)
        self._view.offer_undo("Removed the summary: earlier messages are sent again.", "restore_summary")

    @property
    def can_bring_back(self) -> bool:
        """True if the summary that was removed last is one of this conversation."""
        return self._session.live is None and self._of_removed is not None

    async def bring_back(self) -> None:
        """Restore the summary that was removed last."""
        anchor, removed = self._of_removed, self.removed
        if anchor is not None and removed is not None and self.can_bring_back:
            self.removed = None
            await self._put(anchor, removed.summary)

    @property
    def _of_removed(self) -> Message | None:
        return self._session.conversation.find(self.removed.anchor_id) if self.removed is not None else None

    def _anchor(self, summary_id: str) -> Message | None:
        conversation = self._session.conversation
        return anchor_of(conversation, summary_id) if summary_id else self._summaries.anchor(conversation)

    async def _put(self, anchor: Message, summary: Summary | None) -> None:
        await self._session.put(self._summaries.keep(self._session.conversation, anchor, summary))


def _saving(summary: Summary) -> str:
    saved = summary.saved_tokens
    return f"saves {counted(saved, 'token')}" if saved else "it is no shorter than they are"


def _no_summary(reply: Message) -> str:
    """Return why there is no summary."""
    match reply.status, reply.metadata.stop_reason:
        case StreamingStatus.FAILED, _:
            return f"{ChatError.from_json(reply.metadata.error or {}).sentence} {NOTHING_CHANGED}"
        case StreamingStatus.COMPLETE, "max_tokens":
            return f"The summary hit its output limit. {NOTHING_CHANGED}"
        case StreamingStatus.COMPLETE, _:
            return f"The model wrote no summary. {NOTHING_CHANGED}"
    return f"Stopped summarizing. {NOTHING_CHANGED}"
