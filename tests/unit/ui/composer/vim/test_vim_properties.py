"""What holds for the language of vim, whatever is typed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.ui.composer.vim.vim_driver import TOKEN, TextField
from tui_chat.ui.composer.vim import Buffer
from tui_chat.ui.composer.vim.buffer import edit_between

PIECES = ["a", "Bc", "_x1", " ", "  ", "\n", "\n\n", ".", "(", ")", "[", "}", "{", '"', "\\", "'", "\t", "é", "ß", "日"]
UNITS = ["👍🏽", "👨\u200d👩\u200d👧", "🇩🇪", "e\u0301", "[412 lines pasted]"]
TEXTS = st.lists(st.sampled_from(PIECES + UNITS), max_size=30).map("".join)
KEYS = st.lists(
    st.one_of(
        st.sampled_from(
            [*"hjklwbeWBEG0^$gfFtT;,{}%dcy<>DCxXsSr~JpPoOaAiIuR*#.vVU12xyz(\"'` :?&ä", "ctrl+r", "backspace"]
        ),
        st.sampled_from(["escape", "escape", "delete", "left", "down", "enter", "dw", "gv", "f5", "\u0301"]),
    ),
    max_size=40,
)


@given(TEXTS, st.integers(0, 60), KEYS)
def test_no_key_fails_and_the_cursor_lies_on_a_unit(text: str, at: int, keys: list[str]) -> None:
    field = TextField(text, min(at, len(text)))
    for key in keys:
        field.press(key if len(key) == 1 else f"<{key}>")
        assert 0 <= field.cursor <= len(field.text)
        if not field.vim.mode.writes:
            assert field.buffer.clamp(field.cursor) == field.cursor


@given(TEXTS, KEYS)
def test_undoing_everything_gives_the_first_text_back(text: str, keys: list[str]) -> None:
    field = TextField(text)
    for key in keys:
        field.press(key if len(key) == 1 else f"<{key}>")
    assert field.press("<escape><escape>9999u").text == text


@given(TEXTS, KEYS.map(lambda keys: [key for key in keys if key not in ("u", "ctrl+r")]))
def test_what_was_undone_can_be_done_again(text: str, keys: list[str]) -> None:
    field = TextField(text)
    for key in keys:
        field.press(key if len(key) == 1 else f"<{key}>")
    last = field.press("<escape><escape>").text
    assert field.press("9999u9999<ctrl+r>").text == last


@given(TEXTS, KEYS.map(lambda keys: [key for key in keys if key not in ("enter", "[")]))
def test_no_paste_is_ever_parted(text: str, keys: list[str]) -> None:
    field = TextField(f"{text}[7 lines pasted]{text}")
    for key in keys:
        field.press(key if len(key) == 1 else f"<{key}>")
        assert field.text.count("lines pasted") == len(TOKEN.findall(field.text))


@given(TEXTS, st.integers(0, 60))
def test_units_cover_the_text(text: str, at: int) -> None:
    buffer = Buffer(text)
    start, end = buffer.unit(min(at, len(text)))
    assert start <= min(at, len(text)) <= end
    assert buffer.before(end) == start or start == end


@given(TEXTS, TEXTS)
def test_the_edit_between_two_texts_makes_one_of_the_other(before: str, after: str) -> None:
    assert edit_between(before, after).apply(before) == after
