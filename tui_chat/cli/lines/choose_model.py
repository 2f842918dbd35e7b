"""The choice of a model as a numbered question."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui_chat.chat.models import Model
from tui_chat.cli.lines.questions import choose
from tui_chat.program.parts import Parts
from tui_chat.providers import ModelList
from tui_chat.settings import SettingsError
from tui_chat.text import clean_line
from tui_chat.ui.shared.model_facts import about_model, problem_with

if TYPE_CHECKING:
    from tui_chat.cli.lines.line_chat import LineChat


def chosen_model(chat: LineChat, conversation_id: str, words: str = "") -> str | None:
    """Have a model chosen for a conversation, by its name or a number; return its id, None if none is."""
    parts = chat.program.parts_of(conversation_id)
    models = _offered(chat, parts)
    model = next((model for model in models if model.id == words), None) or _asked(chat, models, words)
    if model is None:
        return None
    try:
        chat.program.conversation_settings.choose(conversation_id, parts.offer(model).choices)
    except SettingsError as error:
        chat.terminal.say(str(error))
        return None
    chat.terminal.say(f"This conversation now asks {model.id}.")
    return model.id


def _offered(chat: LineChat, parts: Parts) -> list[Model]:
    """Return the models that the provider offers."""
    try:
        offered = chat.do(_ask(parts))
    except SettingsError as error:
        chat.terminal.say(str(error))
        return []
    if problem := problem_with(offered):
        chat.terminal.say(problem)
    return list(offered.models)


async def _ask(parts: Parts) -> ModelList:
    return await asyncio.wrap_future(parts.models.ask())


def _asked(chat: LineChat, models: list[Model], words: str) -> Model | None:
    """Ask which of the models is meant whose names have these words."""
    found = [model for model in models if words.casefold() in f"{model.id} {model.name}".casefold()]
    if not found:
        chat.terminal.say(f"No models match “{words}”." if words else "No models are offered.")
        return None
    labels = [(clean_line(f"{model.id}: {about_model(model).replace(' · ', ', ')}"), model) for model in found]
    return choose(chat.terminal, "Which model?", labels)
