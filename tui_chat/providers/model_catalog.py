"""The facts about models that need no asking: the data file `models.toml`, read once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.models import Model, Price
from tui_chat.chat.usage import Usage
from tui_chat.patterns import pattern
from tui_chat.records import dataclass
from tui_chat.services import price_list, service

_PLATFORM = pattern(r"^.*?(?=claude-)|[@+].*$|-v\d+(:\d+)?$|\[1m\]$")
"""A platform's additions to a model's name, and those that order faults from the demo server."""

_DATED = pattern(r"-(20\d{6}|20\d\d-\d\d-\d\d)$")


_NO_VENDORS = ("searches", "batches")
"""The tables that are not a vendor's models."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One model of the data file: what it is, and what it accepts."""

    model: Model
    long_prompt_over: int | None = None
    """Prompts longer than this have another price."""
    long_prompt_price: Price | None = None
    thinking: str = ""
    """"adaptive" (an effort steers it), "budget" (a number of tokens) or not known."""
    thinking_off: str = ""
    """The thinking type that turns it off, where leaving it out does not."""
    temperature: bool = False
    """True if it takes one."""
    pictures: bool = True
    """True if it can look at pictures, which is assumed of a model that is not known."""
    schemas: bool = False
    """True if it can be held to a schema by the Messages API."""
    citations: bool = False
    """True if it says which words of a document it goes by, where it is asked to."""
    looked_up: date | None = None
    """The day on which this was so by the vendor's pages; None for what is no vendor's."""

    def price_of(self, prompt_tokens: int) -> Price | None:
        """Return the price that holds for a prompt of this length."""
        if self.long_prompt_over is not None and prompt_tokens > self.long_prompt_over:
            return self.long_prompt_price
        return self.model.price


@dataclass(frozen=True, slots=True)
class Catalog:
    """The whole data file."""

    models: Mapping[str, Mapping[str, Facts]]
    """By vendor, then by id."""
    searches: Mapping[str, float]
    """US dollars per thousand searches, by vendor."""
    batches: Mapping[str, float]
    """The share of the price of tokens that is paid in a batch, by vendor."""

    def find(self, model: str) -> Facts | None:
        """Return the facts of a model, under whatever name a platform gives it."""
        plain = _PLATFORM.sub("", model)
        for id in (model, plain, _DATED.sub("", plain)):
            for models in self.models.values():
                if id in models:
                    return models[id]
        return None


@cache
def catalog() -> Catalog:
    """Return the data file, read when it is first asked for."""
    import tomllib

    data = tomllib.loads(Path(__file__).with_name("models.toml").read_text("utf-8"))
    vendors = {name: table for name, table in data.items() if isinstance(table, dict) and name not in _NO_VENDORS}
    return Catalog(
        models={name: {id: _facts(id, entry) for id, entry in table.items()} for name, table in vendors.items()},
        searches={name: entry["price"] for name, entry in data["searches"].items()},
        batches={name: entry["share"] for name, entry in data["batches"].items()},
    )


def known_model(model: str) -> Model | None:
    """Return a model's limits and price by any of its names, without asking; None where it is not known."""
    facts = catalog().find(model)
    return facts.model if facts is not None else None


def takes_pictures(model: str) -> bool:
    """False if a model is known to read text alone."""
    return facts_of(model).pictures


def is_claude(provider: str, model: str) -> bool:
    """True if this is a model of Anthropic's, wherever it is asked for in the terms of its API."""
    return service(provider).adapter.startswith("anthropic:") and "claude-" in model


def has_web_search(provider: str, model: str) -> bool:
    """True if a provider searches the web for a reply of this model."""
    searching = service(provider).searching_models
    return bool(searching) and re.search(searching, model) is not None


def runs_code(provider: str, model: str) -> bool:
    """True if a provider runs code for a reply of this model."""
    known = service(provider)
    return known.runs_code and (known.scripted or "claude-" in model)


