"""Search in everything that was said."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.storage.conftest import ABOUT, now
from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, Role, StreamingStatus
from tui_chat.chat.parts import FilePart
from tui_chat.chat.prompt import Prompt
from tui_chat.storage import migrations
from tui_chat.storage.connecting import connected

if TYPE_CHECKING:
    from tests.unit.storage.conftest import Chat, Opener

REPLY = 'Use `asyncio.gather()` — „größer“ 你好吗 100%_sure "quoted" C++ end'


@pytest.fixture(params=["index", "no index"])
def searching(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, open_chat: Opener) -> Chat:
    """Someone who chats, with SQLite's full-text search and without."""
    if request.param == "no index":
        monkeypatch.setattr(migrations, "_SEARCH", "CREATE VIRTUAL TABLE search USING no_such_module (text)")
    return open_chat()


FOUND = ("gather", "GATHER", "asyncio.gather()", "sync", "größer", "你好", "你", "好吗", "100%_", "%",
         '"quoted"', 'ed"', "c++", "end use", "e", "en US")  # fmt: skip
NOT_FOUND = ("gathering", "gather nothing", "100_", "%%", "", " ", "\0", "\ud800", "\U0010ffff", '"', "NEAR(a b)")


def test_every_word_is_found_anywhere_in_any_letter_case(searching: Chat) -> None:
    conversation = searching.exchange("How?", REPLY)
    searching.exchange("Nothing", "to find h")
    for query in FOUND:
        hits = [hit for hit in searching.store.search(query, 10) if hit.conversation_id == conversation.id]
        found = [(hit.message_id, hit.role) for hit in hits]
        assert found == [(conversation.messages[1].id, Role.ASSISTANT)], query


def test_what_is_not_there_is_not_found(searching: Chat) -> None:
    searching.exchange("How?", REPLY.replace('"', ""))
    assert [query for query in NOT_FOUND if searching.store.search(query, 10)] == []


def test_hits_come_newest_first_with_the_text_around_what_was_found(chat: Chat) -> None:
    first = chat.exchange("One", "x" * 500 + " needle " + "y" * 500)
    second = chat.exchange("Two", "a needle at the beginning \ud800")
    hits = chat.store.search("needle", 10)
    assert [hit.conversation_id for hit in hits] == [second.id, first.id]
    assert hits[0].snippet == "a needle at the beginning \ud800"
    assert hits[1].snippet == "…" + "x" * 79 + " needle " + "y" * 79 + "…"
    assert (hits[1].title, len(chat.store.search("needle", 1))) == ("One", 1)
    chat.exchange("Three", "needle" + "z" * 80)
    assert chat.store.search("needle", 1)[0].snippet == "needle" + "z" * 80


def test_the_index_follows_a_reply_that_changes(chat: Chat) -> None:
    stopped = chat.finish(chat.send("Why?"), "Becau", StreamingStatus.STOPPED)
    chat.finish(chat.go_on(stopped), "Because of that")
    assert len(chat.store.search("that", 5)) == 1
    chat.discard(chat.send("A cancelled \ud800 prompt"))
    chat.exchange("\ud800", "\udfff kept")
    assert chat.store.search("cancelled", 5) == []
    chat.store.delete(stopped.id)
    chat.store.purge_deleted()
    assert chat.store.search("because", 5) == []
    with closing(connected(chat.store.path.as_uri() if chat.store.path else "")) as connection:
        connection.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")


def test_other_branches_are_searched_too(chat: Chat) -> None:
    conversation = chat.exchange("One", "uno")
    chat.finish(chat.regenerate(conversation, conversation.messages[1].id), "eins")
    [hit] = chat.store.search("uno", 5)
    chat.store.select_branch(hit.conversation_id, hit.message_id)
    assert chat.read(conversation.id).messages == conversation.messages


def test_a_pasted_page_as_a_query_does_no_harm(chat: Chat) -> None:
    chat.exchange("One", "a b c")
    assert chat.store.search("a b c " * 100_000, 5)
    assert chat.store.search(" ".join(map(str, range(100_000))), 5) == []
    assert chat.store.search("x" * 1_000_000, 5) == []
    assert chat.problems == []


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=20))
def test_no_query_fails(chat: Chat, query: str) -> None:
    chat.store.search(query, 5)
    chat.store.conversations(query=query)
    chat.store.prompts(5, query)
    assert chat.problems == []


