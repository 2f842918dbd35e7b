"""Finding the prompt of a request, and how far its reply has come."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.demo.conversation import asked_by, input_tokens, place_in

SCRIPT = "One two three four five six seven eight nine ten"


def said(*texts: str) -> list[dict[str, Any]]:
    roles = ("user", "assistant")
    return [{"role": roles[number % 2], "content": text} for number, text in enumerate(texts)]


def rest_of(partial: str) -> str:
    return f"You were interrupted. It ended with:\n<tail>{partial[-300:]}</tail>\nContinue from exactly there."


def test_the_prompt_is_the_last_thing_that_the_user_said() -> None:
    asked = asked_by(said("one", "two", "three"))
    assert (asked.prompt, asked.partial, asked.first) == ("three", None, False)
    assert asked_by(said("one")).first


def test_the_rest_can_be_asked_for_with_a_question() -> None:
    asked = asked_by(said("one", "The reply so far", rest_of("The reply so far")))
    assert (asked.prompt, asked.partial, asked.first) == ("one", "The reply so far", True)


def test_the_space_at_the_end_of_a_partial_is_taken_from_its_tail() -> None:
    asked = asked_by(said("one", "A line", rest_of("A line\n\n")))
    assert asked.partial == "A line\n\n"


def test_the_rest_can_be_asked_for_by_a_prefilled_answer() -> None:
    asked = asked_by(said("one", "The reply so far"))
    assert (asked.prompt, asked.partial) == ("one", "The reply so far")


def test_a_reply_that_broke_off_twice_is_put_together() -> None:
    asked = asked_by(said("one", "The reply", rest_of("The reply "), "so far", rest_of("so far")))
    assert (asked.prompt, asked.partial) == ("one", "The reply so far")


def test_a_new_prompt_after_a_stopped_reply_is_a_new_turn() -> None:
    assert asked_by(said("one", "The reply so", "Now something else")).partial is None


def test_every_request_of_a_turn_is_known_as_the_same_turn() -> None:
    turn = asked_by(said("one")).turn
    assert turn == asked_by(said("one", "The re", rest_of("The re"))).turn == asked_by(said("one", "The re")).turn
    assert turn != asked_by(said("two")).turn
    assert turn != asked_by(said("zero", "x", "one")).turn


def test_text_may_be_in_blocks_beside_other_things() -> None:
    content = [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "The "}, {"type": "text", "text": "re"}]
    messages = [
        {"role": "user", "content": [{"type": "text", "text": "one"}]},
        {"role": "assistant", "content": content},
    ]
    assert asked_by(messages).partial == "The re"


@given(st.text(min_size=1), st.data())
def test_the_place_of_a_prefix_is_its_end(script: str, data: st.DataObject) -> None:
    length = data.draw(st.integers(0, len(script)))
    assert place_in(script, script[:length]) == length


@pytest.mark.parametrize(
    ("partial", "text_before"),
    [
        ("One two\n\n", "One two"),
        ("A changed beginning, two three four five six seven eight nine", SCRIPT.removesuffix(" ten")),
        ("something else", ""),
        ("", ""),
    ],
)
def test_a_partial_that_is_no_prefix_is_looked_for(partial: str, text_before: str) -> None:
    assert place_in(SCRIPT, partial) == len(text_before)


def test_a_request_is_as_large_as_all_that_is_said_in_it() -> None:
    body = {
        "system": [{"type": "text", "text": "Be brief."}],
        "messages": said("Hello there", "General remarks"),
        "tools": [{"name": "look"}],
    }
    assert input_tokens(body) == 3 + 2 + 2 + len(['[{"', "name", '":', ' "', "look", '"}]'])
