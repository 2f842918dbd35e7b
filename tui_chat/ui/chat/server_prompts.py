"""The prompts of MCP servers that run: offered behind a /, filled, and put into the composer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from textual.screen import Screen

from tui_chat.chat.prompt import too_long
from tui_chat.program.mcp_tools import McpTools
from tui_chat.settings import Field
from tui_chat.text import clean_line
from tui_chat.tools import NoServer, ServerPrompt
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.composer.composer import Composer
from tui_chat.ui.composer.slash_offers import SlashCommand
from tui_chat.ui.shared.background import begin


class ServerPrompts:
    """Knows the prompts as they were looked up last."""

    def __init__(self, screen: Screen[Any], session: ConversationSession) -> None:
        self._screen = screen
        self._session = session
        self._known: Sequence[ServerPrompt] = ()

    def commands(self) -> Iterator[SlashCommand]:
        """Yield a command for each."""
        for prompt in self._known:
            about = prompt.about or f"A prompt of the MCP server {prompt.server}"
            words = clean_line(f"{prompt.server} {prompt.name}")
            yield SlashCommand(words, clean_line(about), partial(self._use, prompt), keeps_text=True)

    async def learn(self) -> bool:
        """Ask the servers that run; True if they have other prompts than before."""
        before = self._known
        self._known = await asyncio.wrap_future(self._tools.prompts(self._session.program.settings.now.mcp))
        return self._known != before

    async def _use(self, prompt: ServerPrompt) -> None:
        """Ask for the prompt's fields, and put what the server makes of them into the composer."""
        if not prompt.fields:
            await self._fetch(prompt, {})
            return
        from tui_chat.ui.composer.fields_form import FieldsForm

        fields = tuple(Field(field.name, None if field.required else "") for field in prompt.fields)
        form = FieldsForm(f"{prompt.server} {prompt.name}", fields)
        self._screen.app.push_screen(form, partial(self._fill, prompt))

    async def _fill(self, prompt: ServerPrompt, values: Mapping[str, str] | None) -> None:
        self._composer.focus()
        if values is not None:
            await self._fetch(prompt, {name: value for name, value in values.items() if value})

    async def _fetch(self, prompt: ServerPrompt, values: Mapping[str, str]) -> None:
        """Get the text in a worker: the server may take its time, and no key waits for it."""
        begin(self._screen, partial(self._put, prompt, values), "server prompt", exclusive=True)

    async def _put(self, prompt: ServerPrompt, values: Mapping[str, str]) -> None:
        mcp, written = self._session.program.settings.now.mcp, self._composer.text
        conversation = self._session.conversation
        try:
            text = await asyncio.wrap_future(self._tools.prompt_text(mcp, prompt, values))
        except NoServer as problem:
            self._say(str(problem))
            return
        if sentence := too_long(text):
            self._say(sentence)
        elif not self._session.is_shown(conversation.id):
            self._say(f"You left the conversation, so the prompt {prompt.name} was not inserted.")
        elif self._composer.text == written:
            self._composer.write(text)
        else:
            self._say(f"You kept writing, so the prompt {prompt.name} was not inserted.")

    def _say(self, sentence: str) -> None:
        self._screen.notify(clean_line(sentence), severity="error", markup=False)

    @property
    def _tools(self) -> McpTools:
        return self._session.program.tools

    @property
    def _composer(self) -> Composer:
        return self._screen.query_one(Composer)
