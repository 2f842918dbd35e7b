"""Text waits for a frame's time after some has come, and not at all where it comes flat out."""

from __future__ import annotations

from tui_chat.ui.chat.frame_rest import FLAT_OUT, FrameRest

FRAME_S = 0.5


def test_text_waits_for_a_frame_from_when_the_last_has_come() -> None:
    rest = FrameRest()
    assert [rest.until(arrived, now, FRAME_S) for arrived, now in ((4, 1.0), (4, 1.2), (8, 1.3))] == [1.5] * 3
    assert rest.until(12, 1.5, FRAME_S) == 2.0
    assert rest.gathers


def test_nothing_waits_while_nothing_comes() -> None:
    rest = FrameRest()
    assert rest.until(0, 1.0, FRAME_S) <= 1.0
    assert rest.until(8, 2.0, FRAME_S) == 2.5
    assert rest.until(8, 3.0, FRAME_S) <= 3.0


def test_what_comes_flat_out_does_not_wait() -> None:
    rest, arrived = FrameRest(), 0
    for now in (1.0, 1.1, 1.6, 2.2):
        arrived += FLAT_OUT + 1
        assert rest.until(arrived, now, FRAME_S) <= now
        assert not rest.gathers
    assert rest.until(arrived + 4, 2.3, FRAME_S) == 2.8
