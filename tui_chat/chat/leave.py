"""The leave that the user has given to tools, and what follows from it for a call."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from tui_chat.chat.request import Tool
from tui_chat.records import dataclass

KEPT = "leave."
"""The beginning of the keys, in a conversation's own settings, of the tools that may run there. A file that is
imported must not have any: it could be anyone's.
"""


class Answer(StrEnum):
    """The answers to the question whether a call may run."""

    ONCE = "once"
    CONVERSATION = "conversation"
    ALWAYS = "always"
    REFUSE = "refuse"
    NEVER = "never"

    @property
    def allows(self) -> bool:
        """True if the call runs."""
        return self not in (Answer.REFUSE, Answer.NEVER)


@dataclass(frozen=True, slots=True)
class Leave:
    """The tools that may run unasked, and those that may not run at all, each as `tool_id` names it."""

    always: Collection[str] = ()
    never: Collection[str] = ()
    conversation: Collection[str] = ()
    """Those that the user has allowed in this conversation."""
    read_only: bool = False
    """True if a tool that changes nothing, as its server says, may run unasked."""

    def verdict(self, tool: Tool) -> bool | None:
        """Return whether a tool may run; None where the user has to be asked. A refusal outweighs every leave."""
        name = tool_id(tool)
        if name in self.never:
            return False
        if name in self.always or name in self.conversation or (self.read_only and tool.read_only):
            return True
        return None


def tool_id(tool: Tool) -> str:
    """Return the name by which leave is kept: the server's and the tool's own, as in "files:read_file"."""
    return f"{tool.server}:{tool.own_name or tool.name}"
