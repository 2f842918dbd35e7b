"""Choosing a model where none is chosen: the only one that a server offers, or the one that is picked."""

from __future__ import annotations

import asyncio

from textual.app import App

from tui_chat.program.parts import Parts
from tui_chat.program.wiring import Program
from tui_chat.settings import SettingsError
from tui_chat.text import clean_line

CHOICE_SHOWN_S = 12.0


async def learn_models(parts: Parts) -> str:
    """Ask a server which models it has; return that one has to be chosen, in a sentence, if so."""
    offered = await asyncio.wrap_future(parts.models.ask())
    if parts.provider.model:
        return ""
    sentence = f"{parts.models.choice(offered)} You choose when you send a prompt, or in the settings (provider.model)."
    return clean_line(sentence)


async def choose_model(app: App[None], program: Program, conversation_id: str) -> str:
    """Return the model to ask; "" if none was chosen, which has been said where it was not the user's wish."""
    parts = program.parts_of(conversation_id)
    if parts.provider.refusal:
        app.notify(clean_line(parts.provider.refusal), severity="error", timeout=CHOICE_SHOWN_S, markup=False)
        return ""
    offered = await asyncio.wrap_future(parts.models.ask())
    if parts.provider.model:
        return parts.provider.model
    if offered.problem is not None or not offered.models:
        sentence = f"{parts.models.choice(offered)} Name it in the settings (provider.model)."
        app.notify(clean_line(sentence), severity="error", timeout=CHOICE_SHOWN_S, markup=False)
        return ""
    from tui_chat.ui.chat.model_picker import ModelPicker

    chosen = await app.push_screen_wait(ModelPicker([parts.offer(model) for model in offered.models])) or ""
    if chosen and "provider.name" in program.conversation_settings.choices(conversation_id):
        program.conversation_settings.choose(conversation_id, {"provider.model": chosen})
    elif chosen:
        try:
            program.settings.set("provider.model", chosen)
        except SettingsError as error:
            app.notify(clean_line(str(error)), markup=False)
    return chosen
