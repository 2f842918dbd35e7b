"""The calls of tools that wait for the user's leave, over all conversations."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress

from tui_chat.chat.leave import Answer
from tui_chat.chat.parts import ToolCallPart
from tui_chat.chat.request import Tool
from tui_chat.program.tool_leave import ToolLeave
from tui_chat.records import dataclass, field
from tui_chat.text import clean_line


@dataclass(eq=False, slots=True)
class ToolQuestion:
    """The question whether one call may run; the reply's thread waits for the answer."""

    conversation_id: str
    reply_id: str
    call: ToolCallPart
    tool: Tool
    allowed: Future[bool] = field(default_factory=Future)

    @property
    def name(self) -> str:
        """The tool's own name, and its server's, as they are written on the screen."""
        name = clean_line(self.tool.own_name or self.tool.name)
        return f"{name} ({clean_line(self.tool.server)})" if self.tool.server else name

    def settle(self, allowed: bool) -> None:
        """Let the call run, or not; a reply that has been stopped meanwhile no longer waits."""
        with suppress(InvalidStateError):
            self.allowed.set_result(allowed)


class ToolQuestions:
    """Keeps the questions in the order in which they came; the UI loop's."""

    def __init__(self, leave: ToolLeave) -> None:
        self._leave = leave
        self._open: list[ToolQuestion] = []

    def ask(self, question: ToolQuestion) -> bool:
        """Settle a question by what was answered before; True if the user has to be asked."""
        self._open.append(question)
        self._settle_known()
        return question in self._open

    def of(self, conversation_id: str) -> Sequence[ToolQuestion]:
        """Return the open questions of a conversation, the first to be answered first."""
        return [question for question in self._open if question.conversation_id == conversation_id]

    def asking_beside(self, conversation_id: str) -> Sequence[str]:
        """Return the other conversations that have open questions, the earliest first."""
        return list(dict.fromkeys(it.conversation_id for it in self._open if it.conversation_id != conversation_id))

    def answer(self, question: ToolQuestion, answer: Answer) -> None:
        """Settle a question, and all others that the answer is for; `NotSaved` comes once that is done."""
        if question not in self._open:
            return
        self._open.remove(question)
        try:
            self._leave.remember(question.conversation_id, question.tool, answer)
        finally:
            question.settle(answer.allows)
            self._settle_known()

    def withdraw(self, reply_id: str) -> None:
        """Forget the questions of a reply that has ended, or is stopped."""
        self._open = [question for question in self._open if question.reply_id != reply_id]

    def _settle_known(self) -> None:
        """Settle the questions that need not be asked."""
        for question in list(self._open):
            verdict = self._leave.of(question.conversation_id).verdict(question.tool)
            if verdict is not None:
                self._open.remove(question)
                question.settle(verdict)


def question_elsewhere(title: str, question: ToolQuestion) -> str:
    """Return the sentence that tells of a question in a conversation that is not looked at."""
    return f"{question.name} wants to run in “{clean_line(title)}”."
