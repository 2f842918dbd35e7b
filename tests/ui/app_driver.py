"""A test's hands on the app, and its eyes."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVarTuple

import pytest
from rich.console import RenderableType
from textual import events
from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual._queue import Queue
from textual.app import App
from textual.dom import DOMNode
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Input, TextArea

from tests.waiting import PATIENCE_S
from tui_chat.chat.message import Message
from tui_chat.demo import DemoServer
from tui_chat.program.wiring import Program
from tui_chat.ui.app import TuiChatApp
from tui_chat.ui.chat.screen import ChatScreen
from tui_chat.ui.chat.status_bar import StatusBar
from tui_chat.ui.composer.composer import Composer
from tui_chat.ui.messages.message_list import MessageList
from tui_chat.ui.messages.message_widget import MessageWidget
from tui_chat.ui.messages.streaming_message import StreamingMessage

About = TypeVarTuple("About")

TICK_S = 1 / 200
"""The seconds in which an app that has nothing to do does nothing."""
LOOK_S = 1 / 50
"""The seconds after which a test looks again for what it waits for."""
IDLE_S = 1 / 1000
"""Less than this the timers of an app work in a tick that has nothing to do."""
MOST_LOOKS = 100
"""Looks in time after which a test goes on, since there is always more to do while a reply comes slowly."""
MOST_WORK_S = 1.0
"""Seconds of work after which it does while one comes fast."""


class WatchedQueue(Queue[Any]):
    """A widget's messages; it is known when the widget waits for the next one."""

    waited_for = False

    async def get(self) -> Any:
        """Return the next message."""
        self.waited_for = True
        message = await super().get()
        self.waited_for = False
        return message


def is_at_rest(node: DOMNode) -> bool:
    """True if a widget has answered all of its messages; Textual's Pilot sends each one more to know that."""
    queue: Any = node._message_queue
    assert isinstance(queue, WatchedQueue)
    return node._closing or node._closed or (queue.waited_for and queue.empty())


async def settled(pilot: Pilot[None], *_: float) -> bool:
    """Wait until the app has nothing more to do for now.

    In the place of Textual's own wait, which takes two seconds a key while a reply comes, and on a busy machine takes
    an app that gets no processor for one that needs none.
    """
    deadline, looks, worked_s = time.monotonic() + PATIENCE_S, 0, 0.0
    while pilot.app.is_running and pilot.app._exception is None:
        began, before = time.monotonic(), time.process_time()
        await asyncio.sleep(TICK_S)
        draws = _draw_what_is_due(pilot.app.screen)
        await asyncio.sleep(0)  # whatever can go on does, before anything is said of it
        work_s = time.process_time() - before
        looks += time.monotonic() - began < 2 * TICK_S  # who gets no processor looks late, and waits on
        worked_s += work_s
        idles = work_s < IDLE_S and not draws and not _is_due(pilot.app.screen)
        if (idles or looks >= MOST_LOOKS or worked_s >= MOST_WORK_S) and all(map(is_at_rest, _nodes(pilot.app))):
            return True
        assert time.monotonic() < deadline, "the app never came to rest"
    return False


def _draw_what_is_due(screen: Screen[object]) -> bool:
    """Have what has changed drawn now, not when Textual's clock says so; True if something has."""
    if is_due := _is_due(screen):
        screen._on_timer_update()
    return is_due


def _is_due(screen: Screen[object]) -> bool:
    timer: Any = screen._update_timer
    return bool(timer._active.is_set())


def _nodes(app: App[None]) -> Iterator[DOMNode]:
    yield app
    yield from app.screen.walk_children(with_self=True)


async def _at_once(*_: float) -> None:
    """Wait for nothing: in the place of a wait of Textual's that is beside another."""


def drawn_when_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no frame drawn but the whole ones that are asked for."""
    whole = Compositor.render_update

    def render_update(compositor: Compositor, full: bool = False, **options: Any) -> RenderableType | None:
        if full:
            return whole(compositor, full, **options)
        compositor._dirty_regions.clear()
        return None

    monkeypatch.setattr(Compositor, "render_update", render_update)


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys; what is written into a field comes all at once, and the app settles when all of it is there.

    In the place of the Pilot's own, which lets the app settle, and draw, after each character.
    """
    for key, following in pairwise((*keys, "")):
        if _is_text(key) and isinstance(pilot.app.focused, Input | TextArea):
            dash_off(pilot.app, " " if key == "space" else key)
            if _is_text(following):
                continue
        else:
            await pilot.app._press_keys((key,))
        await settled(pilot)


def _is_text(key: str) -> bool:
    return len(key) == 1 or key == "space"


def keys_settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the app settle after each key or text, and in each pause of the Pilot's, whatever else the process does."""
    monkeypatch.setattr("textual.message_pump.Queue", WatchedQueue)
    monkeypatch.setattr("textual.app.wait_for_idle", _at_once)
    monkeypatch.setattr("textual.pilot.wait_for_idle", _at_once)
    monkeypatch.setattr(Pilot, "_wait_for_screen", settled)
    monkeypatch.setattr(Pilot, "press", press)


