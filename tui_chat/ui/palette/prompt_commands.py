"""The palette's commands about personas and templates."""

from __future__ import annotations

import asyncio

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.markup import escape

from tui_chat.ui.chat.named_prompts import NamedPromptCommand
from tui_chat.ui.chat.screen import ChatScreen
from tui_chat.ui.shared.matching import marked_name


class PromptCommands(Provider):
    """Fills a template, chooses a persona, or has one of either written or edited."""

    async def startup(self) -> None:
        """Look up which there are."""
        screen = self.screen
        self._commands: list[NamedPromptCommand] = []
        if isinstance(screen, ChatScreen):
            prompts = screen.named_prompts
            self._commands = list(prompts.commands(await asyncio.to_thread(prompts.about)))

    async def discover(self) -> Hits:
        """Yield what is used, but not what is edited."""
        for command in self._commands:
            if command.what in ("template", "persona"):
                yield DiscoveryHit(_name(command), command.run, help=escape(command.about) or None)

    async def search(self, query: str) -> Hits:
        """Yield what fits what was typed."""
        matcher = self.matcher(query)
        for command in self._commands:
            name = _name(command)
            if (score := matcher.match(name)) > 0:
                yield Hit(score, marked_name(matcher, name), command.run, name, escape(command.about) or None)


def _name(command: NamedPromptCommand) -> str:
    return f"{command.what}: {command.name}" if command.name else command.what
