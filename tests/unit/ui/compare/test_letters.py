"""Letters in the place of names, where there are more than the alphabet has."""

from __future__ import annotations

from tui_chat.chat.message import Conversation, Message, Role
from tui_chat.chat.parts import TextPart
from tui_chat.program.contenders import Contender
from tui_chat.ui.compare.comparison import Branch, Comparison
from tui_chat.ui.compare.judging import judges_prompt
from tui_chat.ui.compare.letters import letters


def test_after_z_they_have_two() -> None:
    there = letters(26 + 26 * 26 + 1)
    assert there[:2] == ["A", "B"]
    assert there[25:28] == ["Z", "AA", "AB"]
    assert there[-2:] == ["ZZ", "AAA"]
    assert len(set(there)) == len(there)


def test_each_of_thirty_models_whose_names_are_hidden_has_one() -> None:
    branches = [Branch(Contender(f"M {n}", {}), Conversation()) for n in range(30)]
    names = Comparison("prompt", branches, blind=True).names
    assert (len(names), names[-1]) == (30, "Model AD")


def test_a_judge_reads_all_of_thirty_answers() -> None:
    question = Message(Role.USER, (TextPart("Why?"),))
    prompt = judges_prompt("Which?", question, [f"Because {n}." for n in range(30)])
    assert prompt.text.index("answer Z") < prompt.text.index("answer AA") < prompt.text.index("Because 29.")
