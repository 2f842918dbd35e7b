"""The commands behind a / in the chat: the actions that apply now, templates and personas."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

from textual.screen import Screen

from tui_chat.settings import KEYS, Where
from tui_chat.ui.chat.actions_now import actions_now
from tui_chat.ui.chat.named_prompts import About, NamedPrompts
from tui_chat.ui.composer.composer import Composer
from tui_chat.ui.composer.slash_offers import SLASH, SlashCommand

_BY_KEY_ONLY = frozenset(
    (
        *("cancel", "scroll_up", "scroll_down", "scroll_home", "scroll_end"),
        *("previous_message", "next_message", "previous_branch", "next_branch", "fold", "focus_composer"),
    )
)
"""Actions that make no sense by name, as they are about where the eye or the cursor is."""
LONGEST_QUOTE = 40


class SlashCommands:
    """Looks up what there is."""

    def __init__(self, screen: Screen[Any], prompts: NamedPrompts) -> None:
        self._screen = screen
        self._prompts = prompts
        self._about: About = {}

    def __call__(self) -> Sequence[SlashCommand]:
        """Return the commands; what templates and personas are about is read meanwhile, for the composer to show."""
        self._screen.run_worker(self._learn(), group="slash", exclusive=True)
        return [*self._actions(), *self._named()]

    def _actions(self) -> Iterator[SlashCommand]:
        for action, run in actions_now(self._screen):
            if action.where is not Where.COMPOSER and action.name not in _BY_KEY_ONLY:
                about = f"Message: {action.description}" if action.where is Where.MESSAGES else action.description
                yield SlashCommand(action.name, about, run)

    def _named(self) -> Iterator[SlashCommand]:
        for command in self._prompts.commands(self._about, in_place=True):
            words = f"{command.what.replace(' ', '_')} {command.name}".rstrip()
            yield SlashCommand(words, command.about, command.run, keeps_text=command.what == "template")

    async def _learn(self) -> None:
        about = await asyncio.to_thread(self._prompts.about)
        if about != self._about:
            self._about = about
            for composer in self._screen.query(Composer):
                composer.slash.renew()


def question(text: str) -> str:
    """Return what to ask before a text that begins with a slash is sent."""
    first = text.partition("\n")[0]
    shown = first if len(first) <= LONGEST_QUOTE and first == text else f"{first[:LONGEST_QUOTE].rstrip()} …"
    name = first.removeprefix(SLASH).strip()
    if name in KEYS:
        return f"{SLASH}{name} does nothing now. Send “{shown}” as a prompt?"
    return f"Send “{shown}” as a prompt?"
