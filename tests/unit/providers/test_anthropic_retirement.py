"""Models on their way out: what the SDK's own table says of them, by a table of the test's own."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from tui_chat.chat.events import MessageStop, StreamEvent
from tui_chat.chat.models import Model
from tui_chat.chat.request import ReplyRequest
from tui_chat.providers import ModelCache, ProviderConfig, loading
from tui_chat.providers.anthropic import begin_loading
from tui_chat.providers.anthropic_retirement import vendor_table, with_retirement

if TYPE_CHECKING:
    from tests.unit.providers.conftest import Loopback

Collect = Callable[..., Awaitable[list[StreamEvent]]]


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return the vendor's table, as it is in this test."""
    table: dict[str, Any] = {}
    monkeypatch.setattr("tui_chat.providers.anthropic_retirement.vendor_table", lambda: table)
    return table


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("January 22nd, 2027", "2027-01-22"),
        ("November 30th, 2026", "2026-11-30"),
        ("August 1st, 2027", "2027-08-01"),
        ("May 3rd, 2027", "2027-05-03"),
        ("2027-05-03", "2027-05-03"),
        ("in the spring", None),
        ("", None),
        (None, None),
        ({"date": "2027-05-03"}, None),
    ],
)
def test_a_day_is_read_and_any_other_words_are_no_day(table: dict[str, Any], words: object, day: str | None) -> None:
    table["claude-going"] = words
    assert with_retirement(Model("claude-going")) == Model("claude-going", deprecated=True, retires=day)
    assert with_retirement(Model("claude-going-on")) == Model("claude-going-on")


def test_a_day_that_the_provider_gave_is_newer_than_the_sdk(table: dict[str, Any]) -> None:
    table["m"] = "May 3rd, 2027"
    assert with_retirement(Model("m", retires="2027-06-01")) == Model("m", deprecated=True, retires="2027-06-01")


def test_the_table_is_the_loaded_sdks_and_empty_before(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(loading, "_begun", {})
        assert vendor_table() == {}
    begin_loading().result()
    from anthropic.resources import messages

    monkeypatch.setattr(messages, "DEPRECATED_MODELS", {"claude-going": "May 3rd, 2027"})
    assert vendor_table() == {"claude-going": "May 3rd, 2027"}


@pytest.mark.parametrize("other", [None, [], ["claude-going"], 3])
def test_a_table_of_another_shape_is_none(monkeypatch: pytest.MonkeyPatch, other: object) -> None:
    begin_loading().result()
    monkeypatch.setattr("anthropic.resources.messages.DEPRECATED_MODELS", other)
    assert vendor_table() == {}


def test_an_sdk_without_a_table_has_an_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    begin_loading().result()
    monkeypatch.setitem(sys.modules, "anthropic.resources.messages", ModuleType("messages"))
    assert vendor_table() == {}


def test_an_sdk_that_cannot_be_loaded_has_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_begun", {"anthropic": loading.in_daemon_thread(lambda: 1 // 0)})
    assert loading._begun["anthropic"].exception() is not None
    assert vendor_table() == {}


async def test_the_vendors_warning_is_neither_an_error_nor_printed(
    monkeypatch: pytest.MonkeyPatch,
    server: Loopback,
    collect: Collect,
    request_for: Callable[..., ReplyRequest],
    capfd: pytest.CaptureFixture[str],
) -> None:
    from anthropic.resources import messages

    monkeypatch.setitem(messages.DEPRECATED_MODELS, "claude-going", "May 3rd, 2027")
    request, wire = request_for(model="claude-going"), [{"type": "message_start", "message": {"id": "i"}}]
    server.will(server.sse(*wire, {"type": "message_stop"}))
    assert (await collect(server.provider(), request))[-1] == MessageStop()
    server.will(server.status(200, {"type": "message", "id": "i", "model": "m", "content": []}))
    await server.provider().create(request, lambda: None)
    server.will(server.status(200, {"input_tokens": 1}))
    assert await server.provider().count_tokens(request) == 1
    assert capfd.readouterr() == ("", "")


def test_the_lists_of_models_say_it_but_not_of_those_that_cost_nothing(table: dict[str, Any], tmp_path: Path) -> None:
    table |= {"claude-haiku-4-5": "May 3rd, 2126", "demo": "May 3rd, 2126"}
    cache = ModelCache(tmp_path / "models.json")
    listed = {model.id: model for name in ("anthropic", "demo") for model in cache.known(ProviderConfig(name)).models}
    assert listed["claude-haiku-4-5"].remark == "deprecated, retires on 2126-05-03"
    assert listed["claude-haiku-5-5"].remark == listed["demo"].remark == ""
