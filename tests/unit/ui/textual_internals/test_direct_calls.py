"""Calls from another thread, past the queue of a widget."""

from __future__ import annotations

import asyncio

import pytest
from textual._context import active_message_pump
from textual.app import App, ComposeResult
from textual.widgets import Static

from tui_chat.ui.textual_internals.direct_calls import DirectCalls


class Called(Static):
    """A widget that is called."""

    def on_mount(self) -> None:
        """Be ready."""
        self.calls = DirectCalls(self)


async def test_a_widget_is_called_in_its_own_place_from_another_thread() -> None:
    async with App[None]().run_test() as pilot:
        widget, there = Called(), asyncio.Event()
        places = list[object]()
        await pilot.app.mount(widget)

        def call() -> None:
            places.append(active_message_pump.get())
            there.set()

        await asyncio.to_thread(widget.calls.soon, call)
        await there.wait()
        there.clear()
        widget.calls.after(0.0, call)
        await there.wait()
        assert places == [widget, widget]


async def test_a_widget_that_is_gone_is_not_called() -> None:
    async with App[None]().run_test() as pilot:
        widget = Called()
        await pilot.app.mount(widget)
        called = list[str]()
        widget.calls.after(0.0, lambda: called.append("before it has gone"))
        await widget.remove()
        widget.calls.soon(lambda: called.append("after"))
        widget.calls.after(0.0, lambda: called.append("after"))
        await pilot.pause()
        assert "after" not in called


async def test_a_widget_that_is_being_taken_away_is_not_called() -> None:
    called = list[str]()

    class Child(Static):
        async def on_unmount(self) -> None:
            family.calls.after(0.0, lambda: called.append("while its child goes"))
            later = asyncio.Event()
            asyncio.get_running_loop().call_later(0.0, later.set)
            await later.wait()
            called.append("gone")

    class Family(Called):
        def compose(self) -> ComposeResult:
            yield Child()

    family = Family()
    async with App[None]().run_test() as pilot:
        await pilot.app.mount(family)
        await family.remove()
    assert called == ["gone"]


async def test_a_fault_of_what_is_called_ends_the_app() -> None:
    async def fail() -> None:
        async with App[None]().run_test() as pilot:
            widget = Called()
            await pilot.app.mount(widget)
            widget.calls.soon(lambda: 1 / 0)
            await pilot.pause()

    with pytest.raises(ZeroDivisionError):
        await fail()
