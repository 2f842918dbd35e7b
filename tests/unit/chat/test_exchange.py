"""The growth of a conversation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, Message, Role, StreamingStatus, title_from
from tui_chat.chat.metadata import Mode, ReplyMetadata, ReplyMetrics
from tui_chat.chat.parts import FilePart, Part, TextPart, ToolCallPart
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.usage import Usage

NOW = datetime(2026, 1, 2, tzinfo=UTC)
ABOUT = ReplyMetadata(Mode.STREAM, "anthropic", "claude-new")
FILE = FilePart("a.txt", "text/plain", "A")
CALL = ToolCallPart("1", "web_search", "{}", server=True)


def talk() -> Conversation:
    """Return a prompt and the whole reply to it."""
    first = exchange.send(Conversation(), Prompt("Hello\nyou"), ABOUT, NOW)
    return first.conversation.with_message(replace(first.reply, status=StreamingStatus.COMPLETE))


def test_a_prompt_and_its_reply_come_at_the_end_and_the_first_names_the_conversation() -> None:
    before = talk()
    pending = exchange.send(before, Prompt("Again", files=(FILE,)), ABOUT, NOW)
    assert pending.prompt is not None
    assert pending.conversation.messages == (*before.messages, pending.prompt, pending.reply)
    assert pending.conversation.title == before.title == "Hello you"
    assert (pending.conversation.model, pending.conversation.updated_at) == ("claude-new", NOW)
    assert (before.messages[0].parent_id, pending.prompt.parent_id) == (None, before.messages[1].id)
    assert (pending.prompt.role, pending.prompt.text, set(pending.prompt.parts)) == (
        Role.USER,
        "Again",
        {FILE, TextPart("Again")},
    )
    assert (pending.reply.parent_id, pending.reply.status) == (pending.prompt.id, StreamingStatus.PENDING)
    assert (pending.reply.metadata, pending.reply.created_at) == (ABOUT, NOW)


def test_another_reply_stands_in_the_place_of_the_first() -> None:
    prompt, reply = talk().messages
    pending = exchange.regenerate(talk_of(prompt, reply), reply.id, ABOUT, NOW)
    assert pending.prompt is None
    assert pending.conversation.messages == (prompt, pending.reply)
    assert (pending.reply.id != reply.id, pending.reply.parent_id) == (True, prompt.id)


def test_a_round_begins_with_one_prompt_and_has_a_reply_of_each_a_moment_apart() -> None:
    before, abouts = talk(), [replace(ABOUT, model=model) for model in ("a", "b")]
    first, second = exchange.round(before, Prompt("Again"), abouts, NOW)
    assert first.prompt is not None
    assert first.prompt == second.prompt
    for pending, model in ((first, "a"), (second, "b")):
        assert pending.conversation.messages == (*before.messages, first.prompt, pending.reply)
        assert (pending.reply.metadata.model, pending.conversation.model) == (model, model)
    assert first.reply.metadata.round == second.reply.metadata.round != ""
    assert NOW == first.reply.created_at < second.reply.created_at
    assert len(exchange.round(before, Prompt("Again"), [ABOUT], NOW)) == 1


def test_a_reply_in_the_users_words_is_a_version_beside_it_without_figures() -> None:
    conversation = talk()
    prompt, reply = conversation.messages
    priced = replace(reply, parts=(TextPart("Hi"),), metadata=replace(ABOUT, cost_usd=1.0, usage=Usage(1, 2)))
    later = exchange.rewrite(talk_of(prompt, priced), reply.id, "Mine", NOW)
    assert later.messages[0] == prompt
    assert (later.messages[1].text, later.messages[1].parent_id) == ("Mine", prompt.id)
    assert later.messages[1].id != reply.id
    assert later.messages[1].metadata == replace(ABOUT, edited=True)


def test_other_words_take_the_place_of_the_prompts_and_of_the_title_that_it_gave() -> None:
    pending = exchange.send(Conversation(), Prompt("Hello"), ABOUT, NOW)
    reworded = exchange.reword(pending, (TextPart("Bye"),))
    assert pending.prompt is not None
    assert reworded.prompt == replace(pending.prompt, parts=(TextPart("Bye"),))
    assert reworded.conversation.messages == (reworded.prompt, pending.reply)
    assert reworded.conversation.title == "Bye"
    named = replace(pending, conversation=replace(pending.conversation, title="Mine"))
    assert exchange.reword(named, (TextPart("Bye"),)).conversation.title == "Mine"


def test_a_reply_has_a_prompt_if_one_stands_right_before_it() -> None:
    prompt, reply = talk().messages
    assert exchange.has_prompt(talk_of(prompt, reply), reply) is True
    assert exchange.has_prompt(talk_of(reply), reply) is False
    assert exchange.has_prompt(talk_of(prompt, reply, replace(reply, id="next")), replace(reply, id="next")) is False
    assert exchange.has_prompt(talk_of(prompt), reply) is False


@pytest.mark.parametrize(
    ("reason", "part", "kept"),
    [("pause_turn", CALL, "pause_turn"), ("pause_turn", TextPart("So"), None), ("max_tokens", TextPart("So"), None)],
)
def test_the_rest_of_a_reply_is_the_same_message(reason: str, part: Part, kept: str | None) -> None:
    prompt, reply = talk().messages
    cut = replace(reply, parts=(part,), metadata=replace(ABOUT, model="old", stop_reason=reason, seams=(2,)))
    pending = exchange.go_on(talk_of(prompt, cut), cut.id, ABOUT, NOW)
    assert pending.prompt is None
    assert pending.conversation.messages == (prompt, pending.reply)
    assert (pending.reply.id, pending.reply.parts, pending.reply.status) == (cut.id, (part,), StreamingStatus.PENDING)
    assert pending.reply.metadata == replace(ABOUT, seams=(2,), stop_reason=kept)
    assert (pending.conversation.model, pending.conversation.updated_at) == ("claude-new", NOW)


@pytest.mark.parametrize(
    ("status", "reason", "parts", "possible"),
    [
        (StreamingStatus.STOPPED, None, (TextPart("So"),), True),
        (StreamingStatus.STOPPED, None, (TextPart(" \n"),), False),
        (StreamingStatus.STOPPED, None, (), False),
        (StreamingStatus.COMPLETE, "end_turn", (TextPart("So"),), False),
        (StreamingStatus.COMPLETE, "max_tokens", (TextPart("So"),), True),
        (StreamingStatus.COMPLETE, "pause_turn", (CALL,), True),
        (StreamingStatus.COMPLETE, "pause_turn", (TextPart(""),), False),
        (StreamingStatus.COMPLETE, "max_tokens", (CALL,), False),
    ],
)
def test_a_reply_goes_on_from_text_or_from_a_pause_among_tools(
    status: StreamingStatus, reason: str | None, parts: tuple[Part, ...], possible: bool
) -> None:
    reply = Message(Role.ASSISTANT, parts, status=status, metadata=ReplyMetadata(stop_reason=reason))
    assert exchange.can_go_on(reply) is possible
    assert not exchange.can_go_on(replace(reply, role=Role.USER))


def test_a_reply_may_be_asked_for_to_a_prompt_and_in_the_place_of_one_that_is_there() -> None:
    whole = talk()
    prompt, reply = whole.messages
    alone = replace(whole, messages=(prompt,))
    for conversation, message_id in ((whole, ""), (whole, reply.id), (whole, prompt.id), (alone, "")):
        assert exchange.up_to_prompt(conversation, message_id) == alone


def test_no_reply_may_be_asked_for_while_one_comes_or_without_a_prompt() -> None:
    prompt, reply = talk().messages
    live = replace(reply, status=StreamingStatus.STREAMING)
    for messages in ([], [reply], [prompt, live], [prompt, reply, replace(reply, id="another")]):
        assert exchange.up_to_prompt(talk_of(*messages)) is None
    assert exchange.up_to_prompt(talk_of(prompt), "gone") is None


@pytest.mark.parametrize(
    ("prompt", "title"),
    [
        (" one\n\n two\t", "one two"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        ("x" * 58 + " yy yy", "x" * 58 + "…"),
        (" " * 300 + "late", ""),
    ],
)
def test_a_title_is_one_line_of_the_prompt(prompt: str, title: str) -> None:
    assert title_from(prompt) == title


def test_metadata_are_the_same_after_storage() -> None:
    metadata = ReplyMetadata(
        Mode.BATCH, "openai", "m", "refusal", Usage(1, 2), 0.5, ReplyMetrics(retries=2), True, (3, 4),
        {"kind": "server", "sentence": "Busy.", "request_id": "r"}, {"explanation": " No. "},
    )  # fmt: skip
    assert ReplyMetadata.from_json(metadata.to_json()) == metadata
    assert ReplyMetadata.from_json({"new": 1, "seams": "no", "usage": 3, "metrics": {"new": 1}}) == ReplyMetadata()
    assert metadata.explanation == "No."
    assert ReplyMetadata(stop_details={"explanation": 3}).explanation == ReplyMetadata().explanation == ""
    assert (Mode.STREAM.other, Mode.BATCH.other) == (Mode.BATCH, Mode.STREAM)


@pytest.mark.parametrize(
    ("provider", "model", "speaker"),
    [("demo", "x", "Claude"), ("vertex", "Claude-x", "Claude"), ("openai", "gpt", "Assistant"), ("", "", "Assistant")],
)
def test_another_model_is_not_called_claude(provider: str, model: str, speaker: str) -> None:
    assert ReplyMetadata(provider=provider, model=model).speaker == speaker


def talk_of(*messages: Message) -> Conversation:
    return Conversation(messages=messages)


def test_a_prompt_in_the_place_of_an_earlier_one_begins_a_branch_with_its_own_files() -> None:
    before = exchange.send(talk(), Prompt("See this", files=(FILE,)), ABOUT, NOW).conversation
    earlier = before.messages[2]
    pending = exchange.send(before, Prompt("See that", in_place_of=earlier.id), ABOUT, NOW)
    assert pending.prompt is not None
    assert pending.conversation.messages == (*before.messages[:2], pending.prompt, pending.reply)
    assert pending.prompt.parent_id == earlier.parent_id
    assert pending.prompt.parts == (TextPart("See that"),)
    again = exchange.send(before, Prompt("See that", earlier.id, (FILE,)), ABOUT, NOW)
    assert again.prompt is not None
    assert set(again.prompt.parts) == {FILE, TextPart("See that")}


def test_a_prompt_whose_place_is_gone_stands_at_the_end() -> None:
    before = talk()
    pending = exchange.send(before, Prompt("Other", in_place_of="gone"), ABOUT, NOW)
    assert pending.conversation.messages[:-2] == before.messages
