"""The app in a browser: only by the printed link, and a reply comes as in a terminal."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import aiohttp
import pytest

from tests.e2e.command import Command, Run
from tests.waiting import PATIENCE_S, wait_until
from tui_chat.chat.message import Message, StreamingStatus
from tui_chat.demo import DemoServer
from tui_chat.demo.faults import parse_faults
from tui_chat.storage import Store

_SECRET = re.compile(r'data-secret="([0-9a-f]{64})"')
_NEXT_LINK = "For another tab: "


class Page:
    """A browser's part in the page."""

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

    async def farewell(self) -> str:
        """Return what the page is told when it is closed."""
        while True:
            message = await self._socket.receive(PATIENCE_S)
            if message.type is aiohttp.WSMsgType.CLOSE:
                return str(message.extra)
            assert message.type is aiohttp.WSMsgType.BINARY


class Serving:
    """`tui-chat serve`, and what it has printed."""

    def __init__(self, process: Run) -> None:
        assert process.stdout is not None
        assert process.stderr is not None
        self.process = process
        self._stderr = process.stderr
        self.link = process.stdout.readline().decode().strip()
        self.address, _, self.key = self.link.partition("/?key=")
        self.host = self.address.removeprefix("http://")

    def next_link(self) -> str:
        """Return the link for another tab."""
        while not (line := self._stderr.readline().decode()).startswith(_NEXT_LINK):
            assert line
        return line.removeprefix(_NEXT_LINK).strip()

    def end(self, number: signal.Signals = signal.SIGINT) -> str:
        """End it; gives what else it has said."""
        self.process.send_signal(number)
        assert self.process.wait(PATIENCE_S) == 0
        return self._stderr.read().decode()

    async def secret(self, link: str) -> str:
        """Return the secret that the page for a link is given as its tab's own."""
        async with aiohttp.ClientSession() as browser, browser.get(link) as answer:
            assert answer.status == 200
            match = _SECRET.search(await answer.text())
            assert match is not None
            return match[1]

    @asynccontextmanager
    async def page(self, secret: str) -> AsyncIterator[Page]:
        """Yield the page of a tab, for as long as it is open."""
        url = f"{self.address}/tab/{secret}?width=100&height=30"
        async with aiohttp.ClientSession() as browser, browser.ws_connect(url, origin=self.address) as connection:
            yield Page(connection)


def _serving(cli: Command, *options: str) -> Iterator[Serving]:
    with cli.start("serve", "--port", "0", "--model", "demo", *options) as process:
        yield Serving(process)
        process.kill()


@pytest.fixture
def serving(cli: Command, server: DemoServer) -> Iterator[Serving]:
    yield from _serving(cli, "--batch")


@pytest.fixture
def lasting_replies(cli: Command) -> Iterator[Serving]:
    """Served, with replies that begin, and do not end."""
    assert cli.run("config", "set", "streaming.stall_timeout", "600").returncode == 0
    with DemoServer(rate=0, latency_s=0, faults=parse_faults("stall@8xall")) as server:
        yield from _serving(cli, "--base-url", server.url)


def _last_reply(folder: Path) -> Message:
    store = Store.open(folder / "data", on_problem=pytest.fail)
    latest = store.latest()
    store.close()
    assert latest is not None
    assert latest.last is not None
    return latest.last


async def test_the_app_is_used_in_a_browser_by_whoever_has_the_link(
    serving: Serving, server: DemoServer, tmp_path: Path
) -> None:
    assert serving.address.startswith("http://127.0.0.1:")
    async with serving.page(await serving.secret(serving.link)) as page:
        await page.type("Some SQL\r")  # before anything is there to type in
        await page.wait_for(" out")
    assert "Traceback" not in serving.end()
    (exchange,) = server.log.replies
    assert not exchange.body.get("stream")
    assert exchange.body["messages"][-1]["content"][0]["text"] == "Some SQL"
    assert _last_reply(tmp_path).status is StreamingStatus.COMPLETE


async def test_a_link_opens_one_tab_and_the_next_is_printed(serving: Serving) -> None:
    first = await serving.secret(serving.link)
    async with aiohttp.ClientSession() as browser, browser.get(serving.link) as answer:
        assert answer.status == 403
        assert "each opens one tab" in await answer.text()
    second = serving.next_link()
    assert second.startswith(f"{serving.address}/?key=")
    assert await serving.secret(second) != first


async def test_the_page_is_no_other_sites_to_show_and_asks_no_other(serving: Serving) -> None:
    async with aiohttp.ClientSession() as browser, browser.get(serving.link) as answer:
        page, policy = await answer.text(), answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert f"connect-src 'self' ws://{serving.host};" in policy
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
        assert "<title>tui-chat</title>" in page
        assert 'name="viewport"' in page
        for part in re.findall(r'(?:src|href)="(/[^"]+)"', page):
            async with browser.get(f"{serving.address}{part}") as whole:
                assert whole.status == 200, part


