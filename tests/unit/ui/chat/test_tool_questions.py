"""The questions of calls that run beside each other, and in several conversations."""

from __future__ import annotations

from tui_chat.chat.leave import Answer, Leave, tool_id
from tui_chat.chat.parts import ToolCallPart
from tui_chat.chat.request import Tool
from tui_chat.program.tool_leave import ToolLeave
from tui_chat.settings import NotSaved
from tui_chat.ui.chat.tool_questions import ToolQuestion, ToolQuestions, question_elsewhere

READ, WRITE = (Tool(f"files__{name}", "", {}, "files", name) for name in ("read", "write"))


class Kept(ToolLeave):
    """Leave that is kept here."""

    def __init__(self, *, saves: bool = True) -> None:
        self.always: list[str] = []
        self._saves = saves

    def of(self, conversation_id: str) -> Leave:
        return Leave(always=self.always)

    def remember(self, conversation_id: str, tool: Tool, answer: Answer) -> None:
        if answer is Answer.ALWAYS:
            self.always.append(tool_id(tool))
            if not self._saves:
                raise NotSaved("It holds until the program ends.")


def asked(questions: ToolQuestions, conversation: str, tool: Tool) -> ToolQuestion:
    question = ToolQuestion(conversation, f"reply of {conversation}", ToolCallPart("a", tool.name, "{}"), tool)
    assert questions.ask(question)
    return question


def test_calls_queue_up_and_each_has_its_answer() -> None:
    questions = ToolQuestions(Kept())
    first, second = asked(questions, "1", READ), asked(questions, "1", WRITE)
    assert questions.of("1") == [first, second]
    questions.answer(first, Answer.REFUSE)
    assert (first.allowed.result(), second.allowed.done(), questions.of("1")) == (False, False, [second])


def test_always_settles_every_call_of_that_tool_and_no_other() -> None:
    questions = ToolQuestions(Kept())
    here, other, elsewhere = asked(questions, "1", READ), asked(questions, "1", WRITE), asked(questions, "2", READ)
    questions.answer(here, Answer.ALWAYS)
    assert here.allowed.result() is True
    assert elsewhere.allowed.result() is True
    assert questions.of("1") == [other]
    assert not questions.ask(ToolQuestion("3", "reply of 3", here.call, READ))


def test_a_call_runs_though_its_leave_cannot_be_saved() -> None:
    questions = ToolQuestions(Kept(saves=False))
    question = asked(questions, "1", READ)
    try:
        questions.answer(question, Answer.ALWAYS)
    except NotSaved:
        assert question.allowed.result() is True


def test_a_reply_that_has_ended_asks_nothing_and_waits_for_nothing() -> None:
    questions = ToolQuestions(Kept())
    ended, other = asked(questions, "1", READ), asked(questions, "2", READ)
    assert questions.asking_beside("3") == ["1", "2"]
    questions.withdraw("reply of 1")
    questions.answer(ended, Answer.ONCE)
    assert not ended.allowed.done()
    assert questions.asking_beside("3") == ["2"]
    other.allowed.cancel()  # as Stop does, in the reply's thread
    questions.answer(other, Answer.ONCE)


def test_foreign_names_are_cleaned() -> None:
    tool = Tool("t", "", {}, "s\x1b[2J", "n\u202e")
    question = ToolQuestion("1", "reply of 1", ToolCallPart("a", "t", "{}"), tool)
    assert question_elsewhere("a\nb", question) == "n� (s�[2J) wants to run in “a b”."
