"""The number of times that a fault strikes."""

from tui_chat.demo import parse_fault
from tui_chat.demo.faults import Fault
from tui_chat.demo.turns import Turns


def strikes(turns: Turns, turn: str, faults: list[Fault], requests: int) -> list[str]:
    """Return the fault that each of some requests of a turn meets: the first that is due."""
    met = []
    for _ in range(requests):
        due = turns.due(turn, faults)
        met.append(due[0].name if due else "ok")
        if due:
            turns.hit(turn, due[0])
    return met


def test_a_fault_with_a_count_strikes_so_often_then_lets_one_go_well_and_begins_again() -> None:
    assert strikes(Turns(), "t", [parse_fault("529x2")], 6) == ["529", "529", "ok", "529", "529", "ok"]


def test_a_fault_without_a_count_strikes_every_time() -> None:
    assert strikes(Turns(), "t", [parse_fault("401")], 3) == ["401"] * 3


def test_several_faults_are_met_one_after_the_other() -> None:
    faults = [parse_fault("529x2"), parse_fault("reset@20")]
    assert strikes(Turns(), "t", faults, 5) == ["529", "529", "reset", "ok", "529"]


def test_turns_do_not_share_their_counts() -> None:
    turns, faults = Turns(), [parse_fault("reset")]
    assert strikes(turns, "one", faults, 1) == strikes(turns, "two", faults, 1) == ["reset"]


def test_turns_that_are_never_finished_are_forgotten_in_the_end() -> None:
    turns, fault = Turns(), parse_fault("reset")
    for number in range(2000):
        turns.hit(str(number), fault)
    assert turns.due("0", [fault]) == (fault,)
    assert turns.due("1999", [fault]) == ()


def test_a_model_without_faults_leaves_the_counts_of_another_that_is_asked_the_same() -> None:
    turns, faults = Turns(), [parse_fault("silentx2")]
    asked = [strikes(turns, "t", each, 1)[0] for each in (faults, [], faults, [], faults, faults)]
    assert asked == ["silent", "ok", "silent", "ok", "ok", "silent"]