async def test_no_other_page_and_no_other_name_of_this_machine_is_let_in(serving: Serving) -> None:
    secret = await serving.secret(serving.link)
    other_port = f"127.0.0.1:{int(serving.host.rpartition(':')[2]) - 1}"
    own = {"Origin": serving.address}
    strangers: list[dict[str, str]] = [
        *({"Origin": origin} for origin in ("http://evil.example", "null", f"http://{other_port}", "")),
        {"Origin": serving.address.replace("http:", "https:")},
        *(
            {**own, "Host": host}
            for host in ("evil.example", other_port, serving.host.replace("127.0.0.1", "localhost"))
        ),
        {**own, "Sec-Fetch-Site": "same-site"},
        {**own, "Sec-Fetch-Site": "cross-site"},
        {},
    ]
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    handshake = {**upgrade, "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    async with aiohttp.ClientSession() as browser:

        async def status(path: str, headers: dict[str, str]) -> int:
            async with browser.get(f"{serving.address}{path}", headers=headers) as answer:
                return answer.status

        asked = [status(f"/tab/{secret}", {**handshake, **headers}) for headers in strangers]
        asked += [status(path, headers) for headers in strangers[:-3] for path in ("/", "/page.js")]
        asked += [status(f"/tab/{'0' * 64}", {**handshake, **own}), status(f"/tab/{serving.key}", {**handshake, **own})]
        assert set(await asyncio.gather(*asked)) == {403}
    async with serving.page(secret) as page:
        await page.wait_for("Ready")
    assert "Traceback" not in serving.end()


async def test_loading_the_page_anew_goes_on_with_what_runs(lasting_replies: Serving) -> None:
    secret = await lasting_replies.secret(lasting_replies.link)
    async with lasting_replies.page(secret) as page:
        await page.wait_for("Ready")
        await page.type("hello\r")
        await page.wait_for("Streaming")
    async with lasting_replies.page(secret) as again:
        await again.wait_for("Streaming")
        async with lasting_replies.page(secret) as elsewhere:
            assert "another tab" in await again.farewell()
            await elsewhere.wait_for("Streaming")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_end_of_the_server_keeps_what_came_and_tells_the_page(
    lasting_replies: Serving, tmp_path: Path, number: signal.Signals
) -> None:
    async with lasting_replies.page(await lasting_replies.secret(lasting_replies.link)) as page:
        await page.wait_for("Ready")
        await page.type("hello\r")
        await page.wait_for("Streaming")
        ended = asyncio.get_running_loop().run_in_executor(None, lasting_replies.end, number)
        assert "has ended" in await page.farewell()
        assert "Traceback" not in await ended
    # A signal follows if the app has not left in time, as it may not have on a busy machine.
    assert _last_reply(tmp_path).status in (StreamingStatus.STOPPED, StreamingStatus.INTERRUPTED)


async def test_without_its_server_the_app_ends_and_keeps_what_came(lasting_replies: Serving, tmp_path: Path) -> None:
    async with lasting_replies.page(await lasting_replies.secret(lasting_replies.link)) as page:
        await page.wait_for("Ready")
        await page.type("hello\r")
        await page.wait_for("Streaming")
        lasting_replies.process.kill()
    with closing(sqlite3.connect(f"file:{tmp_path / 'data' / 'tui-chat.db'}?mode=ro", uri=True)) as database:
        stored = "SELECT streaming_status FROM messages WHERE role = 'assistant'"
        wait_until(lambda: database.execute(stored).fetchall() == [("interrupted",)], "the reply is stored")


MALFORMED = [
    b"GET / HTTP/1.1\r\nHost: HOST\r\nCookie: a=\xff\r\n\r\n",
    b"GET /?key=%ff%00 HTTP/1.1\r\nHost: HOST\r\n\r\n",
    b"GET /?key=\xff HTTP/1.1\r\nHost: HOST\r\n\r\n",
    b"GET /?key=%ed%a0%80 HTTP/1.1\r\nHost: HOST\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: HOST\r\nHost: HOST\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: \xff\r\n\r\n",
    b"GET /tab/%2e%2e%2f HTTP/1.1\r\nHost: HOST\r\nOrigin: http://HOST\r\n\r\n",
    b"GET http://[x HTTP/1.1\r\nHost: HOST\r\n\r\n",
    b"GET //HOST:x/ HTTP/1.1\r\nHost: HOST\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: HOST\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
    b"\x00" * 100 + b"\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
]


def _answer(serving: Serving, request: bytes) -> bytes:
    host, _, port = serving.host.partition(":")
    with socket.create_connection((host, int(port)), PATIENCE_S) as connection:
        connection.sendall(request.replace(b"HOST", serving.host.encode()))
        return connection.recv(65_536)


async def test_what_is_malformed_is_refused_without_a_word_in_the_terminal(serving: Serving) -> None:
    answers = await asyncio.gather(*(asyncio.to_thread(_answer, serving, request) for request in MALFORMED))
    for request, answer in zip(MALFORMED, answers, strict=True):
        assert answer.split()[1] in (b"200", b"400", b"403", b"404", b"405"), (request, answer)
    secret = await serving.secret(serving.link)
    for said in ("", "nonsense", "{}", "[]", "[" * 100_000, '["stdin"]', '["resize", {"width": 1e99}]', "\ud800"):
        async with aiohttp.ClientSession() as browser:
            url = f"{serving.address}/tab/{secret}"
            async with browser.ws_connect(url, origin=serving.address) as connection:
                await connection.send_bytes(said.encode("utf-8", "surrogatepass"))
            async with browser.ws_connect(url, origin=serving.address) as connection:
                await connection.send_str(said.encode("utf-8", "replace").decode())
    async with serving.page(secret) as page:
        await page.wait_for("Ready")
    said = serving.end()
    assert said.count("\n") == 2, said  # how it is used, and the next link


def test_a_port_that_is_taken_is_a_sentence(cli: Command, server: DemoServer) -> None:
    taken = server.url.rpartition(":")[2]
    done = cli.run("serve", "--port", taken)
    assert done.returncode == 1
    assert f"tui-chat: Port {taken} cannot be used" in done.stderr.decode()
    assert done.stdout == b""
