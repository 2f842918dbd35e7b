"""The local estimate of a request's size."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.chat.estimate import estimate_tokens, tools_tokens
from tui_chat.chat.message import Role
from tui_chat.chat.parts import FilePart, OpaquePart, TextPart, ThinkingPart, ToolCallPart, ToolResultPart
from tui_chat.chat.request import ReplyRequest, Tool, Turn
from tui_chat.providers.utf8 import sendable

PROSE = "The quick brown fox jumps over the lazy dog, and then it does so again, because it can. "


def request(*texts: str, system: str = "") -> ReplyRequest:
    return ReplyRequest("m", tuple(Turn(Role.USER, (TextPart(text),)) for text in texts), system=system)


def test_english_prose_is_near_four_letters_a_token_and_on_the_safe_side() -> None:
    letters = len(PROSE) * 100
    assert letters / 4 < estimate_tokens(request(PROSE * 100)) < letters / 2.5


def test_each_turn_costs_a_little_more_than_its_text() -> None:
    assert estimate_tokens(request("abc", "abc", "abc")) == 3 + 3 * 4


def test_chinese_is_near_a_token_a_character() -> None:
    assert 900 < estimate_tokens(request("日本語" * 300)) < 1_400


def test_everything_counts() -> None:
    turn = Turn(
        Role.ASSISTANT,
        (ThinkingPart("x" * 300), ToolCallPart("t", "n", "y" * 300), OpaquePart("k", {"data": "z" * 300})),
    )
    assert estimate_tokens(ReplyRequest("m", (turn,), system="s" * 300)) >= 400
    result = Turn(Role.USER, (ToolResultPart("t", "r" * 300),))
    tools = (Tool("look", "d" * 300, {"title": "i" * 300}),)
    assert estimate_tokens(ReplyRequest("m", (result,), tools=tools)) >= 300


def test_definitions_of_tools_count_whoever_runs_them() -> None:
    plain, look = request("abc"), Tool("look", "d" * 300, {"type": "object"})
    assert tools_tokens(plain) == 0
    with_search = replace(plain, web_search=True)
    with_look = replace(with_search, tools=(look,))
    sizes = [estimate_tokens(offer) for offer in (plain, with_search, with_look)]
    assert sizes == sorted(set(sizes))
    assert sizes[2] - sizes[0] == tools_tokens(with_look) > 100


@pytest.mark.parametrize(
    ("file", "tokens"),
    [
        (FilePart("a.md", "text/plain", "x" * 3_000), 1_000),
        (FilePart("a.png", "image/png", "x" * 400_000), 1_600),
        (FilePart("a.pdf", "application/pdf", "x" * 400_000), 12_000),
    ],
)
def test_files_count_by_what_a_model_sees_of_them(file: FilePart, tokens: int) -> None:
    request = ReplyRequest("m", (Turn(Role.USER, (file,)),))
    assert estimate_tokens(request) == tokens + 4


@given(st.text(alphabet=st.characters(), max_size=50), st.text(max_size=50))
def test_more_is_never_less(text: str, more: str) -> None:
    assert estimate_tokens(request(text + more)) >= estimate_tokens(request(text)) - 1


@given(st.text(alphabet=st.characters(), max_size=20))
def test_whatever_was_pasted_can_be_sent(text: str) -> None:
    sent = sendable(text)
    assert sent.encode().decode() == sent
    if text.isprintable() and text.isascii():
        assert sent is text


@pytest.mark.parametrize(("text", "sent"), [("\ud83d\ude00", "😀"), ("\ud83d", "\ufffd"), ("a\ude00b", "a\ufffdb")])
def test_halves_of_a_character_are_joined_or_replaced(text: str, sent: str) -> None:
    assert sendable(text) == sent
