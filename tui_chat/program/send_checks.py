"""Checks before a request is sent: for secrets in it, the day's budget, its size and its length."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from tui_chat.attachments.refusal import megabytes
from tui_chat.chat import exchange
from tui_chat.chat.budget import Budget
from tui_chat.chat.context import first_that_fits
from tui_chat.chat.errors import ErrorKind
from tui_chat.chat.message import Conversation, Message
from tui_chat.chat.parts import FilePart, Part, TextPart
from tui_chat.chat.protocols import PendingReply
from tui_chat.program.provider_choice import ProviderChoice
from tui_chat.program.request_estimate import RequestEstimate, RequestEstimator
from tui_chat.program.request_size import bytes_to_send, message_bytes, most_bytes
from tui_chat.program.sent_files import LONGEST_FILE_NAME, has_refused_pictures, unsendable_sentence
from tui_chat.program.summaries import Summaries
from tui_chat.records import dataclass, replace
from tui_chat.storage import Store
from tui_chat.text import clean_line, fit
from tui_chat.text.amounts import money, tokens
from tui_chat.text.limits import LARGEST_REQUEST_BYTES

TOO_FULL = 0.9
"""The share of the context from which on one is asked before more is sent; the reply needs some room, too."""
FILLED_AFTERWARDS = 0.5
"""The share that is still filled when the oldest messages are left out: room for many more turns."""

MOST_SECRETS_NAMED = 6
"""The number of secrets that are named; more are counted."""

_CAN_BE_LEFT_OUT = "The oldest messages can be left out of what is sent; they stay in the conversation."
_CAN_BE_SUMMARIZED = "What is sent of them can also be a summary, which the model writes."
_NOTHING_OLDER = "There is nothing older that could be left out."


class WarningKind(StrEnum):
    """The topics of a warning."""

    SECRETS = "secrets"
    MODEL = "model"
    FILES = "files"
    SIZE = "size"
    CONTEXT = "context"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class SendWarning:
    """Something to ask before a request is sent."""

    about: WarningKind
    question: str
    send_from: str = ""
    """The message to begin with, where leaving out the oldest ones is a way out."""
    left_out: int = 0
    """The number of messages that this leaves out."""
    summarized: int = 0
    """The number of messages that a summary could stand for."""
    whose: str = ""
    """The name of the model, of several that are compared, that it is about."""


class SendChecks:
    """Finds what there is to ask about a request, and remembers what was answered."""

    def __init__(self, estimator: RequestEstimator, ledger: Store | None = None) -> None:
        """`ledger` is where today's cost is found: the program's own store, unless nothing is kept in that."""
        self._estimator = estimator
        self._program = estimator.program
        self._summaries = Summaries(estimator)
        self._ledgers = (ledger,) if ledger else estimator.program.ledgers
        self._allowed: set[tuple[WarningKind, str]] = set()
        self._overflowed: set[str] = set()
        """Conversations of which the provider has said that they are too long."""

    def budget(self) -> Budget | None:
        """Read today's budget and what was spent of it; None where there is none. A day is one of the user's own."""
        limit_usd = self._program.settings.now.provider.budget_usd_per_day
        if not limit_usd:
            return None
        midnight = self._estimator.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        today = [ledger.statistics(since=midnight) for ledger in self._ledgers]
        spent_usd, replies = sum(sums.cost_usd or 0.0 for sums in today), sum(sums.replies for sums in today)
        return Budget(limit_usd, spent_usd, replies, any(sums.estimated for sums in today))

    def budget_warning(self) -> str:
        """Return the share of today's budget that is spent, in a sentence; "" while it is not worth a word."""
        budget = self.budget()
        if budget is None or not budget.nearly_spent:
            return ""
        return f"{_spent(budget)}; the budget is {_limit(budget)}."

    def over_budget(self, pending: PendingReply, budget: Budget | None) -> str:
        """Return why this request would go over today's budget, in a sentence; "" if it would not."""
        return over_budget(budget, [self.cost_usd(pending)])

    def cost_usd(self, pending: PendingReply) -> float | None:
        """Return the cost of a request, without its reply; None where the price is not known."""
        return self._forecast(pending).cost_usd

    def find(self, pending: PendingReply, budget: Budget | None) -> SendWarning | None:
        """Return what to ask first; None when everything is clear."""
        if not self.is_allowed(pending, WarningKind.SECRETS) and (secrets := self.secrets(pending)):
            return SendWarning(WarningKind.SECRETS, _secrets_sentence(secrets))
        if not pending.reply.metadata.model:
            return SendWarning(WarningKind.MODEL, "Which model?")
        if (sentence := self.files_left_out(pending)) and not self.is_allowed(pending, WarningKind.FILES):
            return SendWarning(WarningKind.FILES, sentence)
        if warning := self._about_size(pending):
            return warning
        if not self.is_allowed(pending, WarningKind.CONTEXT) and (warning := self._about_context(pending)):
            return warning
        over_budget = self.over_budget(pending, budget)
        if over_budget and not self.is_allowed(pending, WarningKind.BUDGET):
            return SendWarning(WarningKind.BUDGET, over_budget)
        return None

    def secrets(self, pending: PendingReply) -> list[str]:
        """Return the secrets that a prompt takes away from this machine, masked, each with the file that has it."""
        wanted = self._program.settings.now.provider.secret_check
        if pending.prompt is None or not wanted or self._provider(pending.conversation).config.on_this_machine:
            return []
        return list(dict.fromkeys(secret for part in pending.prompt.parts for secret in _secrets_of(part)))

    def redact(self, pending: PendingReply) -> PendingReply:
        """Return the request with the secrets of its prompt named, and not told."""
        assert pending.prompt is not None
        return exchange.reword(pending, tuple(_redacted(part) for part in pending.prompt.parts))

    def allow(self, pending: PendingReply, about: WarningKind) -> None:
        """Let it be sent as it is: secrets and a reply over budget this once, other things from now on."""
        self._allowed.add((about, self._scope(pending, about)))
        self._overflowed.discard(pending.conversation.id)

    def leave_out(self, pending: PendingReply, warning: SendWarning) -> None:
        """Leave the oldest messages out."""
        self._estimator.send_from(_asked(pending), warning.send_from)
        self._overflowed.discard(pending.conversation.id)

    def is_allowed(self, pending: PendingReply, about: WarningKind) -> bool:
        """True if it is to be sent as it is, whatever there is to say about this."""
        return (about, self._scope(pending, about)) in self._allowed

    def _scope(self, pending: PendingReply, about: WarningKind) -> str:
        """Return what an answer holds for: a reply, a conversation, or the same files in it."""
        match about:
            case WarningKind.CONTEXT:
                return pending.conversation.id
            case WarningKind.FILES:
                return f"{pending.conversation.id} {self.files_left_out(pending)}"
        return pending.reply.id

    def files_left_out(self, pending: PendingReply) -> str:
        """Return which files of the conversation are sent by name only, and why, in a sentence; "" if none."""
        conversation, model = _asked(pending), pending.reply.metadata.model
        provider = self._provider(conversation)
        sent = self._sent(conversation)
        return unsendable_sentence(sent, provider, model)

    def too_large(self, pending: PendingReply) -> str:
        """Return that the files of a conversation are more than one request takes, in a sentence; "" if not."""
        conversation, model = _asked(pending), pending.reply.metadata.model
        provider = self._provider(conversation)
        sent, most = self._sent(conversation), most_bytes(provider, model)
        if most is None or (size := bytes_to_send(sent, provider, model)) <= most:
            return ""
        return (
            f"With its files, this conversation has {megabytes(size)}, and {clean_line(model)} takes "
            f"{megabytes(most)} in one request."
        )

    def _about_size(self, pending: PendingReply) -> SendWarning | None:
        """Return the offer to leave out the oldest messages, where all together are too large."""
        sentence = self.too_large(pending)
        if not sentence:
            return None
        conversation = _asked(pending)
        sent = self._sent(conversation)
        first = first_that_fits(sent, message_bytes, LARGEST_REQUEST_BYTES)
        if first is None:
            return SendWarning(WarningKind.SIZE, sentence)
        left_out = [message.id for message in conversation.messages].index(first.id)
        return SendWarning(WarningKind.SIZE, sentence, first.id, left_out)

    def learn(self, conversation: Conversation, reply: Message) -> None:
        """Note a reply that has ended; if the conversation was too long for it, ask before it is tried again."""
        too_large = (reply.metadata.error or {}).get("kind") == ErrorKind.TOO_LARGE.value
        if too_large or reply.metadata.stop_reason == "model_context_window_exceeded":
            self._overflowed.add(conversation.id)
            self._allowed.discard((WarningKind.CONTEXT, conversation.id))
        provider, error = self._provider(conversation), reply.metadata.error or {}
        if provider.asks_own_server and has_refused_pictures(conversation.messages, error):
            provider.refused_pictures(reply.metadata.model)

    def shortened(self, conversation: Conversation) -> SendWarning | None:
        """Return the offer to leave out a conversation's oldest messages; None where there is nothing to leave out."""
        forecast, estimate = self._estimator.forecast(conversation), self._estimator.estimate
        sent = self._sent(conversation)
        room = FILLED_AFTERWARDS * min(forecast.tokens, forecast.window or forecast.tokens)
        # The size of a single message is an estimate; that of all together may be known better.
        scale = estimate(sent) / max(forecast.tokens, 1)
        first = first_that_fits(sent, lambda message: estimate((message,)), room * scale)
        if first is None:
            return None
        left_out = [message.id for message in conversation.messages].index(first.id)
        question = f"{_too_long(forecast, self._provider(conversation).model)} {_CAN_BE_LEFT_OUT}"
        return SendWarning(WarningKind.CONTEXT, question, first.id, left_out)

    def too_long(self, pending: PendingReply) -> str:
        """Return that this request may be more than the model takes, in a sentence; "" if it is not."""
        forecast = self._forecast(pending)
        overflowed = pending.conversation.id in self._overflowed
        full = overflowed or (forecast.share or 0.0) >= TOO_FULL
        return _too_long(forecast, self._provider(pending.conversation).model) if full else ""

    def _sent(self, conversation: Conversation) -> Sequence[Message]:
        """Return the messages of a conversation that are sent; it ends with the prompt."""
        return self._program.conversation_settings.sent(conversation.id, conversation.messages)

    def _provider(self, conversation: Conversation) -> ProviderChoice:
        return self._program.parts_of(conversation.id).provider

    def _about_context(self, pending: PendingReply) -> SendWarning | None:
        sentence = self.too_long(pending)
        if not sentence:
            return None
        conversation = _asked(pending)
        warning = self.shortened(conversation)
        if warning is None:
            return SendWarning(WarningKind.CONTEXT, f"{sentence} {_NOTHING_OLDER}")
        compaction = self._summaries.plan(conversation)
        if compaction is None:
            return warning
        question = f"{warning.question} {_CAN_BE_SUMMARIZED}"
        return replace(warning, question=question, summarized=len(compaction.asked))

    def _forecast(self, pending: PendingReply) -> RequestEstimate:
        return self._estimator.forecast(_asked(pending))


