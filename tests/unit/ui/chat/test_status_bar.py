"""The figures of the status line keep their places while they count."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, utc_now
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.usage import Usage
from tui_chat.program.request_estimate import RequestEstimate
from tui_chat.streaming.job import ReplyJob
from tui_chat.streaming.phase import Phase, Step
from tui_chat.ui.chat.live_reply import LiveReply, ReplyListener
from tui_chat.ui.chat.status_bar import Status, live_status


def widths(elapsed_s: int, written: int, speed: float) -> list[int]:
    """Return the width of the shortest form of each piece."""
    status = Status("Streaming", elapsed_s=elapsed_s, tokens_written=written, tokens_per_second=speed)
    return [len(piece.forms[0].text) for piece in status.pieces(plain=True)]


def test_figures_that_count_stay_where_they_are() -> None:
    assert widths(1, 9, 7.2) == widths(59, 9_999, 888.8)


def test_what_comes_and_goes_moves_nothing() -> None:
    calm = [*Status("Streaming", model="demo", elapsed_s=9).pieces(plain=True)]
    assert [*Status("Streaming", model="demo", elapsed_s=9, notice="stalled").pieces(plain=True)][:-1] == calm


def test_the_context_stays_where_it_is_when_a_reply_comes_and_has_come() -> None:
    forecast, usage = RequestEstimate(5, window=1_000_000), Usage(9, 99)
    calm = [*Status(model="demo", forecast=forecast).pieces(plain=True)]
    live = Status("Streaming", model="demo", forecast=forecast, elapsed_s=9, tokens_written=9, tokens_per_second=9)
    for status in (live, Status(model="demo", forecast=forecast, usage=usage)):
        assert [*status.pieces(plain=True)][: len(calm)] == calm


@pytest.mark.parametrize(("since", "word", "elapsed_s"), [(0.4, "Waiting 4 s", None), (3.0, "Waiting 2 s", 5)])
def test_a_wait_and_the_whole_time_are_both_told_only_where_they_differ(
    since: float, word: str, elapsed_s: int | None
) -> None:
    pending = exchange.send(Conversation(), Prompt("Why?"), ReplyMetadata(), utc_now())
    job = cast(ReplyJob, SimpleNamespace(pending=pending))
    live = LiveReply(job, None, Conversation(), cast(ReplyListener, None), 0.0, 30)
    live.phase = Phase(Step.WAITING, since=since)
    status = live_status(live, 5.0)
    assert (status.word, status.elapsed_s) == (word, elapsed_s)
