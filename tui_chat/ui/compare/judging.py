"""A judge: what a model is asked that is to say which reply is better, without the names of those who wrote them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from tui_chat.chat.message import Conversation, Message, Role, title_from
from tui_chat.chat.parts import files_of
from tui_chat.chat.prompt import Prompt, too_long
from tui_chat.program.conversation_settings import ConversationSettings
from tui_chat.program.wiring import Program
from tui_chat.records import replace
from tui_chat.settings import Value
from tui_chat.text import clean_line
from tui_chat.ui.compare.comparison import Comparison
from tui_chat.ui.compare.letters import letters

INSTRUCTION = (
    "Below is a question, and the answers of several people to it. Which answer is better? Name one, or say that they "
    "are equally good; then give your reasons in a few sentences: what is right or wrong, what is missing, which one "
    "helps more. Longer is not better, and their order means nothing."
)
"""The prompt that the user may edit."""
TOO_FEW = "There are not yet two answers to judge."
TITLE = "Which answer is better? {}"


def judged(
    program: Program, comparison: Comparison, choices: Mapping[str, Value], instruction: str
) -> tuple[Conversation, Prompt] | str:
    """Return the conversation in which a judge is asked, and what it is asked; or why it cannot be, in a sentence."""
    answers, question = answers_in_any_order(comparison), comparison.prompt
    if question is None or len(answers) < 2:
        return TOO_FEW
    prompt = judges_prompt(instruction, question, [text for _, text in answers])
    if sentence := too_long(prompt.text):
        return sentence
    return conversation_for_judge(program, comparison, choices, [name for name, _ in answers]), prompt


def answers_in_any_order(comparison: Comparison) -> Sequence[tuple[str, str]]:
    """Return the name and the text of each branch, as it may be read now, shuffled; one without a text is no answer."""
    branches = zip(comparison.names, comparison.branches, strict=True)
    answers = [(name, _text(comparison.parted(branch.conversation).messages)) for name, branch in branches]
    there = [answer for answer in answers if answer[1]]
    random.shuffle(there)
    return there


def judges_prompt(instruction: str, question: Message, answers: Sequence[str]) -> Prompt:
    """Return what the judge is asked; the answers have letters for names."""
    parts = [instruction.strip(), _marked("question", question.text)]
    lettered = zip(letters(len(answers)), answers, strict=True)
    parts += [_marked(f"answer {letter}", text) for letter, text in lettered]
    return Prompt("\n\n".join(parts), files=files_of(question.parts))


def conversation_for_judge(
    program: Program, comparison: Comparison, choices: Mapping[str, Value], names: Sequence[str]
) -> Conversation:
    """Return a conversation in which the judge is asked: one of its own, with what was said before the question."""
    source, question, own = comparison.current.conversation, comparison.prompt, program.conversation_settings
    assert question is not None
    title, earlier = TITLE.format(clean_line(question.text)), source.before(question.id)
    if earlier:
        conversation = program.store.fork(_titled(source, title), earlier[-1].id)
        own.fork(source, conversation)
    else:
        conversation = _titled(Conversation(), title)
        own.begin(conversation.id)
    own.choose(conversation.id, choices)
    own.name_answers(conversation.id, dict(zip(letters(len(names)), names, strict=True)))
    return conversation


def answer_marks(own: ConversationSettings, conversation: Conversation) -> Mapping[str, str]:
    """Return whose the answers were that a judge has judged, at its reply."""
    named, last = own.answers(conversation.id), conversation.last
    if not named or last is None or last.role is not Role.ASSISTANT or last.status.live:
        return {}
    return {last.id: clean_line(" · ".join(f"Answer {letter}: {name}" for letter, name in named.items()))}


def _titled(conversation: Conversation, title: str) -> Conversation:
    return replace(conversation, title=title_from(title))


def _text(messages: Sequence[Message]) -> str:
    """Return the text of a branch after its question; where there were further prompts, with these."""
    said = (f"[Asked then: {one.text}]" if one.role is Role.USER else one.text for one in messages)
    has_reply = any(one.role is Role.ASSISTANT and one.text.strip() for one in messages)
    return "\n\n".join(said).strip() if has_reply else ""


def _marked(name: str, text: str) -> str:
    """Return a text between marks that say where it begins and ends."""
    return f"----- {name} -----\n\n{text.strip()}\n\n----- end of {name} -----"
