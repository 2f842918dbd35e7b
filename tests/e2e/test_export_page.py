"""An exported page in a real browser: hostile texts run nothing, fetch nothing, and stay text."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.unit.interchange.test_html_page import RAW, Strict, strings
from tests.waiting import PATIENCE_S
from tui_chat.chat.message import Conversation, Message, Role
from tui_chat.chat.parts import FilePart, TextPart, ThinkingPart
from tui_chat.interchange.html_page import html_page

HOSTILE = Path(__file__).parents[1] / "data" / "hostile.json"
BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or ""
OWN = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
MARKED = "document.documentElement.setAttribute('onmarked', '1')"
"""A script that `Strict` notices."""

pytestmark = pytest.mark.skipif(not BROWSER, reason="there is no browser to look with")


class Proxy:
    """What all requests of the browser go to, whatever their host."""

    def __init__(self) -> None:
        asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_error(404)

            do_CONNECT = do_POST = do_GET

            def log_message(self, format: str, *args: object) -> None:
                """Print nothing."""

        self.asked = asked
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    """Notes every request."""
    proxy = Proxy()
    yield proxy
    proxy.server.shutdown()
    proxy.thread.join()
    proxy.server.server_close()


def dom_of(page: Path, proxy: Proxy, profile: Path) -> str:
    """Return what a browser makes of a page, once all its scripts have run."""
    address = f"127.0.0.1:{proxy.server.server_port}"
    options = (f"--proxy-server={address}", "--proxy-bypass-list=<-loopback>", f"--user-data-dir={profile}")
    command = [BROWSER, *OWN, *options, "--virtual-time-budget=2000", "--dump-dom", page.as_uri()]
    return subprocess.run(command, capture_output=True, timeout=4 * PATIENCE_S, check=True).stdout.decode()


def attacks() -> list[str]:
    """Return hostile texts, whose scripts would mark the page, and whose pictures would be asked for."""
    raw = [text.replace("alert(1)", MARKED).replace("onload=x", f'onload="{MARKED}"') for text in RAW]
    more = [f"<script>{MARKED}</script>", "<img src=http://evil.example/a>", "![a](http://evil.example/b.png)"]
    more += ["<link rel=stylesheet href=http://evil.example/c>", "<style>@import 'http://evil.example/d'</style>"]
    more += ["</title><meta http-equiv=refresh content='0;url=http://evil.example/e'>", "[a]: http://evil.example/f"]
    return [*raw, *more, *(text[:5_000] for text in strings(json.loads(HOSTILE.read_text("utf-8"))))]


def test_the_browser_would_notice(proxy: Proxy, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<!DOCTYPE html><html><body><img src=http://evil.example/a><script>{MARKED}</script>")
    assert "onmarked" in dom_of(page, proxy, tmp_path / "profile")
    assert [path for path in proxy.asked if "evil.example" in path]


def test_nothing_runs_and_nothing_is_fetched(proxy: Proxy, tmp_path: Path) -> None:
    conversations = [
        Conversation(
            title=text,
            model=text,
            messages=(
                Message(Role.USER, (FilePart(text, "image/png", "iVBORw0KGgo="), TextPart(text))),
                Message(Role.ASSISTANT, (ThinkingPart(text), TextPart(text))),
            ),
        )
        for text in attacks()
    ]
    page = tmp_path / "page.html"
    pieces = html_page(conversations, attacks()[0], thinking=True)
    page.write_text("\n".join(pieces), "utf-8", "replace")
    dom = dom_of(page, proxy, tmp_path / "profile")
    assert dom.count("<article") == 2 * len(conversations)
    assert not [path for path in proxy.asked if "evil" in path]
    parser = Strict()
    parser.feed(dom)
    parser.close()
