"""The welcome in the place of the messages while there are none."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.widgets import Static

from tui_chat.program.provider_choice import ProviderChoice
from tui_chat.services import service

SCRIPTED = """\
No API key is set: a demo server on this machine answers from a script.

For real replies, set [b]{key}[/b] and start again.
For a small model on this machine, no key needed: [b]tui-chat --local[/b]"""
SMALL = """\
A small model on this machine answers: nothing leaves it, and nothing costs anything.
It chats, but knows little: check what it says."""


class Welcome(Static):
    """A few words for an empty conversation, and for who it is that answers where it is not Claude."""

    def __init__(self, provider: Callable[[], ProviderChoice]) -> None:
        """`provider` returns whom the conversation that is looked at asks."""
        super().__init__()
        self._provider = provider
        self.show()

    def show(self) -> None:
        """Say who answers now."""
        provider = self._provider()
        words = ["[b $text-primary]What shall we talk about?[/]"]
        if provider.stands_in:
            words.append(SCRIPTED.format(key=service(provider.chosen.name).key))
        elif provider.runs_small_model:
            words.append(SMALL)
        self.update(Content.from_markup("\n\n".join(words)))
