"""The app in a browser: only by the printed link, and a reply comes as in a terminal."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.e2e.command import Command
from tests.waiting import PATIENCE_S
from tui_chat.demo import DemoServer
from tui_chat.storage import Store


class Page:
    """What a browser does with the page."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._shown = ""

    async def wait_for(self, text: str) -> None:
        while text not in self._shown:
            message = await self._socket.receive(PATIENCE_S)
            assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), self._shown
            if message.type is aiohttp.WSMsgType.BINARY:
                self._shown += message.data.decode()

    async def type(self, text: str) -> None:
        for key in text:
            await self._socket.send_json(["stdin", key])


@pytest.fixture
def serving(cli: Command, server: DemoServer) -> Iterator[subprocess.Popen[bytes]]:
    with cli.start_cold("serve", "--port", "0", "--model", "demo", "--batch") as process:
        yield process
        process.kill()


async def test_the_app_is_used_in_a_browser_by_whoever_has_the_link(
    serving: subprocess.Popen[bytes], server: DemoServer, tmp_path: Path
) -> None:
    assert serving.stdout is not None
    link = serving.stdout.readline().decode().strip()
    address, key, _ = link.partition("/?key=")
    assert address.startswith("http://127.0.0.1:")
    assert key
    jar = aiohttp.CookieJar(unsafe=True)  # which takes cookies of an address that has no name
    async with aiohttp.ClientSession(cookie_jar=jar) as browser:
        for path in ("/", "/?key=guess", "/ws", "/static/js/textual.js"):
            async with browser.get(f"{address}{path}") as answer:
                assert answer.status == 403, path
        async with browser.get(link) as answer:
            assert answer.status == 200
            assert "connect-src 'self'" in answer.headers["Content-Security-Policy"]
        async with browser.ws_connect(f"{address}/ws?width=100&height=30") as connection:
            page = Page(connection)
            await page.wait_for("Ready")
            await connection.send_json(["focus"])
            await page.type("Some SQL\r")
            await page.wait_for(" out")
    serving.send_signal(signal.SIGINT)
    assert serving.wait(PATIENCE_S) == 0
    assert serving.stderr is not None
    assert b"Traceback" not in serving.stderr.read()
    (exchange,) = server.log.replies
    assert not exchange.body.get("stream")
    store = Store.open(tmp_path / "data", on_problem=pytest.fail)
    (summary,) = store.conversations()
    store.close()
    assert summary.title == "Some SQL"


def test_a_port_that_is_taken_is_a_sentence(cli: Command, server: DemoServer) -> None:
    taken = server.url.rpartition(":")[2]
    done = cli.run("serve", "--port", taken)
    assert done.returncode == 1
    assert f"tui-chat: Port {taken} cannot be used" in done.stderr.decode()
    assert done.stdout == b""
