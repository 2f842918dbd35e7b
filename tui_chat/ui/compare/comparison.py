"""A comparison: the branches of a conversation on which several models answer the same prompts."""

from __future__ import annotations

from collections.abc import Sequence

from tui_chat.chat.message import Conversation, Message
from tui_chat.chat.protocols import PendingReply
from tui_chat.program.contenders import Contender
from tui_chat.records import dataclass, replace
from tui_chat.ui.compare.letters import letters


@dataclass(eq=False)
class Branch:
    """One model's branch."""

    contender: Contender
    conversation: Conversation
    """The conversation along it, to its last reply."""
    first_id: str = ""
    """The reply that it began with, if it was asked for while others were side by side with it."""

    @property
    def reply(self) -> Message:
        """Its last reply, as it was asked for or as it ended."""
        assert self.conversation.last is not None
        return self.conversation.last


@dataclass
class Comparison:
    """Branches that are shown side by side; one of them is looked at, and is the conversation for all other actions."""

    prompt_id: str
    """The prompt at which they part."""
    branches: list[Branch]
    at: int = 0
    """The place of the branch that is looked at."""
    blind: bool = False
    """True if nobody is to know which model writes which reply."""

    @property
    def current(self) -> Branch:
        """The branch that is looked at."""
        return self.branches[self.at]

    @property
    def prompt(self) -> Message | None:
        """The prompt at which they part."""
        return self.current.conversation.find(self.prompt_id)

    @property
    def names(self) -> Sequence[str]:
        """The names of the branches, as they may be read now."""
        if self.blind:
            return [f"Model {letter}" for letter in letters(len(self.branches))]
        return [branch.contender.name for branch in self.branches]

    @property
    def choice_words(self) -> Sequence[str]:
        """The sentences that say which branch was chosen and, where names were hidden, who wrote which."""
        hidden = zip(self.names, self.branches, strict=True) if self.blind else ()
        whom = f"You chose {self.current.contender.name}. The others stay as versions."
        return [whom, *(f"{name}: {branch.contender.name}" for name, branch in hidden)]

    def parted(self, conversation: Conversation) -> Conversation:
        """Return a conversation with those messages only that follow the prompt."""
        ids = [message.id for message in conversation.messages]
        return replace(conversation, messages=conversation.messages[ids.index(self.prompt_id) + 1 :])

    def place_of(self, reply_id: str) -> int | None:
        """Return the place of the branch that has a message after the prompt."""
        branches = enumerate(self.branches)
        return next((at for at, branch in branches if self.parted(branch.conversation).find(reply_id)), None)

    def follow(self, conversation: Conversation) -> bool:
        """Look at another state of a branch: of that which it ends, else of the present one; False if it leads away."""
        last = conversation.last
        if conversation.find(self.prompt_id) is None or last is None or last.id == self.prompt_id:
            return False
        at = self.place_of(last.id)  # a deleted reply, or another window, leads from one branch to another
        self.at = self.at if at is None else at
        self.current.conversation = conversation
        return True

    def take_requests(self, asked: Sequence[PendingReply]) -> bool:
        """Take up the requests for a prompt that goes on with the branches; False if it goes on with none."""
        by_parent = {pending.prompt.parent_id: pending for pending in asked if pending.prompt is not None}
        going_on = [branch for branch in self.branches if branch.reply.id in by_parent]
        for branch in going_on:
            branch.conversation = by_parent[branch.reply.id].conversation
        return bool(going_on)

    def take_reply(self, message: Message) -> None:
        """Take up how a reply ended."""
        for branch in self.branches:
            if branch.conversation.find(message.id) is not None:
                branch.conversation = branch.conversation.with_message(message)

    def drop(self, at: int) -> None:
        """Leave a branch out."""
        del self.branches[at]
        self.at = min(self.at - (at < self.at), max(len(self.branches) - 1, 0))
