"""Faults as they are written on a command line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.demo import FAULT_NAMES, FAULTS, parse_fault
from tui_chat.demo.faults import Fault, FaultPhase, parse_faults


@pytest.mark.parametrize(
    ("text", "name", "at", "count"),
    [
        ("529", "529", 0, None),
        ("529x2", "529", 0, 2),
        ("reset", "reset", 20, 1),
        ("reset@5", "reset", 5, 1),
        ("reset@0x3", "reset", 0, 3),
        ("stall@5xall", "stall", 5, None),
        ("429-seconds@7", "429-seconds", 7, None),
        ("404-model", "404-model", 0, None),
        (" Max_Tokens@9 ", "max_tokens", 9, 1),
    ],
)
def test_a_fault_is_a_name_a_place_and_a_count(text: str, name: str, at: int, count: int | None) -> None:
    fault = parse_fault(text)
    assert (fault.name, fault.at, fault.count) == (name, at, count)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("resett", "did you mean 'reset'?"),
        ("429-second", "did you mean '429-seconds'?"),
        ("zzzzzz", "known are 400, 401"),
        ("reset@", "write NAME[@N][xCOUNT]"),
        ("reset@x", "write NAME[@N][xCOUNT]"),
        ("529x0", "did you mean '529'?"),
        ("529@3", "529 takes no number"),
        ("", "write NAME[@N][xCOUNT]"),
    ],
)
def test_what_is_not_a_fault_is_refused_with_a_way_out(text: str, said: str) -> None:
    with pytest.raises(ValueError) as error:
        parse_fault(text)
    assert said in str(error.value)


@given(st.sampled_from(sorted(FAULTS)), st.integers(0, 10**8), st.none() | st.integers(1, 99_999))
def test_a_fault_written_out_is_read_back(name: str, at: int, count: int | None) -> None:
    fault = Fault(FAULTS[name], at if FAULTS[name].at is not None else 0, count)
    assert parse_fault(str(fault)) == fault


def test_several_faults_are_read_from_one_line() -> None:
    assert [fault.name for fault in parse_faults("529x2, reset@20 trickle+unknown")] == [
        "529", "reset", "trickle", "unknown",
    ]  # fmt: skip


def test_what_breaks_a_reply_off_strikes_once_a_turn_by_default() -> None:
    assert {kind.count for kind in FAULTS.values() if kind.phase is FaultPhase.CUT} == {1}


def test_every_fault_of_the_wire_can_be_made() -> None:
    wanted = """silent 401 403 404-model 400 413 429 429-seconds 429-date 500 529 302 html json-not-sse error reset
        eof stall pings trickle split badjson badutf8 unknown order duplicate empty meta-only huge-token flood
        long-line deep hostile usage-weird max_tokens refusal pause_turn slow-start"""
    assert set(wanted.split()) <= set(FAULT_NAMES)
