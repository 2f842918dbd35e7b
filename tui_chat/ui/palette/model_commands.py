"""The palette's commands about models: those that the provider offers, as it last said and as it says now."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import CommandPalette, Hit, Hits, Provider
from textual.markup import escape
from textual.widgets import Input

from tui_chat.settings import SettingsError
from tui_chat.text import clean_line
from tui_chat.ui.settings.model_offers import model_offers
from tui_chat.ui.shared.matching import marked_name
from tui_chat.ui.shared.model_facts import problem_with

if TYPE_CHECKING:
    from tui_chat.ui.app import TuiChatApp

ASK_AGAIN = "model: ask again which there are"


class ModelCommands(Provider):
    """Chooses a model. What is known is there at once; the provider is asked meanwhile, if that was long ago."""

    async def startup(self) -> None:
        """Look up what is known, and begin to ask."""
        program = self._app.program
        self._known = program.models.known()
        self._asking = asyncio.create_task(self._ask())

    async def shutdown(self) -> None:
        """Wait for the answer no more; it is remembered all the same."""
        self._asking.cancel()

    async def search(self, query: str) -> Hits:
        """Yield the models that fit what was typed; last, that the list may be an old one."""
        matcher = self.matcher(query)
        for name, about, run in self._commands():
            if (score := matcher.match(name)) > 0:
                yield Hit(score, marked_name(matcher, name), run, name, escape(about) or None)

    @property
    def _app(self) -> TuiChatApp:
        return cast("TuiChatApp", self.app)

    def _commands(self) -> Iterator[tuple[str, str, Callable[[], None]]]:
        for offer in model_offers(self._known).values:
            name = clean_line(offer.value) or "the usual one"
            yield f"model: {name}", clean_line(offer.about), partial(self._choose, offer.value)
        if problem := problem_with(self._known):
            yield ASK_AGAIN, clean_line(problem), self._app.action_command_palette

    def _choose(self, id: str) -> None:
        try:
            self._app.program.settings.set("provider.model", id)
        except SettingsError as error:
            self.app.notify(clean_line(str(error)), severity="error", markup=False)

    async def _ask(self) -> None:
        """Ask, and have a palette in which one looks for a model search again if the answer is news."""
        before = self._known
        self._known = await asyncio.wrap_future(self._app.program.models.ask())
        news = (before.models, before.problem) != (self._known.models, self._known.problem)
        if news and isinstance(self.app.screen, CommandPalette):
            for line in self.app.screen.query(Input):
                if line.value and any(self.matcher(line.value).match(name) for name, *_ in self._commands()):
                    line.post_message(Input.Changed(line, line.value))
