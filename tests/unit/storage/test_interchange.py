"""Conversations as JSON, out and in."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.waiting import PATIENCE_S
from tui_chat.chat.imported import ImportOutcome
from tui_chat.chat.leave import KEPT
from tui_chat.chat.message import Conversation, StreamingStatus
from tui_chat.chat.parts import TextPart, ThinkingPart, ToolCallPart, ToolResultPart, parts_to_json
from tui_chat.storage import conversation_to_json, merging
from tui_chat.storage.interchange import imported

if TYPE_CHECKING:
    from tests.unit.storage.conftest import Chat, Opener

MESSAGE_FIELDS = ["id", "role", "text", "streaming_status", "partial_content", "stream_metadata", "created_at"]


def _texts(conversation: Conversation) -> list[str]:
    return [message.text for message in conversation.messages]


def test_a_shown_conversation_has_the_fields_of_the_contract(chat: Chat) -> None:
    conversation = chat.finish(chat.send("Why?"), "Beca", StreamingStatus.STOPPED)
    data = json.loads(json.dumps(conversation_to_json(conversation)))
    assert list(data) == ["id", "title", "model", "created_at", "updated_at", "messages"]
    prompt, reply = data["messages"]
    assert list(prompt) == list(reply) == MESSAGE_FIELDS
    assert (prompt["role"], prompt["partial_content"], prompt["stream_metadata"]) == ("user", None, None)
    assert (reply["streaming_status"], reply["partial_content"]) == ("stopped", "Beca")
    assert reply["stream_metadata"]["provider"] == "anthropic"


def test_what_is_exported_is_imported_whole(chat: Chat) -> None:
    pending = chat.send("Why \ud800?")
    parts = (ThinkingPart("Hm.", "signed"), TextPart("Because."))
    reply = replace(pending.reply, parts=parts, status=StreamingStatus.STOPPED)
    chat.store.journal.finish(reply).result(PATIENCE_S)
    conversation = chat.read(pending.conversation.id)
    data = json.loads(json.dumps(chat.store.export(conversation.id)))
    assert list(data)[:2] == ["format", "version"]
    assert "branches" not in data
    copy = chat.store.import_({**data, "id": "another"})
    assert chat.read(copy.id) == copy
    assert copy.id != conversation.id
    assert (copy.title, copy.model, copy.created_at) == (conversation.title, "model-1", conversation.created_at)
    for old, new in zip(conversation.messages, copy.messages, strict=True):
        assert replace(new, id=old.id, parent_id=old.parent_id) == old


def test_calls_of_tools_and_their_results_are_exported_and_imported(chat: Chat) -> None:
    conversation = chat.exchange("Why?", "Because.")
    asked, found = ToolCallPart("t1", "look", "{}"), ToolResultPart("t1", "Nothing there.", failed=True)
    data = json.loads(json.dumps(chat.store.export(conversation.id)))
    data["messages"][0]["parts"] = parts_to_json((found, TextPart("Why?")))
    data["messages"][1]["parts"] = parts_to_json((TextPart("Because."), asked))
    copy = chat.read(chat.store.import_({**data, "id": "another"}).id)
    exported = json.loads(json.dumps(chat.store.export(copy.id)))
    again = chat.read(chat.store.import_({**exported, "id": "a third"}).id)
    for read in (copy, again):
        assert [message.parts for message in read.messages] == [
            (found, TextPart("Why?")),
            (TextPart("Because."), asked),
        ]


def test_other_branches_are_exported_and_imported_too(chat: Chat) -> None:
    conversation = chat.exchange("Two", "2", chat.exchange("One", "1"))
    chat.finish(chat.regenerate(conversation, conversation.messages[1].id), "uno")
    data = chat.store.export(conversation.id)
    copy = chat.store.import_({**json.loads(json.dumps(data)), "id": "another"})
    assert _texts(copy) == ["One", "uno"]
    siblings = chat.store.branches(copy.messages[1].id)
    assert len(siblings) == 2
    [first] = set(siblings) - {copy.messages[1].id}
    chat.store.select_branch(copy.id, first)
    assert _texts(chat.read(copy.id)) == ["One", "1", "Two", "2"]


def test_messages_that_have_nothing_but_role_and_text_are_enough(chat: Chat) -> None:
    data = {"messages": [{"role": "user", "text": "Why?"}, {"role": "assistant", "text": ""}]}
    conversation = chat.store.import_(data)
    assert chat.read(conversation.id) == conversation
    assert (conversation.title, _texts(conversation)) == ("Why?", ["Why?", ""])
    assert [message.status for message in conversation.messages] == [StreamingStatus.COMPLETE] * 2


def test_the_text_wins_over_parts_that_say_something_else(chat: Chat) -> None:
    parts = [{"type": "text", "text": "as it was"}]
    data = {"messages": [{"role": "assistant", "text": "as it was changed", "parts": parts}]}
    assert _texts(chat.store.import_(data)) == ["as it was changed"]


@pytest.mark.parametrize("status", ["pending", "streaming", "cancelled"])
def test_a_reply_that_was_under_way_is_interrupted(chat: Chat, status: str) -> None:
    data = {"messages": [{"role": "assistant", "text": "Beca", "streaming_status": status}]}
    assert chat.store.import_(data).messages[0].status is StreamingStatus.INTERRUPTED


def _with(**values: object) -> dict[str, object]:
    return {"messages": [{"role": "assistant", "text": "x"} | values]}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (None, "no list of"),
        ([], "no list of"),
        ({"messages": "x"}, "no list of"),
        ({"messages": []}, "no message"),
        ({"format": "other", "messages": []}, "its format is 'other'"),
        ({"format": "x" * 3_000_000, "messages": []}, "^.{1,300}$"),
        ({"version": 2, "messages": []}, "version 2"),
        ({"messages": ["x"]}, "Message 1 cannot be read: it is not an object"),
        ({"messages": [{"role": "user", "text": "x"}, {"role": "system", "text": "x"}]}, "Message 2 .* role"),
        ({"messages": [{"role": ["user"], "text": "x"}]}, "role"),
        ({"messages": [{"role": "user"}]}, "no text"),
        ({"messages": [{"role": "user", "text": 1}]}, "no text"),
        (_with(streaming_status="done"), "done"),
        (_with(streaming_status=3), "3"),
        (_with(created_at="yesterday"), "'yesterday' is not a time"),
        (_with(created_at="0001-01-01T00:00:00+14:00"), "not a time"),
        (_with(stream_metadata={"mode": "carrier pigeon"}), "carrier pigeon"),
        (_with(stream_metadata={"cost_usd": "a lot"}), "wrong kind"),
        (_with(stream_metadata={"metrics": {"ttft_ms": []}}), "wrong kind"),
        (_with(stream_metadata={"seams": ["x"]}), "wrong kind"),
        (_with(stream_metadata={"error": "x"}), "wrong kind"),
        (_with(stream_metadata={"model": 1}), "wrong kind"),
        (_with(parts=[{"type": "no such part"}]), "no such part"),
        ({"messages": [{"role": "user", "text": "x"}], "branches": [1]}, "Message 1 of the branches"),
        ({"created_at": "x", "messages": [{"role": "user", "text": "x"}]}, "not a time"),
    ],
)
def test_bad_data_is_refused_with_a_sentence_and_nothing_is_stored(chat: Chat, data: object, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence) as refused:
        chat.store.import_(data)
    assert str(refused.value).endswith(".")
    assert chat.store.conversations() == []


DEEP = json.loads("[" * 700 + "]" * 700)


@pytest.mark.parametrize(
    "values",
    [
        {"stream_metadata": {"model": None}},
        {"stream_metadata": {"stop_details": {"deep": DEEP}}},
        {"stream_metadata": {"usage": {"input_tokens": 10**400, "web_search_requests": 10**400}}},
        {"stream_metadata": {"cost_usd": 10**400, "metrics": {"events": 10**400}, "seams": [10**400, -1]}},
        {"stream_metadata": {"error": {"kind": {"a": 1}, "sentence": ["x"]}}, "streaming_status": "failed"},
        {"stream_metadata": {"provider": "p" * 10**6}},
        {"parts": [{"type": "text", "text": "x", "citations": [1]}]},
        {"parts": [{"type": "text", "text": "x", "citations": [{"deep": DEEP}]}]},
        {"id": "i" * 10**6},
    ],
)
def test_what_is_imported_is_stored_and_can_be_read_again(chat: Chat, values: dict[str, object]) -> None:
    imported = chat.store.import_(_with(**values))
    assert chat.read(imported.id) == imported
    assert _texts(imported) == ["x"]
    assert chat.problems == []


def test_an_import_that_cannot_be_written_fails(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(merging, "store_conversation", fails)
    with pytest.raises(OSError, match="could not be saved"):
        chat.store.import_(_with())
    assert chat.store.conversations() == []


@pytest.mark.parametrize("text", ["x" * 8_000_001, ""])
def test_a_message_has_a_length_and_a_number_of_parts(chat: Chat, text: str) -> None:
    parts = [{"type": "text", "text": ""}] * 5_001
    with pytest.raises(ValueError, match="more than") as refused:
        chat.store.import_(_with(text=text, parts=parts))
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("parts", ["x", ["x"], [{"type": "text", "text": "x", "citations": 3}]])
def test_parts_that_make_no_sense_leave_the_text(chat: Chat, parts: object) -> None:
    assert _texts(chat.store.import_(_with(parts=parts))) == ["x"]


def test_exporting_what_is_not_there_says_so(chat: Chat) -> None:
    with pytest.raises(LookupError, match="There is no conversation xyz"):
        chat.store.export("xyz")


def test_no_file_gives_leave_to_a_tool() -> None:
    data = {"messages": [{"role": "user", "text": "Hi"}], "settings": {f"{KEPT}a:b": "a:b", "persona": "tutor"}}
    assert imported(data).settings == {"persona": "tutor"}


def test_a_conversations_own_settings_go_with_it_and_name_its_messages_anew(chat: Chat) -> None:
    conversation = chat.exchange("Why?", "Because.")
    assert "settings" not in chat.store.export(conversation.id)
    chat.store.save_settings(conversation.id, {"persona": "tutor", "from": conversation.messages[1].id})
    copy = chat.store.import_(json.loads(json.dumps(chat.store.export(conversation.id))))
    assert chat.store.settings(copy.id) == {"persona": "tutor", "from": copy.messages[1].id}


def test_what_is_still_here_is_not_added_again(chat: Chat) -> None:
    conversation = chat.exchange("Two", "2", chat.exchange("One", "1"))
    chat.finish(chat.regenerate(conversation, conversation.messages[1].id), "uno")
    data = json.loads(json.dumps(chat.store.export(conversation.id)))
    assert chat.store.add_imported(imported(data)) is ImportOutcome.UNCHANGED
    assert json.loads(json.dumps(chat.store.export(conversation.id))) == data


def test_what_has_grown_elsewhere_grows_here(chat: Chat, open_chat: Opener, tmp_path: Path) -> None:
    elsewhere = open_chat(tmp_path / "elsewhere")
    begun = elsewhere.exchange("One", "1")
    assert chat.store.add_imported(imported(elsewhere.store.export(begun.id))) is ImportOutcome.ADDED
    grown = elsewhere.exchange("Two", "2", begun)
    assert chat.store.add_imported(imported(elsewhere.store.export(begun.id))) is ImportOutcome.EXTENDED
    assert chat.read(begun.id) == grown


def test_what_was_chosen_and_marked_elsewhere_comes_along(chat: Chat, open_chat: Opener, tmp_path: Path) -> None:
    elsewhere = open_chat(tmp_path / "elsewhere")
    talk = elsewhere.exchange("One", "1")
    elsewhere.store.save_settings(talk.id, {"persona": "tutor"})
    chat.store.add_imported(imported(elsewhere.store.export(talk.id)))
    assert chat.store.settings(talk.id) == {"persona": "tutor"}
    elsewhere.store.marks.tag(talk.id, ["work"]).result(PATIENCE_S)
    elsewhere.store.marks.bookmark(talk.messages[1].id).result(PATIENCE_S)
    assert chat.store.add_imported(imported(elsewhere.store.export(talk.id))) is ImportOutcome.UNCHANGED
    assert chat.store.marks.of(talk.id) == elsewhere.store.marks.of(talk.id)


def test_what_has_also_grown_here_stays_in_sight(chat: Chat, open_chat: Opener, tmp_path: Path) -> None:
    elsewhere = open_chat(tmp_path / "elsewhere")
    begun = elsewhere.exchange("One", "1")
    chat.store.add_imported(imported(elsewhere.store.export(begun.id)))
    elsewhere.exchange("Two", "2", begun)
    here = chat.exchange("Deux", "deux", chat.read(begun.id))
    assert chat.store.add_imported(imported(elsewhere.store.export(begun.id))) is ImportOutcome.EXTENDED
    assert _texts(chat.read(begun.id)) == ["One", "1", "Deux", "deux"]
    assert len(chat.store.branches(here.messages[2].id)) == 2


def test_what_was_deleted_comes_back(chat: Chat) -> None:
    conversation = chat.exchange("Why?", "Because.")
    data = chat.store.export(conversation.id)
    chat.store.delete(conversation.id)
    assert chat.store.add_imported(imported(data)) is ImportOutcome.ADDED
    assert chat.read(conversation.id) == conversation
    chat.store.delete(conversation.id)
    chat.store.purge_deleted().result(PATIENCE_S)
    assert chat.store.add_imported(imported(data)) is ImportOutcome.ADDED
    assert chat.read(conversation.id) == conversation


def test_messages_without_ids_are_known_again_by_what_they_say(chat: Chat) -> None:
    data = {"messages": [{"role": "user", "text": "Why?"}, {"role": "assistant", "text": "So."}]}
    assert chat.store.add_imported(imported(data)) is ImportOutcome.ADDED
    assert chat.store.add_imported(imported(data)) is ImportOutcome.UNCHANGED
    data["messages"].append({"role": "user", "text": "And?"})
    assert chat.store.add_imported(imported(data)) is ImportOutcome.EXTENDED
    [only] = chat.store.conversations()
    assert _texts(chat.read(only.id)) == ["Why?", "So.", "And?"]


def test_ids_that_occur_twice_are_those_of_two_messages(chat: Chat) -> None:
    same = {"id": "0" * 32, "role": "user", "text": "x"}
    assert _texts(chat.store.import_({"messages": [same, same, {**same, "id": "1"}]})) == ["x", "x", "x"]
