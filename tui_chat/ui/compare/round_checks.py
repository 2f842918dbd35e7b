"""Checks before a round is sent: each of those who are asked is asked about, and all together for the budget."""

from __future__ import annotations

from collections.abc import Sequence

from tui_chat.chat.budget import Budget
from tui_chat.chat.message import Conversation, Message
from tui_chat.chat.protocols import PendingReply
from tui_chat.program.contenders import Contender
from tui_chat.program.request_estimate import RequestEstimator
from tui_chat.program.send_checks import SendChecks, SendWarning, WarningKind, over_budget
from tui_chat.records import dataclass, replace
from tui_chat.settings import Value
from tui_chat.ui.compare.comparing import Comparing


@dataclass(frozen=True)
class _Request:
    """A request of a round, as it is checked."""

    name: str
    """Whose it is; "" where one model is asked alone."""
    checks: SendChecks
    pending: PendingReply


class RoundChecks:
    """Finds what there is to ask about all requests for a prompt, and remembers what was answered."""

    def __init__(self, comparing: Comparing, own: SendChecks, estimator: RequestEstimator) -> None:
        """`own` are the checks of the one who is asked where nobody is compared."""
        self._comparing = comparing
        self._own = own
        self._program, self._now = estimator.program, estimator.now
        self._of_each: dict[tuple[str, str, tuple[tuple[str, Value], ...]], SendChecks] = {}

    def find(self, pending: PendingReply, budget: Budget | None) -> SendWarning | None:
        """Return what to ask first; None when everything is clear."""
        requests = self._requests(pending)
        if len(requests) == 1:
            return _named(requests[0].name, requests[0].checks.find(requests[0].pending, budget))
        for request in requests:
            if (warning := request.checks.find(request.pending, None)) is not None:
                return _named(request.name, _without_ways_out(request, warning, requests))
        sentence = over_budget(budget, [request.checks.cost_usd(request.pending) for request in requests])
        allowed = self._own.is_allowed(pending, WarningKind.BUDGET)
        return SendWarning(WarningKind.BUDGET, sentence) if sentence and not allowed else None

    def allow(self, pending: PendingReply, warning: SendWarning) -> None:
        """Let it be sent as it is; what was said of one holds for that one, but secrets are the prompt's."""
        for request in self._requests(pending):
            if warning.whose == request.name or warning.about is WarningKind.SECRETS:
                request.checks.allow(request.pending, warning.about)
        if warning.about is WarningKind.BUDGET:
            self._own.allow(pending, warning.about)

    def leave_out(self, pending: PendingReply, warning: SendWarning) -> None:
        """Leave the oldest messages out for all."""
        for request in self._requests(pending):
            request.checks.leave_out(request.pending, warning)
        self._own.leave_out(pending, warning)

    def learn(self, conversation: Conversation, reply: Message) -> None:
        """Note a reply that has ended; if the conversation was too long for it, ask before it is tried again."""
        found = [
            checks
            for (conversation_id, name, _), checks in self._of_each.items()
            if (conversation_id, name) == (conversation.id, reply.metadata.contender)
        ]
        for checks in found or [self._own]:
            checks.learn(conversation, reply)

    def _requests(self, pending: PendingReply) -> Sequence[_Request]:
        """Return the requests as each is to be sent; all have the ids of the one that was begun with."""
        conversation_id = pending.conversation.id
        return [
            _Request(
                contender.name, self._checks(conversation_id, contender), self._as_asked(pending, contender, before)
            )
            for contender, before in self._comparing.whom(pending)
        ] or [_Request("", self._own, pending)]

    def _as_asked(self, pending: PendingReply, contender: Contender, before: Conversation) -> PendingReply:
        about = self._comparing.about(before.id, contender)
        reply = replace(pending.reply, metadata=about)
        prompt = (pending.prompt,) if pending.prompt is not None else ()
        return PendingReply(replace(before, messages=(*before.messages, *prompt, reply)), pending.prompt, reply)

    def _checks(self, conversation_id: str, contender: Contender) -> SendChecks:
        key = (conversation_id, contender.name, tuple(sorted(contender.choices.items())))
        if key not in self._of_each:
            asking = self._program.asking(conversation_id, contender.choices)
            self._of_each[key] = SendChecks(RequestEstimator(asking, self._now))
        return self._of_each[key]


def _named(name: str, warning: SendWarning | None) -> SendWarning | None:
    """Return a warning that says whose it is."""
    if warning is None or not name:
        return warning
    return replace(warning, question=f"{name}: {warning.question}", whose=name)


def _without_ways_out(request: _Request, warning: SendWarning, all_of: Sequence[_Request]) -> SendWarning:
    """Return a warning that offers nothing which would hold for one branch of several only."""
    branches = {tuple(message.id for message in each.pending.conversation.messages) for each in all_of}
    if not warning.send_from or len(branches) == 1:
        return warning
    sentence = request.checks.too_large(request.pending) or request.checks.too_long(request.pending)
    return SendWarning(warning.about, sentence)
