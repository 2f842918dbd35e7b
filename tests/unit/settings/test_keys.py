"""The keys: names as Textual has them, clashes named, nothing taken from the composer."""

from __future__ import annotations

import pytest
from textual.binding import Binding
from textual.keys import Keys as TextualKeys
from textual.keys import _character_to_key
from textual.widgets import TextArea

from tui_chat.settings import KEYS, Settings, check_keys, with_values
from tui_chat.settings.keys import TEXT_AREA_KEYS, normal_key, normal_keys

OURS = {"ctrl+c", "f6", "f7"}
"""Keys of Textual's text area that the design gives to an action (Ctrl+C copies first)."""


def test_the_usual_keys_are_without_fault() -> None:
    assert check_keys({}) == []
    assert check_keys({name: action.keys for name, action in KEYS.items()}) == []


def test_the_usual_keys_have_their_normal_names() -> None:
    for action in KEYS.values():
        assert normal_keys(action.keys) == action.keys, action.name


def test_every_key_that_a_text_area_binds_is_kept_for_it() -> None:
    bound = {binding.key for binding in Binding.make_bindings(TextArea.BINDINGS)}
    assert bound - TEXT_AREA_KEYS == OURS


def test_every_key_that_textual_names_is_a_key() -> None:
    odd = {"ctrl+@", "ctrl-at", "return"}
    for key in TextualKeys:
        if not key.value.startswith("<") and key.value not in odd:
            modifiers, _, base = key.value.rpartition("+")
            in_order = "+".join(filter(None, ["+".join(sorted(filter(None, modifiers.split("+")))), base]))
            assert normal_key(key.value) == in_order


def test_every_character_has_the_name_that_textual_gives_its_key() -> None:
    for character in map(chr, range(33, 0x250)):
        if character.isprintable() and character.strip():
            assert normal_key(character) == _character_to_key(character)
            assert normal_key(_character_to_key(character)) in (_character_to_key(character), None)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Ctrl+T", "ctrl+t"),
        ("ctrl+T", "ctrl+t"),
        (" f5 ", "f5"),
        ("Esc", "escape"),
        ("PgUp", "pageup"),
        ("Shift+Ctrl+Left", "ctrl+shift+left"),
        ("control+option+x", "alt+ctrl+x"),
        ("?", "question_mark"),
        (".", "full_stop"),
        ("+", "plus"),
        ("-", "minus"),
        ("hyphen_minus", "minus"),
        ("ctrl+/", "ctrl+slash"),
        ("G", "G"),
        ("shift+g", "G"),
        ("é", "é"),
        ("left_square_bracket", "left_square_bracket"),
        ("ctrl+less_than_sign", "ctrl+less_than_sign"),
        ("ctrl+\\", "ctrl+backslash"),
    ],
)
def test_a_key_is_known_by_the_names_that_people_give_it(written: str, normal: str) -> None:
    assert normal_key(written) == normal


@pytest.mark.parametrize(
    "written", ["", " ", "+", "ctrl+", "crtl+t", "f99", "ctrl+tt", "\x03", "ctrl++", "shift+1", "a b"]
)
def test_what_is_no_key_is_told_from_a_key(written: str) -> None:
    assert normal_key(written) is None or written == "+"


def test_several_keys_are_written_with_commas() -> None:
    assert normal_keys("F9, ctrl+t,f9") == "f9,ctrl+t"
    assert normal_keys(",") == "comma"
    assert normal_keys("f9,") is None


CLASHES = [
    ({"find": "ctrl+t"}, "keys.find: ctrl+t is already used for toggle_mode."),
    ({"find": "f12", "retry": "F12"}, "keys.retry: f12 is already used for find."),
    ({"copy_message": "e"}, "keys.copy_message: e is already used for edit_message."),
    ({"fork": "f4"}, "keys.fork: f4 is already used for copy_reply."),
    ({"toggle_mode": "enter"}, "keys.toggle_mode: enter is already used for send."),
    ({"find": "f11,ctrl+t"}, "keys.find: ctrl+t is already used for toggle_mode."),
]


@pytest.mark.parametrize(("changed", "sentence"), CLASHES)
def test_a_clash_is_named_with_both_actions(changed: dict[str, str], sentence: str) -> None:
    assert [problem.message for problem in check_keys(changed)] == [sentence]


@pytest.mark.parametrize(
    "changed",
    [
        {"send": "ctrl+j", "newline": "enter,shift+enter"},
        {"find": "ctrl+t", "toggle_mode": "f9"},
        {"fork": "ctrl+a"},
        {"copy_message": "y"},
        {"send": "f12", "fold": "f12"},
        {"edit_in_editor": "alt+e"},
    ],
)
def test_keys_may_be_changed_and_exchanged(changed: dict[str, str]) -> None:
    assert check_keys(changed) == []


@pytest.mark.parametrize(
    "key", ["ctrl+z", "ctrl+k", "a", "A", "?", "space", "left", "shift+left", "backspace", "tab", "é"]
)
def test_typing_keeps_its_keys(key: str) -> None:
    (problem,) = check_keys({"find": key})
    assert problem.key == "keys.find"
    assert "which needs it for typing" in problem.message


def test_an_unknown_action_is_answered_with_the_nearest_one() -> None:
    (problem,) = check_keys({"togle_mode": "f9"})
    assert (problem.key, problem.unknown) == ("keys.togle_mode", True)
    assert problem.message == "keys.togle_mode is not an action; did you mean keys.toggle_mode?"


def test_an_action_has_its_usual_keys_until_it_is_given_others() -> None:
    settings = Settings()
    assert settings.keys["toggle_mode"] == "ctrl+t,f9"
    assert with_values(settings, {"keys.toggle_mode": "f12"}).keys["toggle_mode"] == "f12"
