"""A model with a persona, thinking or a temperature of its own, to be compared with others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tui_chat.program.model_offer import ModelOffer
from tui_chat.settings import SCHEMA, Field, Value
from tui_chat.settings.personas import personas
from tui_chat.ui.chat.own_choices import TEMPERATURES
from tui_chat.ui.composer.fields_form import FieldsForm

AS_BEFORE = "as in this conversation"
NO_PERSONA = "none"
SETTINGS = {"persona": "provider.persona", "thinking": "provider.thinking", "temperature": "provider.temperature"}
"""The settings that can differ, by the names of their fields."""


def variant_form(offer: ModelOffer, folder: Path) -> FieldsForm:
    """Return the form that asks for what is to differ; `folder` has the personas."""
    choices = {
        "persona": (NO_PERSONA, *sorted(personas(folder))),
        "thinking": SCHEMA["provider.thinking"].choices,
        "temperature": tuple(f"{temperature:g}" for temperature in TEMPERATURES),
    }
    fields = tuple(Field(name, AS_BEFORE, (AS_BEFORE, *values)) for name, values in choices.items())
    return FieldsForm(f"{offer.model.id} with", fields)


def variant_choices(values: Mapping[str, str]) -> Mapping[str, Value]:
    """Return the settings that were chosen in the form."""
    chosen = {SETTINGS[name]: "" if value == NO_PERSONA else value for name, value in values.items()}
    return {key: SCHEMA[key].parse(value) for key, value in chosen.items() if value != AS_BEFORE}
