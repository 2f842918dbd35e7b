"""Keys act in the order in which they were pressed, however fast they come."""

from __future__ import annotations

from textual import events
from textual.widget import Widget


async def act_at_once(widget: Widget, event: events.Key) -> bool:
    """Do what a key that types nothing is bound to, before the next one is looked at; whether anything was done.

    Left to itself such a key goes up to the app, and what is typed behind it is typed before it acts: a backspace
    takes away the letter that was meant to replace the wrong one.
    """
    types = event.is_printable and "+" not in event.key  # Alt and a letter comes with the letter
    acted = not types and await widget.app._check_bindings(event.key)  # as the app would, only sooner
    if acted:
        event.prevent_default()
        event.stop()
    return acted
