"""Comparing: whom a conversation asks side by side, the requests of a round, and what becomes of its replies."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, Message, Role
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.parts import files_of
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import PendingReply
from tui_chat.program.contenders import Contender, contenders
from tui_chat.program.parts import Parts
from tui_chat.program.side_by_side import SideBySide
from tui_chat.program.wiring import Program
from tui_chat.records import dataclass, replace
from tui_chat.settings import Value
from tui_chat.settings.personas import personas
from tui_chat.ui.compare.comparison import Branch, Comparison
from tui_chat.ui.compare.judging import INSTRUCTION


@dataclass(frozen=True)
class Asked:
    """One request of a round: whom it goes to, and the conversation to go back to if its reply is discarded."""

    contender: Contender | None
    parts: Parts
    pending: PendingReply
    before: Conversation


class Comparing:
    """The comparisons of all conversations; at most one of each is open."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.instruction = INSTRUCTION
        """The prompt that a judge was asked with last."""
        self._contenders: dict[str, Sequence[Contender]] = {}
        self._blind: set[str] = set()
        self._open: dict[str, Comparison] = {}
        self._more: dict[str, Contender] = {}
        """Models that are asked beside the others, by the reply that each is asked for."""
        self._parts: dict[tuple[str, str, tuple[tuple[str, Value], ...]], Parts] = {}

    # -- whom a conversation asks

    def contenders(self, conversation_id: str) -> Sequence[Contender]:
        """Return the models that a conversation's next prompt goes to; none where it goes to its own alone."""
        comparison = self.of(conversation_id)
        if comparison is None:
            return self._contenders.get(conversation_id, ())
        open_ = [branch.contender for branch in comparison.branches]
        return sorted(open_, key=lambda contender: contender.name) if comparison.blind else open_

    def is_blind(self, conversation_id: str) -> bool:
        """True if nobody is to know which model writes which reply."""
        return conversation_id in self._blind

    def knows(self, conversation_id: str) -> bool:
        """True if it is known whom a conversation's prompts go to, be it its own model alone."""
        return conversation_id in self._contenders or conversation_id in self._open

    def hides_names(self, conversation_id: str) -> bool:
        """True if replies are side by side, and nobody is to know yet which model writes which."""
        comparison = self.of(conversation_id)
        return comparison is not None and comparison.blind

    def choose(self, conversation_id: str, chosen: Sequence[Contender], *, blind: bool = False) -> None:
        """Send a conversation's prompts to these models from now on."""
        self._open.pop(conversation_id, None)
        for contender in chosen:
            self._program.conversation_settings.keep_compared(conversation_id, contender.name, contender.choices)
        self._contenders[conversation_id] = tuple(chosen)
        (self._blind.add if blind else self._blind.discard)(conversation_id)
        self._keep(conversation_id)

    def end(self, conversation_id: str) -> None:
        """Compare no longer; the branch that is looked at stays."""
        self.let_go(conversation_id)
        self._keep(conversation_id)

    def let_go(self, conversation_id: str) -> None:
        """Know nothing more of a conversation that is deleted; it is compared again if it comes back."""
        self._contenders.pop(conversation_id, None)
        self._blind.discard(conversation_id)
        self._open.pop(conversation_id, None)

    def parts(self, conversation_id: str) -> Parts:
        """Return whom the branch of a conversation that is looked at asks, and how."""
        comparison = self.of(conversation_id)
        if comparison is None:
            return self._program.parts_of(conversation_id)
        return self.parts_of(conversation_id, comparison.current.contender)

    def first_parts(self, conversation_id: str) -> Parts:
        """Return whom the first request for the next prompt goes to."""
        chosen = self.contenders(conversation_id)
        if chosen and self.of(conversation_id) is None:
            return self.parts_of(conversation_id, chosen[0])
        return self.parts(conversation_id)

    def parts_of(self, conversation_id: str, contender: Contender) -> Parts:
        """Return whom a model of a comparison is asked as, and how: by its choices over the conversation's own."""
        key = (conversation_id, contender.name, tuple(sorted(contender.choices.items())))
        if key not in self._parts:
            self._parts[key] = self._program.parts_of_contender(conversation_id, contender.choices)
        return self._parts[key]

    def about(self, conversation_id: str, contender: Contender) -> ReplyMetadata:
        """Return what is known of a model's reply before it is asked for."""
        return replace(self.parts_of(conversation_id, contender).requests.about(), contender=contender.name)

    # -- the requests of a round

    def one_more(self, contender: Contender, pending: PendingReply) -> None:
        """Let a request, once it is sent, be one more model's, whose branch stands beside the others."""
        self._more[pending.reply.id] = contender

    def whom(self, pending: PendingReply) -> Sequence[tuple[Contender, Conversation]]:
        """Return who of several is asked, each with the conversation before the prompt; none where nobody is compared.

        Those whose branches are side by side go on with their own; else all answer the same prompt.
        """
        conversation, comparison = pending.conversation, self.of(pending.conversation.id)
        if pending.prompt is None:
            kept = replace(conversation, messages=conversation.before(pending.reply.id))
            one = self._more.get(pending.reply.id) or (comparison.current.contender if comparison else None)
            return [(one, kept)] if one is not None else []
        if comparison is not None and self._goes_on(comparison, pending.prompt):
            return [(branch.contender, branch.conversation) for branch in comparison.branches]
        kept = replace(conversation, messages=conversation.before(pending.prompt.id))
        return [(contender, kept) for contender in self._contenders.get(conversation.id, ())]

    def why_not(self, pending: PendingReply) -> str:
        """Return why one of several cannot be asked, in a sentence that says whose; "" if all can."""
        for contender, _ in self.whom(pending):
            parts = self.parts_of(pending.conversation.id, contender)
            problem = parts.provider.key_problem()
            sentence = parts.provider.refusal or (problem.sentence if problem is not None else "")
            if sentence:
                return f"{contender.name}: {sentence}"
        return ""

    def round(self, pending: PendingReply, before: Conversation, now: datetime) -> Sequence[Asked]:
        """Return what is asked for a prompt: of one model alone, or of all that are compared."""
        conversation_id, comparison = pending.conversation.id, self.of(pending.conversation.id)
        whom = self.whom(pending)
        if not whom:
            return [Asked(None, self._program.parts_of(conversation_id), pending, before)]
        if pending.prompt is None:
            return [Asked(whom[0][0], self.parts_of(conversation_id, whom[0][0]), pending, before)]
        abouts = [self.about(conversation_id, contender) for contender, _ in whom]
        if comparison is not None and self._goes_on(comparison, pending.prompt):
            befores = [own for _, own in whom]
            requests: Sequence[PendingReply] = [
                exchange.send(own, _again(pending), about, now) for own, about in zip(befores, abouts, strict=True)
            ]
        else:
            befores = [before] * len(whom)
            requests = exchange.round(whom[0][1], _again(pending), abouts, now)
        return [
            Asked(contender, self.parts_of(conversation_id, contender), request, own)
            for (contender, _), request, own in zip(whom, requests, befores, strict=True)
        ]

    @staticmethod
    def _goes_on(comparison: Comparison, prompt: Message) -> bool:
        """True if a prompt goes on with the branches that are side by side."""
        return comparison.current.reply.id == prompt.parent_id

    # -- what becomes of it

    def of(self, conversation_id: str) -> Comparison | None:
        """Return the comparison that is open in a conversation."""
        return self._open.get(conversation_id)

    def branches(self, conversation_id: str) -> Sequence[Branch]:
        """Return the branches that are side by side in a conversation."""
        comparison = self.of(conversation_id)
        return comparison.branches if comparison is not None else ()

    def begun(self, asked: Sequence[Asked]) -> Conversation:
        """Put the requests of a round side by side, and return the branch to look at."""
        first = asked[0].pending
        for contender in (one.contender for one in asked if one.contender is not None):
            own = self._program.conversation_settings
            own.keep_compared(first.conversation.id, contender.name, contender.choices)
        comparison = self.of(first.conversation.id)
        more = self._more.pop(first.reply.id, None)
        if comparison is not None and more is not None:
            comparison.branches.append(Branch(more, first.conversation, first.reply.id))
            comparison.at = len(comparison.branches) - 1
            self._keep(first.conversation.id)
            return first.conversation
        if comparison is not None and comparison.take_requests([one.pending for one in asked]):
            self._keep(first.conversation.id)
            return comparison.current.conversation
        branches = [
            Branch(one.contender, one.pending.conversation, one.pending.reply.id)
            for one in asked
            if one.contender is not None
        ]
        if first.prompt is None or len(branches) < 2:
            return first.conversation
        comparison = Comparison(first.prompt.id, branches, blind=self.is_blind(first.conversation.id))
        self.open(comparison)
        return comparison.current.conversation

    def open(self, comparison: Comparison) -> None:
        """Show branches side by side; those that nobody is to know, in any order."""
        if comparison.blind:
            random.shuffle(comparison.branches)
        self._put(comparison)

    def reopen(self, prompt_id: str, branches: Sequence[Conversation], at: int) -> None:
        """Show branches side by side that were made earlier, each with the model that answered."""
        self._put(self._made_earlier(prompt_id, branches, at))

    def restore(self, conversation: Conversation, stands: SideBySide, branches: Sequence[Conversation]) -> None:
        """Compare as in the run before, with these of the branches left, if a conversation is on one of them."""
        own = self._program.conversation_settings.compared(conversation.id)
        names = [name for name in stands.models if name in own]
        self._contenders.setdefault(conversation.id, tuple(Contender(name, own[name]) for name in names))
        if stands.blind:
            self._blind.add(conversation.id)
        parting = [branch for branch in branches if _answers(branch, stands.prompt_id)]
        last = conversation.last.id if conversation.last is not None else ""
        at = next((at for at, branch in enumerate(parting) if branch.find(last) is not None), None)
        if at is not None and len(parting) > 1 and last != stands.prompt_id:
            comparison = self._made_earlier(stands.prompt_id, parting, at)
            self._put(replace(comparison, blind=stands.blind))

    def _put(self, comparison: Comparison) -> None:
        conversation_id = comparison.current.conversation.id
        self._open[conversation_id] = comparison
        self._keep(conversation_id)

    def _keep(self, conversation_id: str) -> None:
        """Keep where comparing stands, for the next run."""
        models = tuple(contender.name for contender in self._contenders.get(conversation_id, ()))
        stands = SideBySide(models, self.is_blind(conversation_id))
        if (comparison := self.of(conversation_id)) is not None:
            ids = tuple(branch.reply.id for branch in comparison.branches)
            stands = SideBySide(models, comparison.blind, comparison.prompt_id, ids)
        self._program.conversation_settings.keep_side_by_side(conversation_id, stands)

    def _made_earlier(self, prompt_id: str, branches: Sequence[Conversation], at: int) -> Comparison:
        comparison = Comparison(prompt_id, [])
        replies = [comparison.parted(branch).messages[0] for branch in branches]
        kept = self._program.conversation_settings.compared(branches[0].id)
        known = {name: Contender(name, choices) for name, choices in kept.items()}
        known |= {contender.name: contender for contender in self._contenders.get(branches[0].id, ())}
        there = personas(self._program.settings.folder)
        named = contenders([_choices(reply, there) for reply in replies])
        for branch, reply, contender in zip(branches, replies, named, strict=True):
            comparison.branches.append(Branch(known.pop(reply.metadata.contender, contender), branch))
        comparison.at = at
        return comparison

    def close(self, conversation_id: str) -> None:
        """Show the branch that is looked at alone; whom the next prompt goes to stays."""
        if self._open.pop(conversation_id, None) is not None:
            self._keep(conversation_id)

    def follow(self, conversation: Conversation) -> None:
        """Look at the branch that a state of a conversation is on; where that is not here, compare no longer."""
        if (comparison := self.of(conversation.id)) is None:
            return
        if comparison.follow(conversation):
            self._keep(conversation.id)
        else:
            self.close(conversation.id)

    def take_up(self, grown: Sequence[tuple[Conversation, Conversation]]) -> None:
        """Take up how others have left the branches that are beside the one looked at, each with what it was."""
        for now, before in grown:
            if (comparison := self.of(now.id)) is not None and _answers(now, comparison.prompt_id):
                for branch in comparison.branches:
                    branch.conversation = now if branch.conversation is before else branch.conversation

    def take_reply(self, conversation_id: str, message: Message) -> None:
        """Take up how a reply ended."""
        if (comparison := self.of(conversation_id)) is not None:
            comparison.take_reply(message)

    def take_back(self, reply_id: str, before: Conversation) -> Conversation:
        """Let a reply that was discarded leave its branch; return the conversation to look at then."""
        comparison = self.of(before.id)
        at = comparison.place_of(reply_id) if comparison is not None else None
        if comparison is None or at is None:
            return before
        if comparison.branches[at].first_id != reply_id or before.find(reply_id) is not None:
            comparison.branches[at].conversation = before
            self._keep(before.id)
            return comparison.current.conversation
        self._leave_out(comparison, at, before.id)
        return comparison.current.conversation if comparison.branches else before

    def forget(self, conversation_id: str, reply_id: str) -> None:
        """Leave out the branch that was nothing but a reply which is deleted."""
        comparison = self.of(conversation_id)
        at = comparison.place_of(reply_id) if comparison is not None else None
        if comparison is None or at is None:
            return
        if len(comparison.parted(comparison.branches[at].conversation).messages) == 1:
            self._leave_out(comparison, at, conversation_id)

    def _leave_out(self, comparison: Comparison, at: int, conversation_id: str) -> None:
        """Leave a branch out; one alone is beside nothing."""
        comparison.drop(at)
        if len(comparison.branches) < 2:
            self.close(conversation_id)
        else:
            self._keep(conversation_id)


def _answers(branch: Conversation, prompt_id: str) -> bool:
    """True if a branch has a reply to a prompt; what is stored may be from elsewhere."""
    return any(message.parent_id == prompt_id and message.role is Role.ASSISTANT for message in branch.messages)


def _choices(reply: Message, there: Collection[str]) -> Mapping[str, Value]:
    """Return the settings that choose the model which has written a reply, and its persona if that is still there."""
    about = reply.metadata
    persona = next((word for word in about.contender.split(" · ")[1:] if word in there), "")
    whom = {"provider.name": about.provider, "provider.model": about.model}
    return {**whom, "provider.persona": persona} if persona else whom


def _again(pending: PendingReply) -> Prompt:
    """Return the prompt of a request, to be sent at another place."""
    assert pending.prompt is not None
    return Prompt(pending.prompt.text, files=files_of(pending.prompt.parts))
