"""The models that only their server can tell: which one is asked while none is chosen, and how to choose."""

from __future__ import annotations

from tui_chat.chat.errors import ErrorKind
from tui_chat.providers import ModelList, ProviderConfig, default_model, other_form
from tui_chat.records import replace
from tui_chat.redaction import redacted_address
from tui_chat.services import STAND_IN, service
from tui_chat.text import clean_line

NO_LIST = (ErrorKind.INVALID_REQUEST, ErrorKind.MODEL_NOT_FOUND, ErrorKind.PROTOCOL)
"""The answers of a server that does not list its models, but may well give replies; or of a wrong address."""
MOST_NAMED = 20
"""Models that are named in a sentence; the others are counted."""
PATIENCE_S = 5.0
"""Seconds that such a server may take to say which models it has: a prompt may wait for that."""


class ServedModels:
    """Remembers what such servers offered when they were last asked in this run. For any thread."""

    def __init__(self) -> None:
        self._models: dict[tuple[str, str], tuple[str, ...]] = {}
        self._text_only: set[tuple[str, str, str]] = set()

    def noted(self, config: ProviderConfig, offered: ModelList) -> ModelList:
        """Remember what was offered, and return it; an old list proves nothing."""
        models = () if offered.problem else tuple(model.id for model in offered.models)
        self._models[config.name, config.base_url or ""] = models
        return offered

    def refused_pictures(self, name: str, base_url: str, model: str) -> None:
        """Remember that a model has said that it takes no pictures."""
        self._text_only.add((name, base_url, model))

    def has_refused_pictures(self, name: str, base_url: str, model: str) -> bool:
        """True if a model has said that it takes no pictures."""
        return (name, base_url, model) in self._text_only

    def model(self, name: str, base_url: str) -> str:
        """Return the model to ask where none is chosen; "" if that is the user's to say, or the server was not asked.

        It is the only one that the server offers, or the usual one if that is among them. What speaks the wire of a
        service with gateways is taken for one of these: it is asked for the usual model, and need not list any.
        """
        models = self._models.get((name, base_url), ())
        if len(models) == 1:
            return models[0]
        usual = (default_model(name), default_model(STAND_IN))
        if not models:
            return usual[0] if service(name).has_gateways else ""
        return next((model for model in usual if model in models), "")


def to_be_listed(config: ProviderConfig) -> ProviderConfig:
    """Return how a provider is asked for its list: one's own server briefly, for a prompt may wait for it."""
    if not config.own_server:
        return config
    read_s = min(config.read_timeout_s, PATIENCE_S)
    return replace(config, connect_timeout_s=PATIENCE_S, read_timeout_s=read_s)


def choice_sentence(config: ProviderConfig, offered: ModelList) -> str:
    """Return why a model has to be chosen, and which there are, as a sentence without the way to choose."""
    where = redacted_address(config.base_url or "") or config.display_name
    if offered.problem is not None and offered.problem.kind not in NO_LIST:
        return f"No model is chosen, and {where} cannot be asked which it has. {offered.problem.sentence}"
    if offered.problem is not None and config.base_url:
        other = redacted_address(other_form(config.base_url))
        return f"No model is chosen, and {where} does not list any. If the address is wrong, try {other}."
    if not offered.models:
        return f"No model is chosen, and {where} does not list any."
    names = ", ".join(clean_line(model.id) for model in offered.models[:MOST_NAMED])
    more = f" and {len(offered.models) - MOST_NAMED} more" if len(offered.models) > MOST_NAMED else ""
    return f"{where} offers {len(offered.models)} models, and none is chosen: {names}{more}."
