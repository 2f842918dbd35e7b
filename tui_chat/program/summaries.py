"""Summaries of earlier messages: whether one can be asked for, the job that does it, and what is kept of it."""

from __future__ import annotations

import math

from tui_chat.chat.compaction import Compaction, plan, summary_to_be, with_summary
from tui_chat.chat.message import Conversation, Message
from tui_chat.chat.protocols import PendingReply
from tui_chat.chat.summary import Summary
from tui_chat.chat.usage import Usage
from tui_chat.program.request_estimate import RequestEstimator
from tui_chat.records import replace
from tui_chat.storage import Aside
from tui_chat.streaming.job import ReplyJob

KEPT_SHARE = 0.25
"""The share of the context that the last two exchanges may fill; otherwise one stays."""
ASKED_SHARE = 0.8
"""The share of the context that is summarized at once: the summary needs some room, too."""


class Summaries:
    """Makes, keeps and takes away the summaries of conversations."""

    def __init__(self, estimator: RequestEstimator) -> None:
        self._estimator = estimator
        self._program = estimator.program

    def plan(self, conversation: Conversation) -> Compaction | None:
        """Return the summary that can be asked for now; None where there is nothing to summarize."""
        estimator = self._estimator
        window = estimator.forecast(conversation).window or math.inf
        outgoing = estimator.outgoing(conversation)
        return plan(outgoing, estimator.estimate, most_kept=KEPT_SHARE * window, most_asked=ASKED_SHARE * window)

    def anchor(self, conversation: Conversation) -> Message | None:
        """Return the message whose summary is sent now."""
        return self._estimator.outgoing(conversation).anchor

    def shown(self, conversation: Conversation) -> Conversation:
        """Return the conversation with the summary that is sent now among its messages, as it is shown."""
        messages = with_summary(conversation.messages, self.anchor(conversation))
        return replace(conversation, messages=messages)

    def pending(self, conversation: Conversation) -> PendingReply:
        """Return a summary that is to be asked for; the conversation is not changed by that."""
        about = self._program.parts_of(conversation.id).requests.about()
        return PendingReply(conversation, None, summary_to_be(about, self._estimator.now()))

    def job(self, pending: PendingReply, compaction: Compaction) -> ReplyJob:
        """Return all that it needs; SettingsError if it cannot be asked for as the settings are."""
        return self._program.parts_of(pending.conversation.id).requests.summary_job(pending, compaction.asked)

    def count(self, conversation_id: str, reply: Message) -> None:
        """Count what was used for a summary, however it ended."""
        if reply.metadata.usage != Usage():
            self._program.store.count_aside(conversation_id, Aside.SUMMARY, reply.metadata)

    def keep(self, conversation: Conversation, anchor: Message, summary: Summary | None) -> Conversation:
        """Return the conversation with this summary at a message, or with none, which is stored."""
        changed = replace(anchor, summary=summary)
        summarized = conversation.with_message(changed)
        self._program.store.summarize(summarized, changed)
        self._estimator.size_anew(summarized)
        return summarized
