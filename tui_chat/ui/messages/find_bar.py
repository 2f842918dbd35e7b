"""The bar that finds a text in this conversation."""

from __future__ import annotations

from asyncio import TimerHandle
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.timer import Timer
from textual.widgets import Input, Label, Static

from tui_chat.ui.messages.message_list import MessageList
from tui_chat.ui.shared.background import begin
from tui_chat.ui.shared.line_input import LineInput
from tui_chat.ui.textual_internals.delays import call_after

if TYPE_CHECKING:
    from tui_chat.ui.messages.finder import Finder

SEARCH_AFTER_S = 0.08
"""The pause in typing after which the text is looked for."""
REFRESH_INTERVAL_S = 0.5
"""The interval at which new text is searched."""


class FindBar(Horizontal):
    """A field, how many hits there are and at which one the reader is; hidden while nothing is looked for.

    What is in it is made when something is first looked for.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", "Next match", priority=True),
        Binding("up", "step(-1)", "Previous match", priority=True),
        Binding("escape", "screen.leave", "Close", priority=True),
        Binding("shift+enter,shift+\r", "step(-1)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.display = False
        self._finder: Finder | None = None
        self._typing: TimerHandle | None = None
        self._refreshing: Timer | None = None

    def on_mount(self) -> None:
        """Take up what a reply brings, while something is looked for."""
        self._refreshing = self.set_interval(REFRESH_INTERVAL_S, self._refresh, pause=self._finder is None)

    @property
    def is_open(self) -> bool:
        """True if something is looked for."""
        return self._finder is not None

    async def look_for(self, text: str, messages: MessageList, message_id: str) -> None:
        """Look for this text from a message on; whoever has the focus keeps it."""
        self.close()
        self._fill()
        with self.prevent(Input.Changed):
            self._field.value = text
        self._begin(messages)
        await self._search(message_id)

    def open(self, messages: MessageList) -> None:
        """Look for a text in these messages; once more, for another one."""
        self._fill()
        self._field.action_select_all()
        self._field.focus()
        if self._finder is None:
            self._begin(messages)
            self._search_now()

    def _fill(self) -> None:
        """Make the field, and after it what was found."""
        if not self.children:
            field = LineInput(placeholder="in this conversation", id="find")
            self.mount(Label("Find"), field, Static(id="hits", markup=False))

    def _begin(self, messages: MessageList) -> None:
        from tui_chat.ui.messages.finder import Finder

        self._finder = Finder(messages)
        self.display = True
        if self._refreshing is not None:
            self._refreshing.resume()

    def close(self) -> None:
        """Look for nothing any more."""
        if self._finder is not None:
            self._finder.close()
            self._finder = None
        self.display = False
        if self._refreshing is not None:
            self._refreshing.pause()

    async def action_step(self, step: int) -> None:
        """Go to the next hit, or the one before."""
        if self._typing is not None:
            await self._search()  # what was typed just before
        if self._finder is not None:
            await self._finder.step(step)
            self._tell()

    @on(Input.Submitted)
    async def _next(self) -> None:
        await self.action_step(1)

    @on(Input.Changed)
    def _search_soon(self) -> None:
        if self._typing is not None:
            self._typing.cancel()
        self._typing = call_after(SEARCH_AFTER_S, self, self._search_now)

    def _search_now(self) -> None:
        begin(self, self._search, "find")

    async def _search(self, message_id: str = "") -> None:
        if self._typing is not None:
            self._typing.cancel()
            self._typing = None
        if self._finder is not None:
            await self._finder.search(self._field.value, message_id)
            self._tell()

    async def _refresh(self) -> None:
        """Look again in what has changed; end with the messages, when others are shown in their place."""
        if self._finder is None:
            return
        if self._finder.is_shown:
            self._finder.refresh()
            self._tell()
        elif self.has_focus_within:
            await self.screen.run_action("leave")
        else:
            self.close()

    def _tell(self) -> None:
        if self._finder is not None:
            count, query = self._finder.count, self._field.value.strip()
            found = f"{self._finder.place:,} of {count:,}" if count else "nothing"
            self.query_one("#hits", Static).update(found if query else "")
            self.set_class(bool(query) and not count, "-nothing")

    @property
    def _field(self) -> LineInput:
        return self.query_one(LineInput)
