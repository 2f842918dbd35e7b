"""Something is done later, and is done for certain."""

from __future__ import annotations

from functools import partial

import pytest

from tests.ui.conftest import Opener
from tui_chat.ui.textual_internals.delays import call_after


@pytest.mark.parametrize("delay_s", [0.0, 1e-9, 1e-4])
async def test_what_is_to_be_called_later_is_called_however_short_the_delay(opened: Opener, delay_s: float) -> None:
    async with opened() as stage:
        called: list[int] = []
        for number in range(100):
            call_after(delay_s, stage.screen, partial(called.append, number))
        await stage.until(lambda: sorted(called) == list(range(100)))


async def test_what_came_to_be_drawn_in_a_batch_is_drawn_when_that_is_over(opened: Opener) -> None:
    async with opened() as stage:
        height = stage.composer.size.height
        with stage.app.batch_update():
            stage.composer.styles.min_height = 8
            await stage.pilot.pause()  # a frame is due, and passes
            assert stage.composer.size.height == height
        await stage.until(lambda: stage.composer.size.height > height)