FILTERED: Mapping[str, list[str]] = {
    "gather from:me": [],
    "gather from:model": ["reply"],
    "from:me": ["prompt"],
    '"gather()`"': ["reply"],
    '"gather end"': [],
    "gath*": ["reply"],
    "ather*": [],
    "gather before:2020": [],
    "gather after:2020": ["reply"],
    "gather model:MODEL-": ["reply"],
    "gather model:opus": [],
    "has:file": [],
    "has:code": [],
    "is:pinned": [],
    "tag:work": [],
    "foo:bar": [],
}


def test_filters_narrow_what_is_found(searching: Chat) -> None:
    conversation = searching.exchange("How?", REPLY)
    names = dict(zip((message.id for message in conversation.messages), ("prompt", "reply"), strict=True))
    found = {query: [names[hit.message_id] for hit in searching.store.search(query, 10)] for query in FILTERED}
    assert found == FILTERED
    assert searching.problems == []


def test_files_and_code_are_searched(searching: Chat) -> None:
    searching.exchange("One", "uno")
    prompt = Prompt("Two", files=(FilePart("notes.txt", "text/plain", "Some notes."),))
    pending = searching.begin(exchange.send(Conversation(), prompt, ABOUT, now()))
    searching.finish(pending, "```python\nprint()\n```")
    assert [hit.role for hit in searching.store.search("has:file", 10)] == [Role.USER]
    assert [hit.role for hit in searching.store.search("has:code", 10)] == [Role.ASSISTANT]


def test_a_title_is_not_found_by_more_than_its_words(searching: Chat) -> None:
    conversation = searching.exchange("Red fruit", "Strawberries.")
    searching.store.rename(conversation.id, "Raspberries")
    assert [summary.id for summary in searching.store.conversations(query="rasp*")] == [conversation.id]
    assert searching.store.conversations(query="rasp* is:pinned") == []


def test_the_newest_come_first_each_once_also_where_a_short_word_is_at_the_end(searching: Chat) -> None:
    replies = [searching.exchange("?", text).messages[1].id for text in ("abc", "it is ab", "ab and ab", "so ab")]
    for limit in range(1, 5):
        assert [hit.message_id for hit in searching.store.search("ab", limit)] == replies[::-1][:limit]


def test_marks_are_searched(searching: Chat) -> None:
    one, two = searching.exchange("One", "uno"), searching.exchange("Two", "dos")
    marks = searching.store.marks
    marks.pin(one.id)
    marks.tag(one.id, ["work"])
    marks.archive(two.id)
    marks.bookmark(two.messages[1].id)
    store = searching.store
    assert {hit.conversation_id for hit in store.search("is:pinned", 10)} == {one.id}
    assert {hit.conversation_id for hit in store.search("tag:Work", 10)} == {one.id}
    assert [hit.message_id for hit in store.search("is:bookmarked", 10)] == [two.messages[1].id]
    assert [summary.id for summary in store.conversations(query="is:archived")] == [two.id]
    assert store.conversations(query="dos") == []


@pytest.mark.parametrize(
    "text", ["ab", "b", "xab", "ab at the beginning", "in the middle ab of it", "ÄB", "你好", "x你好", "你"]
)
def test_short_words_are_found_wherever_they_stand(searching: Chat, text: str) -> None:
    conversation = searching.exchange("?", text)
    for word in {text[:2], text[-2:], text[:1], text[-1:], text[-2:-1]} - {""}:
        hits = {hit.message_id for hit in searching.store.search(word.swapcase(), 10)}
        assert conversation.messages[1].id in hits, word


def test_a_reply_that_is_coming_is_found_by_what_has_come(searching: Chat) -> None:
    coming = searching.send("Why?")
    searching.stream(coming, "Because of the ", "lighthouse")
    [hit] = searching.store.search("lighthouse", 10)
    assert (hit.message_id, hit.snippet) == (coming.reply.id, "Because of the lighthouse")
    [(summary, found)] = searching.store.found("light*")
    assert (summary.id, found) == (coming.conversation.id, hit)


def test_a_message_is_named_by_the_beginning_of_its_id(chat: Chat) -> None:
    conversation = chat.exchange("One", "uno")
    first, second = (message.id for message in conversation.messages)
    assert chat.store.message_id(conversation.id, first[:12]) == first
    assert chat.store.message_id(conversation.id, "") == ""
    assert chat.store.message_id(conversation.id, "nothing") == ""
    assert chat.store.message_id("elsewhere", second) == ""