def abilities(provider: str, model: str) -> Sequence[str]:
    """Return what a model can beside text, in a word each, as far as that is known."""
    facts = catalog().find(model)
    known = {
        "thinking": facts is not None and facts.thinking != "",
        "pictures": facts is not None and facts.pictures,
        "web search": has_web_search(provider, model),
    }
    return [ability for ability, has in known.items() if has]


def facts_of(model: str) -> Facts:
    """Return the facts of a model, or those to assume of one that is not in the data file."""
    known = catalog().find(model)
    if known is not None:
        return known
    if "claude-" in model:
        # One that is not listed is newer than the list; every one since 4.5 writes at least as much as this.
        return Facts(Model(model, max_output=64_000), thinking="adaptive", schemas=True, citations=True)
    return Facts(Model(model), thinking="budget", temperature=True)


class PriceBook:
    """The cost of replies, from the data file's prices."""

    def looked_up(self, provider: str) -> str:
        """Return the day on which a provider's prices were looked up, of several the first; "" where none are known."""
        priced = (facts for facts in catalog().models.get(price_list(provider), {}).values() if facts.model.price)
        return min((facts.looked_up.isoformat() for facts in priced if facts.looked_up), default="")

    def price(self, provider: str, model: str) -> Price | None:
        """Return the price of a model's tokens; None where it is not known."""
        if service(provider).on_this_machine:
            return Price(0.0, 0.0, 0.0, 0.0)
        facts = self._facts(provider, model)
        return facts.model.price if facts is not None else None

    def cost_usd(self, about: ReplyMetadata, usage: Usage) -> float | None:
        """Return the cost in US dollars, of tokens and searches; None where a price or the usage is not known."""
        if service(about.provider).on_this_machine:
            return 0.0
        if about.own_server:
            return None
        tokens = self._tokens_usd(about.provider, about.model, usage)
        searches = self._searches_usd(about.provider, usage)
        share = catalog().batches.get(price_list(about.provider)) if about.in_batch else 1.0
        return None if tokens is None or searches is None or share is None else share * tokens + searches

    def _searches_usd(self, provider: str, usage: Usage) -> float | None:
        if not usage.web_search_requests:
            return 0.0
        price = catalog().searches.get(price_list(provider))
        return None if price is None else usage.web_search_requests * price / 1_000

    def _tokens_usd(self, provider: str, model: str, usage: Usage) -> float | None:
        facts = self._facts(provider, model)
        if facts is None or usage.input_tokens is None or usage.output_tokens is None:
            return None
        read, written = usage.cache_read_input_tokens or 0, usage.cache_creation_input_tokens or 0
        price = facts.price_of(usage.input_tokens + read + written)
        if price is None:
            return None
        total = (
            usage.input_tokens * price.input
            + usage.output_tokens * price.output
            + read * price.cache_read
            + written * price.cache_write
        )
        return total / 1_000_000

    def _facts(self, provider: str, model: str) -> Facts | None:
        facts = catalog().find(model)
        vendor = price_list(provider)
        return facts if facts is not None and facts.model.id in catalog().models.get(vendor, {}) else None


def _facts(id: str, entry: Mapping[str, Any]) -> Facts:
    long_prompt = entry.get("long_prompt", {})
    return Facts(
        Model(
            id,
            name=entry["name"],
            context_window=entry["context_window"],
            max_output=entry["max_output"],
            price=_price(entry),
        ),
        long_prompt_over=long_prompt.get("over"),
        long_prompt_price=_price(long_prompt),
        thinking=entry.get("thinking", ""),
        thinking_off=entry.get("thinking_off", ""),
        temperature=entry.get("temperature", False),
        pictures=entry.get("pictures", True),
        schemas=entry.get("schemas", id.startswith("claude-")),
        citations=entry.get("citations", id.startswith("claude-")),
        looked_up=entry.get("looked_up"),
    )


def _price(entry: Mapping[str, Any]) -> Price | None:
    return Price(**entry["price"]) if "price" in entry else None
