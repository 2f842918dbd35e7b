"""The branches that are compared, and which of them is looked at."""

from __future__ import annotations

from dataclasses import replace

from tui_chat.chat.message import Conversation, Message, Role
from tui_chat.chat.parts import TextPart
from tui_chat.program.contenders import Contender
from tui_chat.ui.compare.comparison import Branch, Comparison

PROMPT = Message(Role.USER, (TextPart("Which?"),))
REPLIES = tuple(Message(Role.ASSISTANT, (TextPart(text),), parent_id=PROMPT.id) for text in ("This.", "That."))
TALKS = tuple(Conversation(messages=(PROMPT, reply)) for reply in REPLIES)


def compared() -> Comparison:
    """Return two branches, the first of them looked at."""
    return Comparison(PROMPT.id, [Branch(Contender(talk.last.text, {}), talk) for talk in TALKS if talk.last])


def test_a_state_of_another_branch_is_taken_up_there_and_leaves_the_present_one() -> None:
    comparison = compared()
    assert comparison.follow(replace(TALKS[1], title="As another window left it"))
    assert comparison.at == 1
    assert [branch.reply for branch in comparison.branches] == list(REPLIES)
    assert comparison.current.conversation.title == "As another window left it"


def test_what_goes_on_with_the_present_branch_is_a_state_of_it() -> None:
    comparison = compared()
    further = TALKS[0].with_message(Message(Role.USER, (TextPart("Why?"),), parent_id=REPLIES[0].id))
    assert comparison.follow(further)
    assert (comparison.at, comparison.current.conversation) == (0, further)


def test_what_ends_at_the_prompt_or_lacks_it_leads_away() -> None:
    comparison = compared()
    assert not comparison.follow(Conversation(messages=(PROMPT,)))
    assert not comparison.follow(Conversation())
    assert [branch.conversation for branch in comparison.branches] == list(TALKS)