def tasks_begin_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin tasks where they are made, as Textual has it from Python 3.12 on, but not under its Pilot."""
    run_test = App.run_test

    def run(app: App[Any], **options: Any) -> AbstractAsyncContextManager[Pilot[Any]]:
        if sys.version_info >= (3, 12):
            asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
        return run_test(app, **options)

    monkeypatch.setattr(App, "run_test", run)


def dash_off(app: App[None], text: str) -> None:
    """Press the keys of a text all at once, as dictation or a fast hand does."""
    for character in text:
        app.post_message(events.Key(_character_to_key(character), character))


@dataclass
class Stage:
    """The running app."""

    app: TuiChatApp
    pilot: Pilot[None]
    program: Program
    server: DemoServer
    problems: list[str]
    _frame: int = 0
    _waits: bool = False
    _looked: tuple[Screen[object], int, Sequence[Strip]] | None = None

    def __post_init__(self) -> None:
        """Count the frames, of which each may show something else."""
        display = self.app._display

        def displayed(screen: Screen[Any], update: RenderableType | None) -> None:
            self._frame += 1
            display(screen, update)

        setattr(self.app, "_display", displayed)  # noqa: B010 - it is a method

    @property
    def screen(self) -> ChatScreen:
        """The chat."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, ChatScreen)
        return screen

    @property
    def composer(self) -> Composer:
        """The field where prompts are written."""
        return self.screen.query_one(Composer)

    @property
    def messages(self) -> tuple[Message, ...]:
        """The conversation's messages."""
        return self.screen.session.conversation.messages

    @property
    def last(self) -> Message:
        """The last message."""
        return self.messages[-1]

    @property
    def list(self) -> MessageList:
        """The messages on the screen."""
        return self.screen.query_one(MessageList)

    def has_room_for_all(self) -> bool:
        """True if each message on the screen is as high as its text."""
        messages = [shown for shown in self.list.query(MessageWidget) if shown.is_on_screen]
        return all(shown.size.height == shown.stack.height for shown in messages)

    @property
    def reply(self) -> StreamingMessage:
        """The last reply on the screen."""
        return list(self.screen.query(StreamingMessage))[-1]

    @property
    def word(self) -> str:
        """The first word of the status bar."""
        return self.screen.query_one(StatusBar).status.word

    @property
    def shown(self) -> str:
        """All text on the screen."""
        width, height = self.app.size
        return "\n".join(strip.text[:width].rstrip() for strip in self.strips[:height])

    @property
    def strips(self) -> Sequence[Strip]:
        """All lines on the screen, as the terminal would be sent them; whoever waits looks at each frame once."""
        if self._looked is not None and self._waits and self.has_looked:
            return self._looked[2]
        visible_screen_stack.set(self.app._background_screens)
        self._looked = self.app.screen, self._frame, self.app.screen._compositor.render_strips()
        return self._looked[2]

    @property
    def has_looked(self) -> bool:
        """True if all lines of the last frame have been looked at."""
        return self._looked is not None and self._looked[:2] == (self.app.screen, self._frame)

    def text_of(self, widget: MessageWidget) -> str:
        """Return all lines of a message, on the screen or scrolled away."""
        return "\n".join("".join(s.text for s in widget.stack.line(y)) for y in range(widget.stack.height))

    async def type(self, text: str) -> None:
        """Put text into the composer."""
        self.composer.text = text
        self.composer.move_cursor(self.composer.document.end)
        await self.pilot.pause()

    def dash_off(self, text: str) -> None:
        """Press the keys of a text all at once, as dictation or a fast hand does."""
        dash_off(self.app, text)

    async def send(self, text: str) -> None:
        """Send a prompt."""
        await self.type(text)
        await self.pilot.press("enter")

    async def ask(self, text: str) -> Message:
        """Send a prompt and wait for the reply."""
        await self.send(text)
        await self.ready()
        return self.last

    async def ready(self) -> None:
        """Wait until no reply is coming, and each has its place."""
        await self.until(lambda: self.word == "Ready" and not self.last.status.live and not self.list.laying_out)
        await self.until(self.has_room_for_all)

    async def streaming(self, characters: int = 1) -> None:
        """Wait until some text of a reply is on the screen."""
        await self.until(lambda: self.word == "Streaming" and len(self.reply_text) >= characters)

    @property
    def reply_text(self) -> str:
        """The source text that the last reply shows."""
        return self.reply.source

    async def until(self, fact: Callable[[*About], bool], *about: *About) -> None:
        """Wait for a fact, about what it is given."""
        deadline = time.monotonic() + PATIENCE_S
        try:
            while not fact(*about):
                assert time.monotonic() < deadline, "this never came true"
                await asyncio.sleep(LOOK_S)  # the Pilot's pause would have every widget answer each time
                self._waits = True
        finally:
            self._waits = False
        await self.pilot.pause()
