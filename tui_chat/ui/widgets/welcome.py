"""What stands in the place of the messages while there are none."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

_SCRIPTED = """\
There is no API key, so replies are scripted by a demo server on this machine.

To talk to Claude, set [b]ANTHROPIC_API_KEY[/b] and start again.
For a model on this machine, say llama.cpp's server, start with
[b]tui-chat --local --base-url http://127.0.0.1:8080[/b]."""


class Welcome(Static):
    """A few words for an empty conversation; where replies are scripted it says so, and what to do about it."""

    def __init__(self, *, scripted: bool) -> None:
        super().__init__()
        self.show(scripted=scripted)

    def show(self, *, scripted: bool) -> None:
        """Say so, or no longer."""
        lines = ["[b $primary]What shall we talk about?[/]"]
        if scripted:
            lines.append(_SCRIPTED)
        self.update(Content.from_markup("\n\n".join(lines)))
