"""Recovery from a crash: replies that nobody is fetching any more."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.waiting import PATIENCE_S
from tui_chat.chat.events import MessageStart, MessageStop, TextDelta
from tui_chat.chat.message import Conversation, StreamingStatus
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.parts import TextPart
from tui_chat.chat.usage import Usage
from tui_chat.storage import Store

if TYPE_CHECKING:
    from tests.unit.storage.conftest import Chat, Opener

# Journals "0 1 2 ..." and says, on its output, how many of these had been written when it handed over the next.
_STREAMER = """
import sys, time
from pathlib import Path
from tui_chat.chat import exchange
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.events import TextDelta
from tui_chat.chat.message import Conversation, utc_now
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.storage import Store

store = Store.open(Path(sys.argv[1]), on_problem=print)
opening = exchange.send(Conversation(), Prompt("Count."), ReplyMetadata(), utc_now())
store.journal.begin(opening).result()
begun, number = store._writer.queued, 0
while True:
    store.journal.append(opening.reply.id, [TextDelta(0, f"{number} ")])
    print(opening.conversation.id, store._writer.done - begun, flush=True)
    number += 1
    time.sleep(0.002)  # the pace of a quick model
"""


def _crash(chat: Chat) -> None:
    """End a store as a crash would: without a word to the database."""
    owner = chat.store._owner
    assert owner._descriptor is not None
    os.close(owner._descriptor)
    owner._descriptor = None
    owner._folder = None


@pytest.fixture
def counting(folder: Path) -> subprocess.Popen[str]:
    """A program that journals numbers as a quick model sends tokens, until it is killed."""
    return subprocess.Popen([sys.executable, "-c", _STREAMER, str(folder)], stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("seed", range(4))
def test_kill_9_at_any_moment_leaves_a_prefix_with_all_that_had_been_written(
    counting: subprocess.Popen[str], open_chat: Opener, seed: int
) -> None:
    assert counting.stdout
    lines = [counting.stdout.readline() for _ in range(random.Random(seed).randint(1, 150))]
    counting.send_signal(signal.SIGKILL)
    lines += counting.stdout.readlines()
    counting.stdout.close()
    counting.wait()
    conversation_id, written = [line for line in lines if line.endswith("\n")][-1].split()

    chat = open_chat()
    reply = chat.read(conversation_id).last
    assert reply
    assert reply.status is StreamingStatus.INTERRUPTED
    kept = [int(number) for number in reply.text.split()]
    assert kept == list(range(len(kept)))
    assert len(kept) >= int(written)
    assert chat.problems == []


def test_a_live_reply_of_another_program_is_left_alone(counting: subprocess.Popen[str], open_chat: Opener) -> None:
    assert counting.stdout
    conversation_id = counting.stdout.readline().split()[0]
    chat = open_chat()
    reply = chat.read(conversation_id).last
    assert reply
    assert reply.status.live
    counting.kill()
    counting.wait()
    counting.stdout.close()
    reply = chat.read(conversation_id).last
    assert reply
    assert reply.status is StreamingStatus.INTERRUPTED, "the death is noticed without a restart"


def test_an_interrupted_reply_keeps_text_usage_and_model(open_chat: Opener) -> None:
    crashing = open_chat()
    pending = crashing.send("Why?")
    start = MessageStart("msg", "model-1-20260101", Usage(input_tokens=9))
    crashing.store.journal.append(pending.reply.id, [start, TextDelta(0, "Beca")])
    crashing.store.flush(PATIENCE_S)
    _crash(crashing)
    chat = open_chat()
    reply = chat.last(pending)
    assert (reply.status, reply.text) == (StreamingStatus.INTERRUPTED, "Beca")
    assert (reply.metadata.model, reply.metadata.provider) == ("model-1-20260101", "anthropic")
    assert reply.metadata.seams == (), "it came in one go"
    statistics = chat.store.statistics()
    assert (statistics.interrupted, statistics.usage) == (1, Usage(input_tokens=9, output_tokens=1))
    assert (statistics.estimated, reply.metadata.estimated) == (1, True)


class PriceOfTokens:
    """A dollar a token."""

    def cost_usd(self, about: ReplyMetadata, usage: Usage) -> float | None:
        return None if usage.output_tokens is None else float((usage.input_tokens or 0) + usage.output_tokens)


def test_an_interrupted_reply_has_a_cost(open_chat: Opener, folder: Path) -> None:
    crashing = open_chat()
    pending = crashing.send("Why?")
    start = MessageStart("msg", "model-1", Usage(input_tokens=9))
    crashing.store.journal.append(pending.reply.id, [start, TextDelta(0, "Because of rain")])
    crashing.store.flush(PATIENCE_S)
    _crash(crashing)
    store = Store.open(folder, on_problem=print, prices=PriceOfTokens)
    sums = store.statistics()
    store.close()
    assert (sums.cost_usd, sums.estimated) == (14.0, 1)


def test_a_reply_that_was_never_begun_by_the_provider_is_interrupted_and_empty(open_chat: Opener) -> None:
    crashing = open_chat()
    pending = crashing.send("Why?")
    _crash(crashing)
    reply = open_chat().last(pending)
    assert (reply.status, reply.parts) == (StreamingStatus.INTERRUPTED, ())
    assert (reply.metadata.usage, reply.metadata.estimated) == (Usage(), False)


def test_a_reply_whose_end_was_journalled_is_complete(open_chat: Opener) -> None:
    crashing = open_chat()
    pending = crashing.send("Why?")
    start = MessageStart("msg", "model-1", Usage(input_tokens=9))
    crashing.store.journal.append(pending.reply.id, [start, TextDelta(0, "Because."), MessageStop()])
    crashing.store.flush(PATIENCE_S)
    _crash(crashing)
    reply = open_chat().last(pending)
    assert reply.status is StreamingStatus.COMPLETE
    assert (reply.metadata.usage, reply.metadata.estimated) == (Usage(input_tokens=9), False)


def test_the_rest_of_a_reply_that_a_crash_cut_off_is_added_to_what_there_was(open_chat: Opener) -> None:
    crashing = open_chat()
    pending = crashing.send("Why?")
    about = replace(pending.reply.metadata, cost_usd=0.5)
    stopped = replace(pending.reply, parts=(TextPart("Beca"),), status=StreamingStatus.STOPPED, metadata=about)
    crashing.store.journal.finish(stopped)
    pending = crashing.go_on(crashing.read(pending.conversation.id))
    crashing.stream(pending, "us")
    _crash(crashing)
    chat = open_chat()
    reply = chat.last(pending)
    assert (reply.parts, reply.metadata.seams) == ((TextPart("Becaus"),), (4,))
    assert chat.store.statistics().cost_usd == 0.5, "the earlier attempt is not charged again"


def test_a_continuation_of_which_nothing_came_leaves_no_seam(open_chat: Opener) -> None:
    crashing = open_chat()
    pending = crashing.go_on(crashing.finish(crashing.send("Why?"), "Beca", StreamingStatus.STOPPED))
    _crash(crashing)
    reply = open_chat().last(pending)
    assert (reply.text, reply.metadata.seams) == ("Beca", ())


def test_recovery_is_done_once_however_many_programs_start(open_chat: Opener) -> None:
    crashing = open_chat()
    pending = crashing.send("Why?")
    crashing.stream(pending, "Be")
    _crash(crashing)
    one, two = open_chat(), open_chat()
    assert one.last(pending) == two.last(pending)
    assert one.store.statistics().interrupted == 1


def test_the_marks_of_dead_programs_are_cleared_away(open_chat: Opener, folder: Path) -> None:
    crashing = open_chat()
    crashing.send("Why?")
    name = crashing.store._owner.name
    _crash(crashing)
    chat = open_chat()
    chat.send("And now?")
    assert [path.name for path in (folder / "running").iterdir()] == [chat.store._owner.name] != [name]
    chat.store.close()
    assert list((folder / "running").iterdir()) == []


def test_an_owner_from_elsewhere_cannot_name_a_file_outside_the_folder(chat: Chat, tmp_path: Path) -> None:
    outside = tmp_path / "precious"
    outside.touch()
    chat.send("Why?")
    assert not chat.store._owner.is_alive("../../precious")
    assert outside.exists()


def test_two_programs_write_at_once_and_neither_loses_a_message(open_chat: Opener) -> None:
    one, two = open_chat(), open_chat()
    conversation = one.exchange("Start", "Go")
    openings = [
        (chat, chat.send(f"{name} {number}", replace(Conversation(), title=name)))
        for number in range(10)
        for name, chat in (("one", one), ("two", two))
    ]
    for chat, pending in openings:
        chat.store.journal.append(pending.reply.id, [TextDelta(0, pending.reply.id)])
    for chat, pending in openings:
        reply = replace(pending.reply, parts=(TextPart(pending.reply.id),), status=StreamingStatus.COMPLETE)
        chat.store.journal.finish(reply)
    assert one.store.flush(PATIENCE_S)
    assert two.store.flush(PATIENCE_S)
    assert len(one.store.conversations()) == 21
    for chat, pending in openings:
        other = two if chat is one else one
        assert other.last(pending).text == pending.reply.id
    assert one.read(conversation.id) == two.read(conversation.id)
    assert one.problems + two.problems == []


def test_two_programs_that_cancel_in_one_conversation_leave_it_as_it_was(open_chat: Opener) -> None:
    one, two = open_chat(), open_chat()
    conversation = one.exchange("Start", "Go")
    mine, theirs = one.send("Mine", conversation), two.send("Theirs", conversation)
    one.discard(mine)
    two.discard(theirs)
    assert one.read(conversation.id).messages == conversation.messages


def test_a_prompt_that_another_program_has_answered_again_stays_when_its_first_reply_is_cancelled(
    open_chat: Opener,
) -> None:
    one, two = open_chat(), open_chat()
    pending = one.send("Why?")
    again = two.regenerate(two.read(pending.conversation.id), pending.reply.id)
    one.discard(pending)
    assert [message.text for message in two.finish(again, "Because.").messages] == ["Why?", "Because."]
