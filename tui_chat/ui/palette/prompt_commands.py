"""The palette's commands about personas and templates."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.markup import escape

from tui_chat.ui.chat.named_prompts import NamedPromptCommand
from tui_chat.ui.chat.screen import ChatScreen
from tui_chat.ui.shared.matching import marked_name


class PromptCommands(Provider):
    """Fills a template, chooses a persona, or has one of either written or edited."""

    async def discover(self) -> Hits:
        """Yield what is used, but not what is edited."""
        for command in await self._commands():
            if command.what in ("template", "persona"):
                yield DiscoveryHit(_name(command), command.run, help=escape(command.about) or None)

    async def search(self, query: str) -> Hits:
        """Yield what fits what was typed."""
        matcher = self.matcher(query)
        for command in await self._commands():
            name = _name(command)
            if (score := matcher.match(name)) > 0:
                yield Hit(score, marked_name(matcher, name), command.run, name, escape(command.about) or None)

    async def _commands(self) -> Sequence[NamedPromptCommand]:
        """Look up which there are, for each search anew.

        Done in a provider's `startup`, it would be given up with the first search that another key ends, and the
        palette would find nothing any more.
        """
        screen = self.screen
        if not isinstance(screen, ChatScreen):
            return ()
        prompts = screen.named_prompts
        return list(prompts.commands(await asyncio.to_thread(prompts.about)))


def _name(command: NamedPromptCommand) -> str:
    return f"{command.what}: {command.name}" if command.name else command.what
