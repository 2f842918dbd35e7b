"""The notes on replies that did not end in the ordinary way."""

from __future__ import annotations

import pytest

from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.message import Message, Role, StreamingStatus
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.parts import OpaquePart, Part, TextPart, ThinkingPart, ToolCallPart
from tui_chat.ui.messages.notes import note_for

TEXT = TextPart("So it is.")


def label(*parts: Part, stop_reason: str | None = "end_turn") -> str:
    note = note_for(Message(Role.ASSISTANT, parts, metadata=ReplyMetadata(stop_reason=stop_reason)), str)
    return note.label if note else ""


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (None, ""),
        ("end_turn", ""),
        ("stop_sequence", ""),
        ("tool_use", ""),
        ("max_tokens", "cut at the token limit"),
        ("refusal", "refused"),
        ("pause_turn", "paused"),
        ("model_context_window_exceeded", "context full"),
        ("a_reason_of_tomorrow", "ended early"),
    ],
)
def test_why_a_reply_ended_is_told_unless_that_is_the_ordinary_way(reason: str | None, said: str) -> None:
    assert label(TEXT, stop_reason=reason) == said


def test_a_reason_that_we_do_not_know_is_told_in_the_providers_own_words() -> None:
    about = ReplyMetadata(stop_reason="bored\x1b[31m" + "!" * 200)
    note = note_for(Message(Role.ASSISTANT, (TEXT,), metadata=about), str)
    assert note is not None
    assert "bored" in note.sentence
    assert "\x1b" not in note.sentence
    assert len(note.sentence) < 150


def test_a_refusal_is_explained_in_the_providers_words_as_far_as_there_are_any() -> None:
    def sentence(details: object) -> str:
        about = ReplyMetadata.from_json({"stop_reason": "refusal", "stop_details": details})
        note = note_for(Message(Role.ASSISTANT, (TEXT,), metadata=about), str)
        assert note is not None
        return note.sentence

    ours = "The model declined to continue."
    assert sentence({"type": "refusal", "explanation": " It could do\nharm.\x1b[31m"}).startswith(
        f"{ours} It could do harm."
    )
    assert "\x1b" not in sentence({"explanation": "\x1b[31m"})
    assert len(sentence({"explanation": "!" * 10_000})) < 500
    nothings: list[object] = [None, [], "so", {}, {"explanation": None}, {"explanation": 7}]
    assert {sentence(nothing) for nothing in nothings} == {ours}


@pytest.mark.parametrize(
    ("parts", "empty"),
    [
        ((), True),
        ((TextPart(""),), True),
        ((OpaquePart("redacted_thinking", {"data": "x"}),), True),
        ((OpaquePart("hologram"), TextPart("")), True),
        ((ThinkingPart("hm"),), False),
        ((ToolCallPart("t", "look", "{}"),), False),
        ((TEXT,), False),
    ],
)
def test_a_reply_with_nothing_to_see_is_called_empty(parts: tuple[Part, ...], empty: bool) -> None:
    assert label(*parts) == ("empty reply" if empty else "")


def test_a_model_that_there_is_not_is_exchanged_where_that_is_said() -> None:
    def actions(kind: ErrorKind) -> list[str]:
        about = ReplyMetadata(error=ChatError(kind, "It is not there.").to_json())
        note = note_for(Message(Role.ASSISTANT, status=StreamingStatus.FAILED, metadata=about), str)
        assert note is not None
        return [action for _, _, action in note.actions][1:]

    assert actions(ErrorKind.MODEL_NOT_FOUND) == ["screen.choose_model"]
    assert actions(ErrorKind.OVERLOADED) == []
