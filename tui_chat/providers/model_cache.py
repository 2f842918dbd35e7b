"""The models that a provider offers, remembered for a day."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tui_chat.atomic_files import write_atomically
from tui_chat.chat.errors import ChatError
from tui_chat.chat.message import utc_now
from tui_chat.chat.models import Model
from tui_chat.providers.anthropic_retirement import with_retirement
from tui_chat.providers.config import ProviderConfig
from tui_chat.providers.model_catalog import PriceBook, catalog
from tui_chat.providers.registry import create_provider
from tui_chat.records import dataclass, replace
from tui_chat.services import price_list, service
from tui_chat.text import reading

FRESH_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ModelList:
    """The models that a provider offers, as far as is known."""

    models: tuple[Model, ...] = ()
    as_of: datetime | None = None
    """The time when the provider said so; None for what the program knows by itself."""
    problem: ChatError | None = None
    """The error for which the provider could not be asked now."""


class ModelCache:
    """Keeps the lists of models in one JSON file."""

    def __init__(self, path: Path, *, now: Callable[[], datetime] = utc_now) -> None:
        self._path = path
        self._now = now

    def known(self, config: ProviderConfig) -> ModelList:
        """Return what is known without asking: at once, and offline."""
        entry = reading.mapping(self._read().get(_place(config)))
        listed = entry.get("models")
        models = [Model.from_json(reading.mapping(item)) for item in (listed if isinstance(listed, list) else ())]
        try:
            as_of = reading.moment(entry.get("as_of"))
        except ValueError:
            return _built_in(config)
        return ModelList(tuple(_with_facts(model, config) for model in models if model.id), as_of)

    async def models(self, config: ProviderConfig) -> ModelList:
        """Return what the provider offers, asked at most once a day; if it cannot be asked, what is known.

        A server of the user's own is asked each time: it may have been started with another model meanwhile.
        """
        known = self.known(config)
        if not config.own_server and known.as_of is not None and abs(self._now() - known.as_of) < FRESH_FOR:
            return known
        try:
            models = await create_provider(config).list_models()
        except ChatError as problem:
            return replace(known, problem=problem)
        if not models:
            return _built_in(config)  # some clouds do not tell
        as_of = self._now()
        self._write({**self._read(), _place(config): _entry(models, as_of)})
        return ModelList(tuple(_with_facts(model, config) for model in models), as_of)

    def _read(self) -> Mapping[str, object]:
        """Return the file's data; none of one that is missing or damaged."""
        try:
            return reading.mapping(reading.parsed(self._path.read_bytes()))
        except (OSError, ValueError):
            return {}

    def _write(self, data: Mapping[str, Any]) -> None:
        """Put the file in place as a whole. A cache that cannot be written is only asked for again."""
        with contextlib.suppress(OSError):
            write_atomically(self._path, json.dumps(data, indent=1).encode())


def _built_in(config: ProviderConfig) -> ModelList:
    """Return what this version knows by itself: nothing of a server that is not the vendor's own."""
    facts = () if config.own_server else catalog().models.get(price_list(config.name), {}).values()
    return ModelList(tuple(_with_facts(item.model, config) for item in facts))


def _place(config: ProviderConfig) -> str:
    """Return the name a list is filed under: no password of an address, nor a port that changes each time."""
    url = urlsplit((config.base_url if not service(config.name).on_this_machine else None) or "")
    return f"{config.name} {url.netloc.rpartition('@')[2]}{url.path}".strip()


def _entry(models: Sequence[Model], as_of: datetime) -> dict[str, Any]:
    return {"as_of": as_of.isoformat(), "models": [model.to_json() for model in models]}


def _with_facts(model: Model, config: ProviderConfig) -> Model:
    """Return the model, filled in from the data file where the provider says nothing; with the price paid here."""
    if config.own_server:
        return model
    facts = catalog().find(model.id)
    known = facts.model if facts is not None else Model(model.id)
    return replace(
        model if service(config.name).on_this_machine else with_retirement(model),
        name=model.name or known.name,
        context_window=model.context_window or known.context_window,
        max_output=model.max_output or known.max_output,
        price=PriceBook().price(config.name, model.id),
    )
