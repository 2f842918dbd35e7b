"""A frame takes as many events as are laid out in time, and few while someone types."""

from __future__ import annotations

from tui_chat.ui.chat.frame_share import FLOOD_FRAMES, MOST_SHARES, FrameShare


def _grown(times: int) -> FrameShare:
    share = FrameShare(50)
    for _ in range(times):
        share.adapt(used_up=True, laid_out=True, typing=False)
    return share


def test_it_grows_while_it_is_used_up_and_laid_out_but_not_for_ever() -> None:
    assert [_grown(times).events for times in (0, 1, 2, 20)] == [100, 400, 1_600, 100 * MOST_SHARES]


def test_it_shrinks_again_while_less_comes() -> None:
    share = _grown(1)
    for expected in (200, 100, 100):
        share.adapt(used_up=False, laid_out=True, typing=False)
        assert share.events == expected


def test_a_flood_has_fewer_frames() -> None:
    assert [_grown(times).frames for times in (0, 1, 2, 20)] == [1, 1, FLOOD_FRAMES, FLOOD_FRAMES]


def test_it_shrinks_where_text_is_not_laid_out_in_time_but_not_to_nothing() -> None:
    share = _grown(1)
    for expected in (200, 100, 100):
        share.adapt(used_up=True, laid_out=False, typing=False)
        assert share.events == expected


def test_it_is_as_small_as_it_can_be_while_someone_types() -> None:
    share = _grown(20)
    share.adapt(used_up=True, laid_out=True, typing=True)
    assert share.events == 100
