"""The usage of a reply's requests: as counted by the provider, estimated only for what broke off."""

from __future__ import annotations

from tui_chat.chat.estimate import estimate_tokens, tokens_in
from tui_chat.chat.events import InputJsonDelta, MessageDelta, MessageStart, MessageStop, TextDelta, ThinkingDelta
from tui_chat.chat.message import Role
from tui_chat.chat.parts import TextPart
from tui_chat.chat.request import ReplyRequest, Turn
from tui_chat.chat.usage import Usage
from tui_chat.streaming.usage_ledger import UsageLedger

REQUEST = ReplyRequest("m", (Turn(Role.USER, (TextPart("Why is it so?"),)),))
STARTED = MessageStart("1", "m", Usage(10, 1))
"""Its one token of output is the placeholder that a provider sends before it has counted."""


def begun(ledger: UsageLedger | None = None, *, sent: bool = True) -> UsageLedger:
    ledger = ledger or UsageLedger()
    ledger.begin(REQUEST)
    if sent:
        ledger.sent()
    return ledger


def test_a_whole_reply_costs_what_the_provider_counted() -> None:
    ledger = begun()
    for event in (STARTED, TextDelta(0, "Because."), MessageDelta("end_turn", Usage(output_tokens=7)), MessageStop()):
        ledger.note(event)
    assert (ledger.usage, ledger.estimated) == (Usage(10, 7), False)


def test_a_whole_reply_whose_end_counts_nothing_is_not_estimated() -> None:
    ledger = begun()
    for event in (STARTED, MessageStop()):
        ledger.note(event)
    assert (ledger.usage, ledger.estimated) == (Usage(10), False)


def test_a_reply_that_broke_off_is_estimated_by_all_that_came() -> None:
    ledger = begun()
    for event in (STARTED, ThinkingDelta(0, "hm" * 40), TextDelta(1, "é" * 40), InputJsonDelta(2, "{}" * 40)):
        ledger.note(event)
    ledger.fail()
    assert (ledger.usage, ledger.estimated) == (Usage(10, tokens_in(240)), True)


def test_an_unanswered_request_is_estimated_while_it_waits_and_free_once_it_is_refused() -> None:
    ledger = begun(sent=False)
    assert (ledger.usage, ledger.estimated, ledger.silent) == (Usage(), False, False)
    ledger.sent()
    assert ledger.usage == Usage(estimate_tokens(REQUEST), 0)
    assert (ledger.estimated, ledger.silent, ledger.answered) == (True, True, False)
    ledger.fail()
    assert (ledger.usage, ledger.estimated) == (Usage(), False)


def test_each_request_of_a_reply_is_charged() -> None:
    ledger = begun()
    ledger.note(STARTED)
    ledger.note(TextDelta(0, "a" * 40))
    ledger.fail()
    assert (ledger.answered, ledger.silent) == (True, False)
    begun(ledger)
    assert (ledger.answered, ledger.silent) == (False, True)
    for event in (STARTED, MessageDelta("end_turn", Usage(output_tokens=7)), MessageStop()):
        ledger.note(event)
    assert (ledger.usage, ledger.estimated) == (Usage(20, tokens_in(40) + 7), True)


def test_before_any_request_nothing_is_used_and_nothing_is_awaited() -> None:
    ledger = UsageLedger()
    ledger.fail()
    assert (ledger.usage, ledger.estimated, ledger.answered, ledger.silent) == (Usage(), False, False, False)
