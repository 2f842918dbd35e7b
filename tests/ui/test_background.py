"""Work that is done beside what is shown."""

from __future__ import annotations

import asyncio

from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget

from tui_chat.ui.shared.background import begin
from tui_chat.ui.textual_internals.guarded_app import GuardedApp


async def test_nothing_is_begun_for_what_is_being_taken_away() -> None:
    done: list[str] = []

    async def look_for_the_child() -> None:
        done.append("looked")

    class Child(Widget):
        async def on_unmount(self) -> None:
            begin(self.screen.query_one(Container), look_for_the_child, "looking")
            while any(worker.group == "looking" for worker in self.app.workers):
                await asyncio.sleep(0)
            done.append("gone")

    class Family(GuardedApp):
        def compose(self) -> ComposeResult:
            with Container():
                yield Child()

    app = Family()
    async with app.run_test():
        await app.query_one(Container).remove()
    assert done == ["gone"]
