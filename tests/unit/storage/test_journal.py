"""A reply is stored before it is asked for, while it comes, and as it ended."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from weakref import ref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.waiting import PATIENCE_S, wait_until
from tui_chat.chat.accumulator import ReplyAccumulator
from tui_chat.chat.events import (
    BlockStart,
    InputJsonDelta,
    MessageDelta,
    MessageStart,
    ReplyRestarted,
    SignatureDelta,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
)
from tui_chat.chat.message import Conversation, StreamingStatus
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.parts import OpaquePart, TextPart, ThinkingPart, ToolCallPart
from tui_chat.chat.usage import Usage

if TYPE_CHECKING:
    from tests.unit.storage.conftest import Chat, Opener


def _row(folder: Path, message_id: str) -> sqlite3.Row:
    connection = sqlite3.connect(folder / "tui-chat.db")
    connection.row_factory = sqlite3.Row
    try:
        row = connection.execute("SELECT * FROM messages WHERE id = ?", (message_id,)).fetchone()
        assert isinstance(row, sqlite3.Row)
        return row
    finally:
        connection.close()


def _count(folder: Path, table: str) -> int:
    connection = sqlite3.connect(folder / "tui-chat.db")
    try:
        count = connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
        assert isinstance(count, int)
        return count
    finally:
        connection.close()


def test_the_prompt_and_a_pending_reply_are_stored_before_anything_is_sent(chat: Chat) -> None:
    pending = chat.send("Why?")
    prompt, reply = chat.read(pending.conversation.id).messages
    assert prompt == pending.prompt
    assert (reply.id, reply.status, reply.text) == (pending.reply.id, StreamingStatus.PENDING, "")


def test_a_reply_under_way_can_be_read_by_another_program(chat: Chat, open_chat: Opener) -> None:
    pending = chat.send("Why?")
    chat.stream(pending, "Be", "cause")
    last = open_chat().last(pending)
    assert (last.text, last.status) == ("Because", StreamingStatus.STREAMING)


def test_the_stored_fields_follow_the_reply_from_pending_to_stopped(chat: Chat, folder: Path) -> None:
    pending = chat.send("Why?")
    row = _row(folder, pending.reply.id)
    assert (row["streaming_status"], row["partial_content"]) == ("pending", "")
    chat.stream(pending, "Be")
    assert _row(folder, pending.reply.id)["streaming_status"] == "streaming"
    chat.finish(pending, "Beca", StreamingStatus.STOPPED)
    row = _row(folder, pending.reply.id)
    assert (row["streaming_status"], row["text"], row["partial_content"]) == ("stopped", "Beca", "Beca")


def test_a_complete_reply_has_no_partial_content_and_leaves_no_chunks(chat: Chat, folder: Path) -> None:
    pending = chat.send("Why?")
    chat.stream(pending, "Be", "cause")
    chat.finish(pending, "Because.")
    row = _row(folder, pending.reply.id)
    assert (row["text"], row["partial_content"], row["owner"]) == ("Because.", None, None)
    assert _count(folder, "chunks") == 0


def test_all_parts_come_back_as_they_were(chat: Chat) -> None:
    pending = chat.send("Why?")
    parts = (
        ThinkingPart("Hm.", "signed"),
        TextPart("See ", ({"url": "https://example.com"},)),
        ToolCallPart("t1", "search", '{"q": 1}', server=True),
        OpaquePart("redacted_thinking", {"type": "redacted_thinking", "data": "x"}),
        TextPart("this."),
    )
    reply = replace(pending.reply, parts=parts, status=StreamingStatus.COMPLETE)
    chat.store.journal.finish(reply).result(PATIENCE_S)
    assert chat.last(pending) == reply


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\ud83d\ude00 torn in two", "nul \0 inside", "\x1b[31m", ""])
def test_text_comes_back_exactly_whatever_is_in_it(chat: Chat, text: str) -> None:
    pending = chat.send(f"prompt {text}")
    chat.stream(pending, text, "end")
    assert chat.last(pending).text == f"{text}end"
    conversation = chat.finish(pending, f"{text}end")
    assert [message.text for message in conversation.messages] == [f"prompt {text}", f"{text}end"]
    assert conversation.title == pending.conversation.title


def test_a_reply_that_is_begun_again_has_nothing_of_the_first_attempt(chat: Chat) -> None:
    pending = chat.send("Why?")
    chat.stream(pending, "No id", "ea.")
    chat.begin(pending)
    chat.stream(pending, "Because.")
    assert chat.last(pending).text == "Because."


def test_a_request_that_was_repeated_begins_anew_in_a_journal_that_only_has_its_start(chat: Chat) -> None:
    pending = chat.send("Why?")
    for text in ("No idea.", "Because."):
        chat.store.journal.append(pending.reply.id, [MessageStart("msg", "model-1"), TextDelta(0, text)])
    assert chat.last(pending).text == "Because."


def test_append_after_the_end_changes_nothing(chat: Chat) -> None:
    pending = chat.send("Why?")
    chat.finish(pending, "Because.")
    chat.stream(pending, " And more")
    assert chat.last(pending).text == "Because."


def test_cancelling_the_future_of_begin_does_not_cancel_the_write(chat: Chat, open_chat: Opener) -> None:
    pending = chat.send("Why?")
    gate = threading.Event()
    chat.store._writer.submit(lambda _: gate.wait(PATIENCE_S))
    future = chat.store.journal.begin(replace(pending, reply=replace(pending.reply, id="other")))
    assert not future.cancel()
    gate.set()
    future.result(PATIENCE_S)


def test_a_reply_that_is_stored_is_let_go_of(chat: Chat) -> None:
    class Text(str):
        """Can be watched."""

    pending = chat.send("Why?")
    text = Text("Because.")
    held = ref(text)
    chat.finish(pending, text)
    del text
    wait_until(lambda: held() is None, "the thread that writes knows the reply no longer")


def test_two_replies_at_once_are_never_mixed(chat: Chat) -> None:
    one, two = chat.send("One"), chat.send("Two")
    for _ in range(20):
        chat.store.journal.append(one.reply.id, [TextDelta(0, "1")])
        chat.store.journal.append(two.reply.id, [TextDelta(0, "2")])
    assert chat.last(one).text == "1" * 20
    assert chat.last(two).text == "2" * 20


def test_a_new_exchange_that_is_discarded_leaves_nothing_to_see_and_a_row_without_text(
    chat: Chat, folder: Path
) -> None:
    pending = chat.send("Why?")
    chat.stream(pending, "Be")
    chat.discard(pending)
    assert chat.store.conversations() == []
    assert chat.store.latest() is None
    assert chat.store.prompts(10) == []
    row = _row(folder, pending.reply.id)
    assert (row["streaming_status"], row["text"], row["parts"], row["parent_id"]) == ("cancelled", "", "[]", None)
    assert row["stream_metadata"] is not None
    assert _count(folder, "chunks") == 0
    assert chat.store.statistics().cancelled == 1


def test_after_a_discard_the_conversation_goes_on_where_it_was(chat: Chat) -> None:
    conversation = chat.exchange("One", "1")
    chat.discard(chat.send("Two", conversation))
    assert chat.read(conversation.id).messages == conversation.messages
    again = chat.exchange("Three", "3", chat.read(conversation.id))
    assert [message.text for message in again.messages] == ["One", "1", "Three", "3"]


def test_a_conversation_emptied_by_a_discard_takes_the_title_of_its_next_prompt(chat: Chat) -> None:
    empty = Conversation()
    chat.discard(chat.send("First thought", empty))
    assert chat.exchange("Second thought", "Good.", empty).title == "Second thought"


def test_discarding_a_regenerated_reply_shows_the_earlier_one_and_what_followed_it(chat: Chat) -> None:
    conversation = chat.exchange("Two", "2", chat.exchange("One", "1"))
    first_reply = conversation.messages[1].id
    pending = chat.regenerate(conversation, first_reply)
    assert len(chat.read(conversation.id).messages) == 2
    chat.discard(pending)
    assert chat.read(conversation.id).messages == conversation.messages
    assert chat.store.branches(first_reply) == [first_reply]


def test_discarding_a_regenerated_reply_shows_the_earlier_one_whatever_comes_elsewhere(chat: Chat) -> None:
    conversation = chat.exchange("One", "1")
    chat.send("Elsewhere")
    chat.discard(chat.regenerate(conversation, conversation.messages[1].id))
    assert chat.read(conversation.id).messages == conversation.messages


def test_discarding_an_edited_prompt_shows_the_conversation_as_it_was(chat: Chat) -> None:
    conversation = chat.exchange("Two", "2", chat.exchange("One", "1"))
    earlier = replace(conversation, messages=conversation.messages[:2])
    chat.discard(chat.send("Two, edited", earlier))
    assert chat.read(conversation.id).messages == conversation.messages


@pytest.mark.parametrize("status", [StreamingStatus.STOPPED, StreamingStatus.FAILED, StreamingStatus.COMPLETE])
def test_discarding_the_rest_of_a_reply_restores_it(chat: Chat, folder: Path, status: StreamingStatus) -> None:
    before = chat.finish(chat.send("Why?"), "Beca", status)
    pending = chat.go_on(before)
    chat.stream(pending, "use")
    assert chat.last(pending).text == "Because"
    chat.discard(pending)
    assert chat.read(before.id).messages == before.messages
    row = _row(folder, pending.reply.id)
    assert row["partial_content"] == (None if status is StreamingStatus.COMPLETE else "Beca")
    assert (row["previous_status"], row["owner"]) == (None, None)
    assert _count(folder, "chunks") == 0, "nothing of what was discarded stays on the disk"
    assert chat.store.statistics().cancelled == 1


def test_a_reply_that_went_on_ends_as_one_text(chat: Chat) -> None:
    before = chat.finish(chat.send("Why?"), "Beca", StreamingStatus.STOPPED)
    pending = chat.go_on(before)
    chat.stream(pending, "use")
    after = chat.finish(pending, "Because")
    assert [message.text for message in after.messages] == ["Why?", "Because"]
    assert chat.store.statistics().replies == 2


def test_the_parts_of_a_reply_that_went_on_are_counted_once_each_and_shown_together(chat: Chat) -> None:
    pending = chat.send("Why?")
    first = ReplyMetadata(usage=Usage(10, 4), cost_usd=0.25, estimated=True)
    stopped = replace(pending.reply, parts=(TextPart("Beca"),), status=StreamingStatus.STOPPED, metadata=first)
    chat.store.journal.finish(stopped).result(PATIENCE_S)
    going_on = chat.go_on(chat.read(pending.conversation.id))
    about = ReplyMetadata(usage=Usage(20, 6), cost_usd=0.5).after(going_on.reply.metadata)
    whole = replace(going_on.reply, parts=(TextPart("Because"),), status=StreamingStatus.COMPLETE, metadata=about)
    chat.store.journal.finish(whole).result(PATIENCE_S)
    stored = chat.read(pending.conversation.id).messages[-1].metadata
    assert (stored.usage, stored.cost_usd, stored.estimated) == (Usage(30, 10), 0.75, True)
    sums = chat.store.statistics()
    assert (sums.replies, sums.usage, sums.cost_usd, sums.estimated) == (2, Usage(30, 10), 0.75, 2)


def test_a_discard_does_not_move_a_reader_who_looks_at_another_branch(chat: Chat) -> None:
    conversation = chat.exchange("One", "1")
    pending = chat.regenerate(conversation, conversation.messages[1].id)
    chat.store.select_branch(conversation.id, conversation.messages[1].id)
    chat.discard(pending)
    assert chat.read(conversation.id).messages == conversation.messages


def test_a_reply_is_stored_again_if_another_program_removed_its_conversation(chat: Chat, open_chat: Opener) -> None:
    pending = chat.send("Why?")
    other = open_chat()

    def remove_for_good() -> None:
        other.store.delete(pending.conversation.id)
        other.store.purge_deleted().result(PATIENCE_S)
        assert chat.store.conversation(pending.conversation.id) is None

    remove_for_good()
    chat.stream(pending, "Be")
    assert [message.text for message in chat.read(pending.conversation.id).messages] == ["Why?", "Be"]
    remove_for_good()
    conversation = chat.finish(pending, "Because.")
    assert [message.text for message in conversation.messages] == ["Why?", "Because."]


def test_sending_to_a_conversation_deleted_elsewhere_brings_it_back(chat: Chat, open_chat: Opener) -> None:
    conversation = chat.exchange("One", "1")
    open_chat().store.delete(conversation.id).result(PATIENCE_S)
    assert len(chat.exchange("Two", "2", conversation).messages) == 4


def test_a_token_count_beyond_all_measure_does_not_lose_the_reply(chat: Chat) -> None:
    pending = chat.send("Why?")
    usage = Usage(input_tokens=10**30, output_tokens=7)
    reply = replace(
        pending.reply,
        parts=(TextPart("Because."),),
        status=StreamingStatus.COMPLETE,
        metadata=replace(pending.reply.metadata, usage=usage),
    )
    chat.store.journal.finish(reply).result(PATIENCE_S)
    assert chat.last(pending).text == "Because."
    assert chat.last(pending).metadata.usage == chat.store.statistics().usage == Usage(output_tokens=7)


def test_a_block_with_a_value_that_json_does_not_know_does_not_lose_the_reply(chat: Chat) -> None:
    pending = chat.send("Why?")
    block = {"at": pending.reply.created_at, "more": MappingProxyType({"x": 1})}
    parts = (OpaquePart("new_kind", block), TextPart("Because."))
    chat.store.journal.finish(replace(pending.reply, parts=parts, status=StreamingStatus.COMPLETE)).result(PATIENCE_S)
    stored = chat.last(pending)
    assert stored.text == "Because."
    assert stored.parts[0] == OpaquePart("new_kind", {"at": str(pending.reply.created_at), "more": {"x": 1}})


_EVENTS: st.SearchStrategy[StreamEvent] = st.one_of(
    st.builds(TextDelta, st.integers(0, 2), st.text()),
    st.builds(ThinkingDelta, st.integers(0, 2), st.text()),
    st.builds(InputJsonDelta, st.integers(0, 2), st.text()),
    st.builds(SignatureDelta, st.integers(0, 2), st.text()),
    st.builds(BlockStart, st.integers(0, 2), st.sampled_from(["text", "thinking", "tool_use"])),
    st.just(ReplyRestarted()),
    st.builds(MessageDelta, st.none(), st.builds(Usage, st.none() | st.integers(0, 100))),
)


@settings(max_examples=40, deadline=None)
@given(chunks=st.lists(st.lists(_EVENTS, min_size=1), max_size=5))
def test_the_journal_gives_back_the_parts_of_the_events_whatever_they_were(
    tmp_path_factory: pytest.TempPathFactory, chunks: Sequence[Sequence[StreamEvent]]
) -> None:
    from tui_chat.chat import exchange
    from tui_chat.chat.message import utc_now
    from tui_chat.chat.metadata import ReplyMetadata
    from tui_chat.chat.prompt import Prompt
    from tui_chat.storage import Store

    store = Store.open(tmp_path_factory.mktemp("journal"), on_problem=pytest.fail)
    pending = exchange.send(Conversation(), Prompt("Why?"), ReplyMetadata(), utc_now())
    store.journal.begin(pending).result(PATIENCE_S)
    expected = ReplyAccumulator()
    for chunk in chunks:
        store.journal.append(pending.reply.id, chunk)
        expected.extend(chunk)
    read = store.conversation(pending.conversation.id)
    store.close()
    assert read
    assert read.last
    assert read.last.parts == expected.parts


def test_a_write_that_can_never_succeed_is_reported_and_does_not_stop_the_others(chat: Chat) -> None:
    pending = chat.send("Why?")
    broken = replace(pending.reply, parts=(TextPart("Because."),), status=None)  # type: ignore[arg-type]  # the types forbid it, too
    chat.store.journal.finish(broken).result(PATIENCE_S)
    assert chat.problems == ["A part of this conversation could not be saved. The chat goes on."]
    assert len(chat.exchange("Another", "reply").messages) == 2


def test_a_piece_of_a_reply_that_can_never_be_written_is_reported_and_the_whole_is_stored(chat: Chat) -> None:
    pending = chat.send("Why?")
    chat.store.journal.append(pending.reply.id, [None])  # type: ignore[list-item]  # the types forbid it, too
    assert chat.store.flush(PATIENCE_S)
    assert chat.problems == ["A part of this conversation could not be saved. The chat goes on."]
    assert chat.finish(pending, "Because.").messages[-1].text == "Because."
