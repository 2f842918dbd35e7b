"""The list of models: asked for once a day, and there without a network."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tui_chat.chat.errors import ErrorKind
from tui_chat.chat.models import Price
from tui_chat.providers import ModelCache, ProviderConfig

if TYPE_CHECKING:
    from tests.unit.providers.conftest import Loopback

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def info(id: str, **more: Any) -> dict[str, Any]:
    return {"type": "model", "id": id, "display_name": id.title(), "lifecycle": "active"} | more


LISTED = [
    info("claude-opus-9", max_input_tokens=2_000_000, max_tokens=256_000),
    info("claude-sonnet-5-5", display_name="Claude Sonnet 5.5"),
    info("claude-opus-5", lifecycle="deprecated", retires_at="2027-07-24T00:00:00Z"),
    info("claude-opus-3", lifecycle="retired"),
]


def files_in(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


class Clock:
    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time


async def test_what_the_provider_says_is_joined_with_what_is_known(server: Loopback, tmp_path: Path) -> None:
    server.will(server.status(200, {"data": LISTED}))
    listed = await ModelCache(tmp_path / "models.json", now=Clock()).models(server.config(vendor_prices=True))
    assert (listed.as_of, listed.problem) == (NOON, None)
    new, sonnet, opus = listed.models
    assert (new.id, new.context_window, new.max_output, new.price) == ("claude-opus-9", 2_000_000, 256_000, None)
    assert (sonnet.context_window, sonnet.price) == (1_000_000, Price(2.0, 10.0, 0.1, 2.5))
    assert (opus.deprecated, opus.retires) == (True, "2027-07-24")


async def test_a_provider_is_asked_once_a_day(server: Loopback, tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "new" / "models.json"
    server.will(server.status(200, {"data": LISTED}))
    first = await ModelCache(path, now=clock).models(server.config(vendor_prices=True))
    clock.time += timedelta(hours=23)
    assert await ModelCache(path, now=clock).models(server.config(vendor_prices=True)) == first
    assert len(server.received) == 1
    clock.time += timedelta(hours=2)
    assert (await ModelCache(path, now=clock).models(server.config(vendor_prices=True))).as_of == clock.time
    assert len(server.received) == 2


async def test_without_a_network_the_last_list_is_still_there_and_the_problem_told(
    server: Loopback, tmp_path: Path
) -> None:
    clock = Clock()
    cache = ModelCache(tmp_path / "models.json", now=clock)
    server.will(server.status(200, {"data": LISTED}))
    first = await cache.models(server.config())
    clock.time += timedelta(days=3)
    server.will(server.status(503))
    later = await cache.models(server.config())
    assert (later.models, later.as_of) == (first.models, NOON)
    assert later.problem is not None
    assert later.problem.kind is ErrorKind.OVERLOADED
    assert cache.known(server.config()).models == first.models


def test_before_the_first_list_the_data_file_answers(tmp_path: Path) -> None:
    known = ModelCache(tmp_path / "models.json").known(ProviderConfig("anthropic"))
    assert known.as_of is None
    assert "claude-sonnet-5-5" in {model.id for model in known.models}


def test_of_a_server_of_ones_own_nothing_is_known_before_it_is_asked(tmp_path: Path) -> None:
    cache = ModelCache(tmp_path / "models.json")
    assert cache.known(ProviderConfig("openai", "http://127.0.0.1:11434/v1")).models == ()


async def test_the_demo_server_has_one_list_whatever_its_port(server: Loopback, tmp_path: Path) -> None:
    cache = ModelCache(tmp_path / "models.json", now=Clock())
    server.will(server.status(200, {"data": [info("demo")]}))
    await cache.models(server.config("demo"))
    assert [model.id for model in cache.known(ProviderConfig("demo", "http://127.0.0.1:1")).models] == ["demo"]


async def test_two_servers_of_one_wire_keep_lists_of_their_own(server: Loopback, tmp_path: Path) -> None:
    cache = ModelCache(tmp_path / "models.json", now=Clock())
    server.will(server.status(200, {"data": [{"id": "llama"}]}))
    await cache.models(server.config("openai"))
    assert [model.id for model in cache.known(server.config("openai")).models] == ["llama"]
    assert "llama" not in {model.id for model in cache.known(ProviderConfig("openai")).models}


@pytest.mark.parametrize("content", ["", "not JSON", "[]", '{"anthropic": 3}', '{"anthropic": {"as_of": 1}}', "\x00"])
def test_a_damaged_file_is_an_empty_one(content: str, tmp_path: Path) -> None:
    path = tmp_path / "models.json"
    path.write_text(content)
    assert ModelCache(path).known(ProviderConfig("anthropic")).as_of is None


@pytest.mark.parametrize("name", ["anthropic", "openai"])
@pytest.mark.parametrize(
    "body",
    [
        {"data": [{"id": "m"}, {"id": None}, {}, None, 3]},
        {"data": [{"id": "m", "display_name": 5, "max_tokens": "many", "max_input_tokens": -1, "retires_at": "soon"}]},
    ],
)
async def test_a_list_that_makes_little_sense_gives_what_it_has(
    name: str, body: object, server: Loopback, tmp_path: Path
) -> None:
    server.will(server.status(200, body))
    listed = await ModelCache(tmp_path / "models.json", now=Clock()).models(server.config(name))
    assert [model.id for model in listed.models] == ["m"]
    assert listed.models[0].max_output is None


@pytest.mark.parametrize("name", ["anthropic", "openai"])
@pytest.mark.parametrize("body", ["<html>Sign in</html>", {"hello": 1}])
async def test_what_is_no_list_is_a_problem(name: str, body: object, server: Loopback, tmp_path: Path) -> None:
    server.will(server.status(200, body))
    listed = await ModelCache(tmp_path / "models.json").models(server.config(name))
    assert listed.problem is not None
    assert listed.problem.kind is ErrorKind.PROTOCOL


async def test_a_file_that_cannot_be_written_spoils_nothing(server: Loopback, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    server.will(server.status(200, {"data": LISTED}))
    listed = await ModelCache(tmp_path / "file" / "models.json", now=Clock()).models(server.config())
    assert len(listed.models) == 3


async def test_no_key_and_no_password_is_in_the_file(server: Loopback, tmp_path: Path) -> None:
    path = tmp_path / "models.json"
    server.will(server.status(200, {"data": LISTED}))
    config = server.config()
    url = server.url.replace("//", "//me:hunter2@")
    await ModelCache(path, now=Clock()).models(ProviderConfig("anthropic", url, config.api_key))
    written = path.read_text()
    assert json.loads(written)
    assert "hunter2" not in written
    assert config.api_key not in written
    assert files_in(tmp_path) == ["models.json"]
