"""The figures of a reply that is coming."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from tui_chat.chat import exchange
from tui_chat.chat.events import TextDelta, ThinkingDelta
from tui_chat.chat.message import Conversation, StreamingStatus, utc_now
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.parts import TextPart
from tui_chat.chat.prompt import Prompt
from tui_chat.streaming.job import ReplyJob
from tui_chat.streaming.journal_feed import JOURNAL_INTERVAL_S
from tui_chat.streaming.phase import Phase, Step
from tui_chat.streaming.stop import Outcome
from tui_chat.ui.chat import live_reply
from tui_chat.ui.chat.live_reply import LONGEST_REST_S, LiveReply, ReplyListener


def test_a_reply_that_goes_on_is_timed_from_its_own_request_to_its_own_first_text() -> None:
    asked = exchange.send(Conversation(), Prompt("Why?"), ReplyMetadata(), utc_now())
    broken = replace(asked.reply, parts=(TextPart("It was so."),), status=StreamingStatus.STOPPED)
    stopped = asked.conversation.with_message(broken)
    pending = exchange.go_on(stopped, asked.reply.id, ReplyMetadata(), utc_now())
    job = cast(ReplyJob, SimpleNamespace(pending=pending))
    live = LiveReply(job, None, stopped, cast(ReplyListener, None), 0.0, 30)
    live.drain(1.0)
    live.sent_at = 2.0
    assert live.ttft_s is None
    live.buffer.put(TextDelta(0, " And more."))
    live.drain(5.0)
    assert live.ttft_s == 3.0


def test_a_reply_is_timed_from_the_request_that_its_text_came_of() -> None:
    pending = exchange.send(Conversation(), Prompt("Why?"), ReplyMetadata(), utc_now())
    listener = cast(ReplyListener, SimpleNamespace(phase_changed=lambda _: None))
    live = LiveReply(cast(ReplyJob, SimpleNamespace(pending=pending)), None, Conversation(), listener, 0.0, 30)
    for phase in (Phase(Step.WAITING, since=1.0), Phase(Step.RETRYING, since=2.0), Phase(Step.WAITING, since=6.0)):
        live.on_phase(phase)
    live.buffer.put(TextDelta(0, "So it is."))
    live.drain(8.0)
    live.on_phase(Phase(Step.WAITING, since=9.0))
    assert live.ttft_s == 2.0


def test_nothing_of_a_reply_waits_to_be_shown_while_another_conversation_is_on_the_screen() -> None:
    pending = exchange.send(Conversation(), Prompt("Why?"), ReplyMetadata(), utc_now())
    listener = SimpleNamespace(is_looked_at=lambda _: False, tokens_arrived=None)
    job = cast(ReplyJob, SimpleNamespace(pending=pending))
    live = LiveReply(job, None, Conversation(), cast(ReplyListener, listener), 0.0, 30)
    live.buffer.put(TextDelta(0, "So it is."))
    live.on_arrival(live.buffer)
    live.before_wait()
    assert live.unseen
    assert not live.buffer.unshown
    assert live.flowing_since is not None
    assert live.caught_up().text == "So it is."


@pytest.mark.parametrize(
    ("looked_at", "frames_per_second", "rest_s"),
    [(True, 50, 0.02), (True, 5, LONGEST_REST_S), (False, 50, LONGEST_REST_S)],
)
def test_text_gathers_for_a_frame_once_it_flows(
    looked_at: bool, frames_per_second: int, rest_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_reply, "time", SimpleNamespace(monotonic=lambda: 1.0))
    pending = exchange.send(Conversation(), Prompt("Why?"), ReplyMetadata(), utc_now())
    listener = SimpleNamespace(is_looked_at=lambda _: looked_at, phase_changed=lambda _: None)
    job = cast(ReplyJob, SimpleNamespace(pending=pending))
    live = LiveReply(job, None, Conversation(), cast(ReplyListener, listener), 0.0, frames_per_second)
    live.buffer.put(ThinkingDelta(0, "So"))
    for step, expected in ((Step.WAITING, 0.0), (Step.STREAMING, 1.0 + rest_s), (Step.RETRYING, 0.0)):
        live.on_phase(Phase(step, since=1.0))
        assert live.before_wait() == expected
    live.on_phase(Phase(Step.STREAMING, since=1.0))
    live.stop.request(Outcome.KEEP)
    assert live.before_wait() == 0.0


def test_all_that_comes_at_once_is_told_of_once() -> None:
    pending = exchange.send(Conversation(), Prompt("Why?"), ReplyMetadata(), utc_now())
    told = list[int]()
    listener = SimpleNamespace(is_looked_at=lambda _: True, tokens_arrived=lambda it: told.append(it.buffer.unshown))
    job = cast(ReplyJob, SimpleNamespace(pending=pending))
    live = LiveReply(job, None, Conversation(), cast(ReplyListener, listener), 0.0, 30)
    for text in ("So ", "it ", "is."):
        if live.buffer.put(TextDelta(0, text)):
            live.on_arrival(live.buffer)
    assert told == []
    live.before_wait()
    live.before_wait()
    assert told == [3]


def test_the_screen_hears_that_a_reply_waits_for_it() -> None:
    pending = exchange.send(Conversation(), Prompt("Why?"), ReplyMetadata(), utc_now())
    told = list[LiveReply]()
    listener = SimpleNamespace(is_looked_at=lambda _: True, tokens_arrived=told.append)
    job = cast(ReplyJob, SimpleNamespace(pending=pending))
    live = LiveReply(job, None, Conversation(), cast(ReplyListener, listener), 0.0, 30)
    for _ in range(1_000):
        live.buffer.put(TextDelta(0, "So "))
    assert live.behind
    live.before_wait()
    live.before_wait()
    assert told == [live, live]


def test_what_gathers_is_in_the_journal_as_soon_as_is_promised() -> None:
    assert LONGEST_REST_S + JOURNAL_INTERVAL_S <= 0.3
