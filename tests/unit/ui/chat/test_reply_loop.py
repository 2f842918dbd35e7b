"""Replies take turns, and none waits long for another; what comes gathers, and whoever stops it does not wait."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Iterator
from selectors import EVENT_READ

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


class Pipe:
    """Something to read, once it is written."""

    def __init__(self) -> None:
        self.read_end, self._write_end = os.pipe()

    def write(self) -> None:
        os.write(self._write_end, b"x")

    def close(self) -> None:
        os.close(self.read_end)
        os.close(self._write_end)


@pytest.fixture
def pipes() -> Iterator[tuple[Pipe, Pipe]]:
    """Yields what wakes the loop, and what text comes by."""
    both = Pipe(), Pipe()
    yield both
    for pipe in both:
        pipe.close()


def watching(pipes: tuple[Pipe, Pipe], selector: reply_loop.TurnTaking) -> reply_loop.TurnTaking:
    for pipe in pipes:
        selector.register(pipe.read_end, EVENT_READ)
    return selector


def test_what_comes_while_a_reply_rests_is_taken_after_the_rest(pipes: tuple[Pipe, Pipe]) -> None:
    wakes, text = pipes
    rests_until = time.monotonic() + PATIENCE_S
    with watching(pipes, reply_loop.TurnTaking(lambda: rests_until)) as selector:
        text.write()
        wakes.write()
        assert [key.fd for key, _ in selector.select(PATIENCE_S)] == [wakes.read_end]
        os.read(wakes.read_end, 1)
        assert selector.select(0) == []
        rests_until = time.monotonic() + 0.02
        assert [key.fd for key, _ in selector.select(PATIENCE_S)] == [text.read_end]
        assert time.monotonic() >= rests_until


def test_what_comes_after_a_rest_is_taken_at_once(pipes: tuple[Pipe, Pipe]) -> None:
    with watching(pipes, reply_loop.TurnTaking(lambda: 0.0)) as selector:
        pipes[1].write()
        assert selector.select(None)
        assert selector.select(0)


def test_a_timer_is_not_late_for_a_rest(pipes: tuple[Pipe, Pipe]) -> None:
    with watching(pipes, reply_loop.TurnTaking(lambda: time.monotonic() + PATIENCE_S)) as selector:
        assert selector.select(0.001) == []


def test_nothing_is_told_while_there_is_something_to_do(pipes: tuple[Pipe, Pipe]) -> None:
    told = list[float]()

    def before_wait() -> float:
        told.append(time.monotonic())
        return 0.0

    with watching(pipes, reply_loop.TurnTaking(before_wait)) as selector:
        selector.select(0)
        assert told == []
        selector.select(0.001)
        assert len(told) == 1


def test_another_thread_ends_a_rest() -> None:
    rests = threading.Event()

    def before_wait() -> float:
        rests.set()
        return time.monotonic() + PATIENCE_S

    async def stopped() -> str:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()

        def request() -> None:
            assert rests.wait(PATIENCE_S)
            loop.call_soon_threadsafe(stop.set)

        thread = threading.Thread(target=request)
        thread.start()
        await stop.wait()
        thread.join()
        return "stopped"

    began = time.monotonic()
    assert reply_loop.run(stopped(), before_wait) == "stopped"
    assert time.monotonic() < began + PATIENCE_S
