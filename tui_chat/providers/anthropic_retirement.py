"""The models that Anthropic is about to retire, by the table in its SDK, so that news needs no release of ours."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from importlib import import_module
from typing import Any

from tui_chat.chat.models import Model
from tui_chat.patterns import pattern
from tui_chat.providers.loading import loaded_sdk
from tui_chat.records import replace

_ORDINAL = pattern(r"(?<=\d)(st|nd|rd|th)\b")
_DAYS = ("%B %d, %Y", "%Y-%m-%d")
"""The forms in which the table writes a day, and may come to."""


def vendor_table() -> Mapping[str, Any]:
    """Return the models that the SDK calls deprecated, each with its last day in words; nothing before it is loaded."""
    if loaded_sdk("anthropic") is None:
        return {}
    table = getattr(import_module("anthropic.resources.messages"), "DEPRECATED_MODELS", {})
    return table if isinstance(table, Mapping) else {}


def with_retirement(model: Model) -> Model:
    """Return the model, deprecated if the SDK says so; a day that the provider itself gave stays."""
    table = vendor_table()
    if model.id not in table:
        return model
    return replace(model, deprecated=True, retires=model.retires or _day(str(table[model.id])))


def _day(words: str) -> str | None:
    for form in _DAYS:
        with suppress(ValueError):
            return datetime.strptime(_ORDINAL.sub("", words), form).date().isoformat()
    return None
