"""The facts about models, and the cost of replies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.models import Model, Price
from tui_chat.chat.usage import Usage
from tui_chat.providers import PriceBook, default_model, known_model
from tui_chat.providers.model_catalog import Catalog, Facts, catalog, facts_of
from tui_chat.services import SERVICES

USAGE = Usage(1_000, 2_000, 500, 100)


def test_prices_are_as_old_as_the_first_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    newer, older = (
        Facts(Model(day, price=Price(1, 1, 1, 1)), looked_up=date.fromisoformat(day))
        for day in ("2026-11-21", "2026-10-01")
    )
    unpriced = Facts(Model("m"), looked_up=date(2026, 9, 1))
    models = {"anthropic": {"a": newer, "b": older, "c": unpriced}}
    monkeypatch.setattr("tui_chat.providers.model_catalog.catalog", lambda: Catalog(models, {}, {}))
    assert PriceBook().looked_up("anthropic") == PriceBook().looked_up("foundry") == "2026-10-01"
    assert PriceBook().looked_up("vertex") == ""


@pytest.mark.parametrize("vendor", ["anthropic", "openai", "local", "demo"])
def test_every_model_of_the_data_file_makes_sense(vendor: str) -> None:
    for id, facts in catalog().models[vendor].items():
        model = facts.model
        assert model.id == id
        assert model.name
        assert 0 < (model.max_output or 0) < (model.context_window or 0)
        assert facts.thinking in ("adaptive", "budget", "")
        assert facts.thinking_off in ("", "disabled", "between_tools")
        assert (facts.looked_up is None) is (vendor == "demo")
        if model.price is not None:
            assert 0 < model.price.cache_read < model.price.input < model.price.cache_write < model.price.output
        if facts.long_prompt_price is not None and model.price is not None:
            assert facts.long_prompt_price.input > model.price.input


@pytest.mark.parametrize(
    ("provider", "model", "usage", "cost"),
    [
        ("anthropic", "claude-sonnet-5-5", USAGE, (1_000 * 2 + 2_000 * 10 + 500 * 0.1 + 100 * 2.5) / 1e6),
        ("anthropic", "claude-sonnet-4-5-20250929", Usage(1_000_000, 0), 3.0),
        ("anthropic", "claude-haiku-5-5", Usage(100_000, 1_000), 0.0105),
        ("anthropic", "claude-haiku-5-5", Usage(1, 1_000, 100_000), (0.5 + 1_000 * 2.5 + 100_000 * 0.05) / 1e6),
        ("anthropic", "claude-sonnet-5-5", Usage(1_000, 100, web_search_requests=3), 0.003 + 0.03),
        ("anthropic", "claude-sonnet-5-5", Usage(1_000, 100, web_search_requests=0), 0.003),
        ("anthropic", "claude-opus-9", Usage(1_000, 100, web_search_requests=3), None),
        ("openai", "gpt-6.1-sol", Usage(1_000, 1_000, web_search_requests=1), None),
        ("demo", "demo", Usage(1_000, 1_000, web_search_requests=1), 0.0),
        ("openai", "gpt-6.1-sol", Usage(1_000, 1_000, None, None), 0.012),
        ("openai", "gpt-6.1-sol-2026-09-29", Usage(1_000, 1_000), 0.012),
        ("demo", "whatever", USAGE, 0.0),
        ("local", "my-own.gguf", Usage(), 0.0),
        ("simulated", "claude-haiku-4-5", Usage(1_000_000, 0), 1.0),
        ("aws", "anthropic.claude-haiku-4-5", Usage(1_000_000, 0), 1.0),
        ("anthropic", "claude-opus-9", USAGE, None),
        ("anthropic", "gpt-6.1-sol", USAGE, None),
        ("openai", "llama3:8b", USAGE, None),
        ("openai", "gpt-6-luna", Usage(300_000, 1), None),
        ("openai", "gpt-6.2-sol", USAGE, None),
        ("bedrock", "anthropic.claude-sonnet-5-5", USAGE, None),
        ("vertex", "claude-sonnet-5-5", USAGE, None),
        ("anthropic", "claude-sonnet-5-5", Usage(), None),
        ("anthropic", "claude-sonnet-5-5", Usage(output_tokens=5), None),
        ("nobody", "claude-sonnet-5-5", USAGE, None),
    ],
)
def test_what_a_reply_costs(provider: str, model: str, usage: Usage, cost: float | None) -> None:
    about = ReplyMetadata(provider=provider, model=model)
    assert PriceBook().cost_usd(about, usage) == (None if cost is None else pytest.approx(cost))


def test_prices_are_told_per_million_tokens() -> None:
    assert PriceBook().price("anthropic", "claude-opus-5-5") == Price(4.0, 20.0, 0.2, 5.0)
    assert PriceBook().price("anthropic", "unheard-of") is None


def test_every_provider_has_a_model_to_begin_with() -> None:
    for name in SERVICES:
        assert default_model(name)
    for name in ("anthropic", "openai", "local", "demo"):
        assert default_model(name) in catalog().models[name]
    for name in ("simulated", "aws", "vertex", "foundry"):
        assert default_model(name) == default_model("anthropic")


def test_a_models_limits_are_known_by_any_of_its_names() -> None:
    model = known_model("us.anthropic.claude-haiku-4-5-20251001-v1:0")
    assert model is not None
    assert (model.id, model.context_window) == ("claude-haiku-4-5", 200_000)
    assert known_model("unheard-of") is None


def test_the_data_file_knows_every_model_of_the_demo_server() -> None:
    from tui_chat.demo.models import MODELS

    listed = catalog().models["demo"].items()
    assert {id: facts.model.name for id, facts in listed} == {model.id: model.display_name for model in MODELS}
    assert facts_of("demo-thinking+reset@20").model.id == "demo-thinking"


def test_a_claude_that_is_newer_than_the_list_is_taken_for_a_new_one() -> None:
    assert (facts_of("claude-opus-9").thinking, facts_of("claude-opus-9").temperature) == ("adaptive", False)
    assert (facts_of("mistral").thinking, facts_of("mistral").temperature) == ("budget", True)


def test_in_a_batch_tokens_cost_half_and_searches_as_much_as_ever() -> None:
    about, usage = ReplyMetadata(provider="anthropic", model="claude-opus-4-5"), replace(USAGE, web_search_requests=100)
    alone, searches = PriceBook().cost_usd(about, USAGE), 1.0
    assert alone
    batched = replace(about, in_batch=True)
    assert PriceBook().cost_usd(batched, USAGE) == pytest.approx(alone / 2)
    assert PriceBook().cost_usd(batched, usage) == pytest.approx(alone / 2 + searches)
    assert PriceBook().cost_usd(replace(batched, provider="openai", model="gpt-6.1-sol"), USAGE) is None
