"""The palette's commands about thinking and temperature: for the conversation that is looked at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import Hit, Hits

from tui_chat.program.conversation_settings import WHOM
from tui_chat.settings import SCHEMA, SettingsError, Value
from tui_chat.ui.chat.own_choices import TEMPERATURES, choose
from tui_chat.ui.shared.matching import marked_name
from tui_chat.ui.shared.named_commands import NamedCommand, NamedCommands

if TYPE_CHECKING:
    from tui_chat.ui.app import TuiChatApp

FOR_THIS = "For this conversation"
NAMES = {"provider.thinking": "thinking", "provider.temperature": "temperature"}
"""Settings of which other values than those that are offered can be typed."""


class OwnCommands(NamedCommands):
    """Chooses how this conversation's replies are asked for; the settings have the default."""

    LISTED = False

    async def search(self, query: str) -> Hits:
        """Yield the values that fit what was typed, and the one that was typed if it is allowed."""
        matcher = self.matcher(query)
        for name, run in (*self._commands(), *self._typed(query)):
            if (score := matcher.match(name)) > 0:
                yield Hit(score, marked_name(matcher, name), run, name, FOR_THIS)

    async def commands(self) -> Sequence[NamedCommand]:
        """Return all that are offered."""
        return [NamedCommand(name, FOR_THIS, run) for name, run in self._commands()]

    @property
    def _app(self) -> TuiChatApp:
        return cast("TuiChatApp", self.app)

    def _commands(self) -> Iterator[tuple[str, Callable[[], None]]]:
        for effort in SCHEMA["provider.thinking"].choices:
            yield f"thinking: {effort}", self._choosing("provider.thinking", effort)
        for temperature in TEMPERATURES:
            yield f"temperature: {temperature:g}", self._choosing("provider.temperature", temperature)
        yield "temperature: the model's own", self._choosing("provider.temperature", None)
        own = self._app.session.program.conversation_settings.choices(self._app.session.conversation.id)
        keys = [key for key in own if key not in WHOM]
        if keys:
            yield "persona, thinking, temperature: the default", partial(self._app.session.use_default, keys)

    def _typed(self, query: str) -> Iterator[tuple[str, Callable[[], None]]]:
        """Yield the value that was typed behind a setting's name, unless it is offered anyway."""
        offered = {name for name, _ in self._commands()}
        for key, name in NAMES.items():
            match = re.fullmatch(rf"\s*{name}\s*:?\s*(\d[\d.]*)\s*", query, re.IGNORECASE)
            if match and f"{name}: {match[1]}" not in offered:
                try:
                    value = SCHEMA[key].parse(match[1])
                except SettingsError:
                    continue
                yield query.strip(), self._choosing(key, value)

    def _choosing(self, key: str, value: Value) -> Callable[[], None]:
        return partial(choose, self._app, self._app.session, {key: value})
