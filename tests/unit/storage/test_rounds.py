"""A round: one prompt, and the replies of several models to it, which come at the same time."""

from __future__ import annotations

import signal
import subprocess
import sys
from itertools import pairwise, permutations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.waiting import PATIENCE_S
from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, Message, Role, StreamingStatus, utc_now
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import PendingReply
from tui_chat.chat.request import turns_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.unit.storage.conftest import Chat, Opener

ABOUTS = [ReplyMetadata(provider="anthropic", model=f"m{n}", contender=f"M {n}") for n in range(3)]

# Journals numbers to three replies, and says what it has handed over.
_STREAMER = """
import sys
from pathlib import Path
from tui_chat.chat import exchange
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.events import TextDelta
from tui_chat.chat.message import Conversation, utc_now
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.storage import Store

store = Store.open(Path(sys.argv[1]), on_problem=print)
abouts = [ReplyMetadata(contender=name) for name in ("A", "B", "C")]
pending = exchange.round(Conversation(), Prompt("Count."), abouts, utc_now())
for each in pending:
    store.journal.begin(each).result()
number = 0
while True:
    for each in pending:
        store.journal.append(each.reply.id, [TextDelta(0, f"{number} ")])
    if not store.flush(120):
        sys.exit("the disk is too slow")
    print(pending[0].conversation.id, number, flush=True)
    number += 1
"""


def begun(chat: Chat, conversation: Conversation | None = None, prompt: Prompt | None = None) -> Sequence[PendingReply]:
    """Return a round that is under way."""
    pending = exchange.round(conversation or Conversation(), prompt or Prompt("Why?"), ABOUTS, utc_now())
    for each in pending:
        chat.begin(each)
    return pending


def tree(chat: Chat, conversation_id: str) -> list[tuple[str, str, str]]:
    """Return role, text and contender of every message, whatever branch it is on."""
    data = chat.store.export(conversation_id)
    messages, branches = data["messages"], data.get("branches", [])
    assert isinstance(messages, list)
    assert isinstance(branches, list)
    return sorted(
        (each["role"], each["text"], (each["stream_metadata"] or {}).get("contender", ""))
        for each in (*messages, *branches)
    )


def test_the_replies_are_branches_of_one_prompt_in_their_order_and_share_a_round(chat: Chat) -> None:
    pending = begun(chat)
    for number, each in enumerate(pending):
        chat.stream(each, f"{number}")
    for number, each in enumerate(pending):
        chat.finish(each, f"{number} done")
    ids = [each.reply.id for each in pending]
    assert chat.store.branches(ids[0]) == ids
    assert len({each.reply.metadata.round for each in pending}) == 1
    assert tree(chat, pending[0].conversation.id) == [
        ("assistant", "0 done", "M 0"), ("assistant", "1 done", "M 1"), ("assistant", "2 done", "M 2"),
        ("user", "Why?", ""),
    ]  # fmt: skip


def test_what_is_sent_next_in_each_branch_is_valid(chat: Chat) -> None:
    pending = begun(chat, chat.exchange("One", "1"))
    chat.finish(pending[0], "So.")
    chat.finish(pending[1], "", StreamingStatus.STOPPED)
    chat.discard(pending[2])
    for each, said in zip(pending, ("So.", ""), strict=False):
        chat.store.select_branch(each.conversation.id, each.reply.id)
        shown = chat.read(each.conversation.id)
        assert [message.text for message in shown.messages] == ["One", "1", "Why?", said]
        roles = [
            turn.role
            for turn in turns_from(
                exchange.send(shown, Prompt("Next"), ABOUTS[0], utc_now()).conversation.messages[:-1]
            )
        ]
        assert roles[0] == Role.USER
        assert all(one != other for one, other in pairwise(roles))


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_a_round_that_is_discarded_leaves_nothing_and_shows_what_was_there(chat: Chat, order: Sequence[int]) -> None:
    before = chat.exchange("Two", "2", chat.exchange("One", "1"))
    pending = begun(chat, before, Prompt("Two!", in_place_of=before.messages[2].id))
    for number in order:
        chat.discard(pending[number])
    assert chat.read(before.id).messages == before.messages
    assert tree(chat, before.id) == [
        ("assistant", "1", ""),
        ("assistant", "2", ""),
        ("user", "One", ""),
        ("user", "Two", ""),
    ]


@pytest.mark.parametrize("gone", [(0,), (2,), (1, 2), (2, 1), (0, 2)])
def test_one_that_is_discarded_costs_only_itself(chat: Chat, gone: Sequence[int]) -> None:
    pending = begun(chat, chat.exchange("One", "1"))
    for number in gone:
        chat.discard(pending[number])
    left = [each for number, each in enumerate(pending) if number not in gone]
    shown = chat.read(pending[0].conversation.id).last
    assert shown
    assert shown.id == left[-1].reply.id
    for each in left:
        chat.finish(each, "Because.")
    assert chat.store.branches(left[0].reply.id) == [each.reply.id for each in left]


def test_it_is_the_same_after_it_was_exported_and_imported(chat: Chat, open_chat: Opener, tmp_path: Path) -> None:
    pending = begun(chat)
    for number, each in enumerate(pending):
        chat.finish(each, f"{number}")
    conversation = chat.read(pending[0].conversation.id)
    other = open_chat(tmp_path / "other")
    other.store.import_(chat.store.export(conversation.id))
    assert tree(other, conversation.id) == tree(chat, conversation.id)
    siblings = other.store.branches(pending[0].reply.id)
    assert set(siblings) == {each.reply.id for each in pending}
    assert other.read(conversation.id) == conversation
    assert conversation.messages[-1].metadata.round == pending[0].reply.metadata.round != ""


def test_the_rest_of_a_reply_belongs_to_its_round(chat: Chat) -> None:
    pending = begun(chat)
    stopped = chat.finish(pending[2], "Beca", StreamingStatus.STOPPED)
    going_on = chat.go_on(stopped).reply.metadata
    assert (going_on.round, going_on.contender) == (pending[2].reply.metadata.round, "M 2")


def test_kill_9_in_the_middle_keeps_the_prompt_once_and_what_came_of_each(folder: Path, open_chat: Opener) -> None:
    counting = subprocess.Popen([sys.executable, "-c", _STREAMER, str(folder)], stdout=subprocess.PIPE, text=True)
    assert counting.stdout
    lines = [counting.stdout.readline() for _ in range(40)]
    counting.send_signal(signal.SIGKILL)
    counting.stdout.close()
    counting.wait(PATIENCE_S)
    chat, conversation_id = open_chat(), lines[0].split()[0]
    last = chat.read(conversation_id).last
    assert last
    replies = []
    for id in chat.store.branches(last.id):
        chat.store.select_branch(conversation_id, id)
        replies.append(_last(chat, conversation_id))
    assert [reply.metadata.contender for reply in replies] == ["A", "B", "C"]
    assert len({reply.metadata.round for reply in replies}) == 1
    for reply in replies:
        assert reply.status is StreamingStatus.INTERRUPTED
        assert reply.text.split()[:40] == [str(number) for number in range(40)]
    assert [message[0] for message in tree(chat, conversation_id)].count("user") == 1


def _last(chat: Chat, conversation_id: str) -> Message:
    last = chat.read(conversation_id).last
    assert last
    return last
