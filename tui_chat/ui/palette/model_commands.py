"""The palette's commands about models: those that the provider offers, as it last said and as it says now."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import CommandPalette, Hit, Hits, Provider
from textual.markup import escape
from textual.widgets import Input

from tui_chat.chat.models import Model
from tui_chat.program.conversation_settings import WHOM
from tui_chat.text import clean_line
from tui_chat.ui.chat.own_choices import choose, make_default
from tui_chat.ui.palette.own_commands import FOR_THIS
from tui_chat.ui.shared.matching import marked_name
from tui_chat.ui.shared.model_facts import about_model, problem_with
from tui_chat.ui.shared.model_label import model_label

if TYPE_CHECKING:
    from tui_chat.ui.app import TuiChatApp

ASK_AGAIN = "model: refresh the list"


class ModelCommands(Provider):
    """Chooses a model. What is known is there at once; the provider is asked meanwhile, if that was long ago."""

    async def startup(self) -> None:
        """Look up what is known, and begin to ask."""
        self._models = self._app.session.parts.models
        self._known = self._models.known()
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
        session, default = self._app.session, self._app.program.provider
        parts, asked = session.parts, session.parts.provider
        for model in self._known.models:
            run = partial(choose, self._app, session, parts.offer(model).choices)
            yield f"model: {clean_line(model.id)}", clean_line(f"{FOR_THIS} · {about_model(model)}"), run
        if asked.model and asked.whom != default.whom:
            run = partial(make_default, self._app, self._app.program, parts.offer(Model(asked.model)))
            yield f"model: make {model_label(asked.model)} the default", "For new conversations", run
            what = f"{FOR_THIS} · {model_label(default.model)}"
            yield "model: the default", what, partial(session.use_default, WHOM)
        if problem := problem_with(self._known):
            yield ASK_AGAIN, clean_line(problem), self._app.action_command_palette

    async def _ask(self) -> None:
        """Ask, and have a palette in which one looks for a model search again if the answer is news."""
        before = self._known
        self._known = await asyncio.wrap_future(self._models.ask())
        news = (before.models, before.problem) != (self._known.models, self._known.problem)
        if news and isinstance(self.app.screen, CommandPalette):
            for line in self.app.screen.query(Input):
                if line.value and any(self.matcher(line.value).match(name) for name, *_ in self._commands()):
                    line.post_message(Input.Changed(line, line.value))
