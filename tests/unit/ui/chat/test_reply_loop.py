"""Replies take turns, and none waits long for another."""

from __future__ import annotations

import asyncio
import threading

import pytest

from tests.waiting import PATIENCE_S
from tui_chat.ui.chat import reply_loop


def test_a_reply_works_only_while_no_other_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reply_loop, "LONGEST_WAIT_S", PATIENCE_S)
    working, together = list[int](), list[int]()

    async def reply(number: int) -> None:
        for _ in range(5):
            working.append(number)
            together.append(len(working))
            working.remove(number)
            await asyncio.sleep(0.001)

    threads = [threading.Thread(target=lambda number=number: reply_loop.run(reply(number))) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert together == [1] * 40


def test_a_reply_that_keeps_its_turn_holds_up_no_other() -> None:
    begun, over = threading.Event(), threading.Event()

    async def stuck() -> None:
        await asyncio.sleep(0)
        begun.set()
        assert over.wait(PATIENCE_S)

    async def other() -> str:
        await asyncio.sleep(0.001)
        return "there"

    thread = threading.Thread(target=lambda: reply_loop.run(stuck()))
    thread.start()
    assert begun.wait(PATIENCE_S)
    assert reply_loop.run(other()) == "there"
    over.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
