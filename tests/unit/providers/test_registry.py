"""Providers by their names, and the vendor's clouds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tui_chat.chat.errors import ChatError
from tui_chat.chat.events import MessageStart, MessageStop, StreamEvent
from tui_chat.chat.request import ReplyRequest
from tui_chat.providers import ProviderConfig, create_provider, key_problem, needs_key, takes_prefill
from tui_chat.services import SERVICES

if TYPE_CHECKING:
    from tests.unit.providers.conftest import Loopback

RequestFor = Callable[..., ReplyRequest]
Collect = Callable[..., Awaitable[list[StreamEvent]]]

START = {"type": "message_start", "message": {"id": "i", "model": "m"}}


@pytest.mark.parametrize("name", SERVICES)
def test_every_provider_can_be_made_and_keeps_its_name(name: str) -> None:
    assert create_provider(ProviderConfig(name, api_key="sk-1")).name == name


@pytest.mark.parametrize(
    ("name", "hint"), [("antropic", "'anthropic'"), ("OpenAi", "'openai'"), ("zzz", "anthropic, openai")]
)
def test_an_unknown_name_is_answered_with_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        create_provider(ProviderConfig(name))


@pytest.mark.parametrize("name", ["demo", "local", "bedrock", "vertex", "aws", "google-cloud", "foundry"])
def test_who_needs_no_key_of_ours_is_not_asked_for_one(name: str) -> None:
    assert not needs_key(name)
    assert key_problem(ProviderConfig(name)) is None


@pytest.mark.parametrize(
    ("name", "url", "waits"),
    [
        ("local", None, True),
        ("openai", "http://127.0.0.1:11434/v1", True),
        ("openai", "http://localhost:8080", True),
        ("openai", "http://[::1]:8080/v1", True),
        ("openai", "http://192.168.1.7:8000/v1", True),
        ("openai", "https://me:secret@box.local/v1", True),
        ("openai", "https://openrouter.ai/api/v1", False),
        ("openai", "nonsense", False),
        ("openai", None, False),
        ("anthropic", None, False),
        ("demo", "http://127.0.0.1:9", False),
    ],
)
def test_a_model_of_ones_own_may_take_longer_to_its_first_token(name: str, url: str | None, waits: bool) -> None:
    config = ProviderConfig(name, url, read_timeout_s=30.0)
    assert config.patience_s == (300.0 if waits else 30.0)
    assert replace(config, first_token_timeout_s=1.0).patience_s == 1.0
    assert replace(config, read_timeout_s=900.0).patience_s == 900.0


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        ("foundry", {"ANTHROPIC_FOUNDRY_API_KEY": "fk-12345678"}),
        ("aws", {"ANTHROPIC_AWS_API_KEY": "ak-12345678", "ANTHROPIC_AWS_WORKSPACE_ID": "w", "AWS_REGION": "eu-west-1"}),
        ("bedrock-mantle", {"AWS_BEARER_TOKEN_BEDROCK": "bk-12345678", "AWS_REGION": "eu-west-1"}),
    ],
)
async def test_a_cloud_differs_only_in_its_client_and_finds_its_own_credentials(
    name: str, variables: dict[str, str], server: Loopback, collect: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    server.will(server.sse(START, {"type": "message_stop"}))
    provider = create_provider(ProviderConfig(name, server.url))
    assert await collect(provider) == [MessageStart("i", "m"), MessageStop()]
    assert server.received[0].body["model"] == "claude-haiku-4-5"


@pytest.mark.parametrize("name", ["bedrock", "vertex", "aws", "google-cloud", "foundry", "bedrock-mantle"])
async def test_a_cloud_without_credentials_says_so_in_a_sentence(
    name: str, request_for: RequestFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("AWS_REGION", "AWS_PROFILE", "AWS_BEARER_TOKEN_BEDROCK", "CLOUD_ML_REGION"):
        monkeypatch.delenv(variable, raising=False)
    provider = create_provider(ProviderConfig(name, "http://127.0.0.1:1"))
    with pytest.raises(ChatError) as failed:
        await provider.create(request_for(), lambda: None)
    assert not failed.value.retryable
    assert failed.value.sentence.endswith(".")
    assert "\n" not in failed.value.sentence


async def test_a_cloud_that_does_not_list_its_models_says_that_it_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUD_ML_REGION", "eu")
    monkeypatch.setenv("ANTHROPIC_VERTEX_PROJECT_ID", "p")
    assert await create_provider(ProviderConfig("vertex")).list_models() is None


async def test_a_cloud_that_cannot_count_says_that_it_does_not_know(request_for: RequestFor) -> None:
    assert await create_provider(ProviderConfig("bedrock")).count_tokens(request_for()) is None


@pytest.mark.parametrize(
    ("name", "base_url", "model", "thinking", "takes"),
    [
        ("local", None, "smollm2-135m-instruct", "off", True),
        ("openai", "http://127.0.0.1:8080/v1", "qwen3", "off", True),
        ("anthropic", "http://127.0.0.1:8080", "qwen3", "off", True),
        ("openai", None, "gpt-7", "off", False),
        ("openai", "http://127.0.0.1:4000/v1", "gpt-6.1-sol", "off", False),
        ("anthropic", None, "claude-opus-5", "off", False),
        ("anthropic", "http://127.0.0.1:4000", "claude-next", "off", False),
        ("anthropic", None, "claude-haiku-4-5-20251001", "off", True),
        ("anthropic", None, "claude-haiku-4-5", "on", False),
        ("demo", "http://127.0.0.1:9", "demo", "off", False),
    ],
)
def test_a_reply_is_begun_for_models_that_may_go_on_with_it(
    name: str, base_url: str | None, model: str, thinking: str, takes: bool
) -> None:
    assert takes_prefill(ProviderConfig(name, base_url=base_url), model, thinking) is takes
