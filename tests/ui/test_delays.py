"""Calling something later."""

from __future__ import annotations

from functools import partial

import pytest

from tests.ui.conftest import Opener
from tui_chat.ui.shared.delays import call_after


@pytest.mark.parametrize("delay_s", [0.0, 1e-9, 1e-4])
async def test_what_is_to_be_called_later_is_called_however_short_the_delay(opened: Opener, delay_s: float) -> None:
    async with opened() as stage:
        called: list[int] = []
        for number in range(100):
            call_after(delay_s, stage.screen, partial(called.append, number))
        await stage.until(lambda: sorted(called) == list(range(100)))
