"""What a reply used, over all the requests that it took, and who wrote it."""

from __future__ import annotations

import pytest

from tui_chat.chat.metadata import Mode, ReplyMetadata
from tui_chat.chat.models import Model
from tui_chat.chat.usage import Usage

FIRST = ReplyMetadata(model="a", usage=Usage(10, 5), cost_usd=0.25, estimated=True)
REST = ReplyMetadata(model="b", usage=Usage(30, 7, 1), cost_usd=0.5)


def test_a_continued_reply_has_used_what_both_requests_did() -> None:
    both = REST.after(FIRST)
    assert (both.model, both.usage, both.cost_usd, both.estimated) == ("b", Usage(40, 12, 1), 0.75, True)
    assert not REST.after(REST).estimated


@pytest.mark.parametrize(
    ("earlier", "cost"),
    [
        (ReplyMetadata(), 0.5),
        (ReplyMetadata(cost_usd=0.25), 0.75),
        (ReplyMetadata(usage=Usage(1)), 0.5),
    ],
)
def test_what_is_not_known_of_the_first_request_adds_nothing(earlier: ReplyMetadata, cost: float) -> None:
    after = REST.after(earlier)
    assert after.cost_usd == cost
    assert after.usage == earlier.usage.plus(REST.usage)


def test_what_nothing_is_known_of_costs_nobody_knows_what() -> None:
    assert ReplyMetadata(usage=Usage(1)).after(ReplyMetadata(usage=Usage(1))).cost_usd is None


def test_the_rest_of_a_reply_is_what_came_beyond_its_first_request() -> None:
    beyond = REST.after(FIRST).beyond(FIRST)
    assert (beyond.usage, beyond.cost_usd) == (Usage(30, 7, 1), 0.5)


@pytest.mark.parametrize(
    ("all_of_it", "earlier", "rest"), [(None, 0.25, None), (0.5, None, 0.5), (0.25, 0.5, 0.0), (0.5, 0.25, 0.25)]
)
def test_the_cost_of_the_rest(all_of_it: float | None, earlier: float | None, rest: float | None) -> None:
    beyond = ReplyMetadata(cost_usd=all_of_it).beyond(ReplyMetadata(cost_usd=earlier))
    assert beyond.cost_usd == rest


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        (Usage(), None),
        (Usage(None, 1, 2, 4), None),
        (Usage(10), 10),
        (Usage(10, 1, 2), 12),
        (Usage(10, 1, None, 4), 14),
        (Usage(10, 1, 2, 4), 16),
    ],
)
def test_a_prompt_has_the_tokens_that_were_cached_too(usage: Usage, tokens: int | None) -> None:
    assert usage.prompt_tokens == tokens


def test_less_than_before_counts_as_nothing_and_unknown_stays_unknown() -> None:
    assert Usage(5, 2, None, 8).minus(Usage(3, 4, 1)) == Usage(2, 0, None, 8)


def test_each_mode_leads_to_the_other() -> None:
    assert [mode.other for mode in Mode] == [Mode.BATCH, Mode.STREAM]


@pytest.mark.parametrize(
    ("model", "remark"),
    [
        (Model("m", retires="2126-01-01"), ""),
        (Model("m", deprecated=True), "deprecated"),
        (Model("m", deprecated=True, retires="2126-01-01"), "deprecated, retires on 2126-01-01"),
        (Model("m", deprecated=True, retires="2026-06-30"), "retired on 2026-06-30"),
    ],
)
def test_a_model_on_its_way_out_says_so(model: Model, remark: str) -> None:
    assert model.remark == remark


def test_why_it_stopped_is_told_in_the_wires_own_word() -> None:
    ours = ReplyMetadata(stop_reason="end_turn")
    assert (ours.wire_stop_reason, ReplyMetadata().wire_stop_reason) == ("end_turn", None)
    theirs = ReplyMetadata(stop_reason="end_turn", stop_details={"finish_reason": "stop"})
    assert theirs.wire_stop_reason == "stop"
    assert ReplyMetadata(stop_reason="end_turn", stop_details={"finish_reason": 7}).wire_stop_reason == "end_turn"
