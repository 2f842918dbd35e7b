"""The parts of `tui-chat serve`: keys, tabs, and apps that end when nobody looks at them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from unittest.mock import Mock

import pytest
from aiohttp import ClientSession, WSMsgType, web
from aiohttp.test_utils import TestServer, make_mocked_request

from tui_chat.cli.web.access import Door
from tui_chat.cli.web.app_process import Size
from tui_chat.cli.web.tab import Tab, TabCommands, bounded
from tui_chat.cli.web.tabs import Full, Tabs

_APP = """
import sys
def send(text):
    sys.stdout.buffer.write(b"D" + len(text).to_bytes(4, "big") + text)
    sys.stdout.buffer.flush()
print("__GANGLION__", flush=True)
send(sys.argv[1].encode())
while head := sys.stdin.buffer.read(5):
    packet = sys.stdin.buffer.read(int.from_bytes(head[1:], "big"))
    if b"quit" in packet:
        break
    send(head[:1] + packet)
"""
"""Says what it was started with, repeats what it is sent, and quits."""


def _commands() -> TabCommands:
    app = [sys.executable, "-c", _APP]
    return TabCommands([*app, "first"], [*app, "again"])


@asynccontextmanager
async def _shown(tab: Tab) -> AsyncIterator[str]:
    """Yield the address of a server with one tab."""

    async def show(request: web.Request) -> web.StreamResponse:
        page = web.WebSocketResponse()
        await page.prepare(request)
        await tab.show_in(page, Size(80, 24))
        return page

    application = web.Application()
    application.router.add_get("/", show)
    async with TestServer(application) as server:
        yield str(server.make_url("/"))
        await tab.end("over")


async def _first_words(address: str) -> str:
    async with ClientSession() as browser, browser.ws_connect(address) as page:
        message = await page.receive()
        assert message.type is WSMsgType.BINARY
        return str(message.data.decode())


async def _ended(tab: Tab) -> None:
    while tab.running:
        await asyncio.sleep(0.01)


def test_a_key_opens_one_tab() -> None:
    offered: list[str] = []
    tabs = Tabs(_commands(), offered.append)
    key = tabs.query.removeprefix("key=")
    for wrong in ("", "x", key.upper() + "x", key[:-1], "\udcff", "ß"):
        assert tabs.open(wrong) is None
    assert offered == []
    secret = tabs.open(key)
    assert secret is not None
    assert secret not in key
    assert tabs.open(key) is None
    assert offered == [tabs.query] != [f"key={key}"]
    assert tabs.find(secret) is not None
    assert tabs.find(key) is None


def test_there_are_not_more_apps_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_chat.cli.web.tabs.MOST_APPS", 0)
    tabs = Tabs(_commands(), pytest.fail)
    before = tabs.query
    with pytest.raises(Full):
        tabs.open(before.removeprefix("key="))
    assert tabs.query == before, "the link is still good"


async def test_too_many_who_are_refused_lose_the_connection_instead_of_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_chat.cli.web.access.MOST_WAITING", 1)
    monkeypatch.setattr("tui_chat.cli.web.access.REFUSAL_S", 3600.0)
    transport = Mock()
    request = make_mocked_request("GET", "/", transport=transport)
    door = Door("127.0.0.1:8000")
    first = asyncio.create_task(door.refuse(request))
    await asyncio.sleep(0)
    assert not transport.abort.called
    await door.refuse(request)
    assert transport.abort.called
    assert not first.done()
    first.cancel()


async def test_a_page_that_comes_back_finds_the_same_app() -> None:
    tab = Tab(_commands())
    async with _shown(tab) as address:
        assert await _first_words(address) == "first"
        assert await _first_words(address) == 'M{"type": "attach", "width": 80, "height": 24}'


async def test_an_app_that_nobody_looks_at_ends_and_a_page_that_comes_back_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui_chat.cli.web.tab.LINGER_S", 0.0)
    tab = Tab(_commands())
    async with _shown(tab) as address:
        assert await _first_words(address) == "first"
        await _ended(tab)
        assert await _first_words(address) == "again"


async def test_a_page_whose_app_has_ended_is_told() -> None:
    tab = Tab(_commands())
    async with _shown(tab) as address, ClientSession() as browser, browser.ws_connect(address) as page:
        await page.send_json(["stdin", "quit"])
        while (message := await page.receive()).type is not WSMsgType.CLOSE:
            assert message.type is WSMsgType.BINARY
        assert "closed" in str(message.extra)
        await _ended(tab)


def test_a_screen_has_a_size_that_it_can_have() -> None:
    assert bounded(-1, 10**9) == (1, 1000)
    assert bounded(100, 30) == (100, 30)
