"""Keys act in the order in which they were pressed, however fast they come.

Textual 8.2 hands each key at once to what has the focus then, though an earlier key that will move the focus, or open a
screen, has not acted yet.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from textual import events
from textual.app import App
from textual.widget import Widget
from textual.widgets import Input, TextArea

Typed: TypeAlias = events.Key | events.Paste
TAKES_COMMANDS = "-takes-commands"
"""The class of a text area whose characters may be commands now: each is to act before the next key is looked at."""
LONGEST_WAIT_S = 5.0
"""Seconds after which an action no longer holds up what is typed later: no fault may leave the keys dead."""


class KeyQueue:
    """Passes on what is typed one by one: each waits until the one before it has acted, and what that opened is there.

    Left to itself the app hands a key to where one types now, though the key before it, that will open a dialog, has
    not been looked at yet; or to a dialog in which one cannot type yet.
    """

    def __init__(self, app: App[Any], pass_on: Callable[[Typed], Awaitable[None]]) -> None:
        self._app = app
        self._pass_on = pass_on
        self._held: deque[Typed] = deque()
        self._waiting = False
        """True if something that was passed on has still to act."""
        self._passed_on_at = 0.0

    async def put(self, typed: Typed) -> None:
        """Pass on what was typed, when its turn has come."""
        self._held.append(typed)
        if not self._waiting or time.monotonic() > self._passed_on_at + LONGEST_WAIT_S:
            await self._next()

    async def _next(self) -> None:
        self._waiting = False
        while self._held and not self._waiting:
            if not self._app.screen.is_mounted and self._wait_for_screen():
                return
            typed, place = self._held.popleft(), self._place
            await self._pass_on(typed)
            if not _only_writes(typed, place) or self._place is not place:
                self._waiting, self._passed_on_at = True, time.monotonic()
                self._wait_at(self._place, typed, self._place)

    def _wait_for_screen(self) -> bool:
        """Come behind what makes the screen: one can type in nothing of it yet. False if it is being closed."""
        self._waiting, self._passed_on_at = self._app.screen.call_later(self._next), math.inf
        return self._waiting

    @property
    def _place(self) -> Widget:
        """The widget where one types."""
        return self._app.focused or self._app.screen

    def _wait_at(self, node: Widget, typed: Typed, place: Widget) -> None:
        """Come behind what was typed in the queue of a node; a screen's begins when it is mounted."""
        if not node.call_later(self._go_up, node, typed, place):
            self._go_up(node, typed, place)  # it is being closed

    def _go_up(self, node: Widget, typed: Typed, place: Widget) -> None:
        """Go on as what was typed does: up to the app, unless the node has taken it."""
        if isinstance(node.parent, Widget) and not typed._stop_propagation:
            self._wait_at(node.parent, typed, place)
        else:
            self._app.call_later(self._acted, typed, place)

    async def _acted(self, typed: Typed, place: Widget) -> None:
        """Pass on what comes next, unless one types elsewhere now, where it is to be waited for first."""
        if self._place is place:
            await self._next()
        else:
            self._wait_at(self._place, typed, self._place)


async def act_at_once(widget: Widget, event: events.Key) -> bool:
    """Do what a key that types nothing is bound to; True if anything was done.

    Left to itself such a key goes up to the app before it acts, through the queues of all that the widget stands in:
    it would wait for whatever these are busy with.
    """
    acted = not _is_character(event) and await widget.app._check_bindings(event.key)  # as the app would, only sooner
    if acted:
        event.prevent_default()
        event.stop()
    return acted


def hand_on(event: Typed, widget: Widget) -> None:
    """Have a key typed, or a text pasted, in another widget, and all that comes after it."""
    event.stop()
    widget.screen.set_focus(widget)
    again = events.Paste(event.text) if isinstance(event, events.Paste) else events.Key(event.key, event.character)
    widget.post_message(again)


def _only_writes(typed: Typed, place: Widget) -> bool:
    """True if it can do nothing but put text where one types; there is no need to wait for that."""
    writes = isinstance(place, Input | TextArea) and not place.has_class(TAKES_COMMANDS)
    return writes and (isinstance(typed, events.Paste) or _is_character(typed))


def _is_character(key: events.Key) -> bool:
    return key.is_printable and "+" not in key.key  # Alt with a letter comes with that letter as its character