def _asked(pending: PendingReply) -> Conversation:
    """Return the conversation as it is sent for this reply."""
    return replace(pending.conversation, messages=pending.conversation.before(pending.reply.id))


def over_budget(budget: Budget | None, requests_usd: Sequence[float | None]) -> str:
    """Return why these requests would go over today's budget, in a sentence; "" if they would not."""
    if budget is None or not budget.exceeded_by(*requests_usd):
        return ""
    if budget.spent_usd >= budget.limit_usd:
        return f"{_spent(budget)}; the budget is {_limit(budget)}."
    these = "this one" if len(requests_usd) == 1 else f"these {len(requests_usd)}"
    more = money(budget.expected_usd(*requests_usd))
    return f"{_spent(budget)}, and {these} may cost {more}; the budget is {_limit(budget)}."


def _spent(budget: Budget) -> str:
    return f"You've spent {money(budget.spent_usd, estimated=budget.estimated)} today"


def _limit(budget: Budget) -> str:
    return f"{money(budget.limit_usd)} a day (provider.budget_usd_per_day)"


def _too_long(forecast: RequestEstimate, model: str) -> str:
    about = "" if forecast.exact else "about "
    if forecast.window is None:
        return f"This conversation, {about}{tokens(forecast.tokens)} tokens long, is more than {model} takes at once."
    return (
        f"This conversation is {about}{tokens(forecast.tokens)} tokens long, and {model} takes "
        f"{tokens(forecast.window)}, its reply included."
    )


def named(secrets: Sequence[str], most: int) -> list[str]:
    """Return so many of the secrets, and how many more there are."""
    more = len(secrets) - most
    return [*secrets[:most], *([f"and {more} more"] if more > 0 else [])]


def _secrets_of(part: Part) -> list[str]:
    from tui_chat.program.secret_scan import described, find_secrets  # only for who has it looked for

    match part:
        case TextPart(text):
            return described(find_secrets(text))
        case FilePart(name, _, data) if part.is_text:
            return [
                f"{secret} in {fit(clean_line(name), LONGEST_FILE_NAME)}" for secret in described(find_secrets(data))
            ]
    return []


def _redacted(part: Part) -> Part:
    from tui_chat.program.secret_scan import redact

    match part:
        case TextPart(text):
            return replace(part, text=redact(text))
        case FilePart(name, media_type, data) if part.is_text:
            return FilePart(name, media_type, redact(data))
    return part


def _secrets_sentence(secrets: Sequence[str]) -> str:
    what = "a secret" if len(secrets) == 1 else "secrets"
    lines = (f"  {secret}" for secret in named(secrets, MOST_SECRETS_NAMED))
    return "\n".join([f"Your prompt seems to contain {what}:", *lines])
