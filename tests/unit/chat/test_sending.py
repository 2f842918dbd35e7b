"""The messages of a conversation that are sent, whatever is left out of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_chat.chat.message import Message, Role
from tui_chat.chat.parts import TextPart
from tui_chat.chat.request import turns_from
from tui_chat.chat.sending import Sending, exchange_of, exchanges

ROLES = st.lists(st.sampled_from(Role), max_size=12)


def talk(roles: list[Role]) -> tuple[Message, ...]:
    """Return messages by these speakers, with their numbers as ids."""
    return tuple(Message(role, (TextPart(f"{at}"),), id=f"{at}") for at, role in enumerate(roles))


TALK = talk([Role.USER, Role.ASSISTANT] * 3)


def test_a_cut_leaves_out_what_is_before_it() -> None:
    assert Sending("2").of(TALK) == TALK[2:]
    assert Sending("gone").of(TALK) == TALK


def test_an_exchange_is_left_out_whole() -> None:
    assert Sending(left_out=frozenset({"2"})).of(TALK) == TALK[:2] + TALK[4:]
    assert exchange_of(TALK, "3") == TALK[2:4]
    assert exchange_of(TALK, "gone") == ()


def test_a_prompt_that_is_asked_again_is_sent_though_its_exchange_is_left_out() -> None:
    assert Sending(left_out=frozenset({"4"})).of(TALK[:5]) == TALK[:5]


def test_what_has_lost_its_prompt_or_its_reply_stays_left_out() -> None:
    sending = Sending(left_out=frozenset({"2", "3"}))
    without_prompt, without_reply = TALK[:2] + TALK[3:], TALK[:3] + TALK[4:]
    assert sending.of(without_prompt) == sending.of(without_reply) == TALK[:2] + TALK[4:]
    assert sending.before_next(TALK[:3]).messages == TALK[:2]


def test_a_reply_in_the_place_of_one_that_is_left_out_is_left_out_with_its_prompt() -> None:
    other = Message(Role.ASSISTANT, (TextPart("again"),))
    assert Sending(left_out=frozenset({"2", "3"})).of((*TALK[:3], other, *TALK[4:])) == TALK[:2] + TALK[4:]


def test_a_prompt_that_is_edited_is_sent_though_what_it_was_is_left_out() -> None:
    edited = Message(Role.USER, (TextPart("edited"),))
    sending = Sending(left_out=frozenset({"2", "3"}))
    assert sending.of((*TALK[:2], edited)) == (*TALK[:2], edited)
    assert sending.of((*TALK[:2], edited, TALK[5])) == (*TALK[:2], edited, TALK[5])


@given(ROLES, st.sets(st.integers(0, 12)), st.integers(-1, 12))
def test_what_is_sent_is_in_order_and_valid(roles: list[Role], left_out: set[int], first: int) -> None:
    messages = talk(roles)
    sent = Sending(f"{first}", frozenset(f"{at}" for at in left_out)).of(messages)
    places = [int(message.id) for message in sent]
    assert places == sorted(set(places))
    assert [message for them in exchanges(messages) for message in them] == list(messages)
    turns = [turn.role for turn in turns_from(sent)]
    assert turns == [Role.USER if at % 2 == 0 else Role.ASSISTANT for at in range(len(turns))]
    if messages and messages[-1].role is Role.USER:
        assert turns[-1:] == [Role.USER]
