"""The sources of a reply in a real terminal: numbers, list, and the browser that one is opened in."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.waiting import wait_until

WHATWG = "https://html.spec.whatwg.org/multipage/server-sent-events.html"


def test_a_source_is_read_and_opened_with_the_keys(
    environment: Mapping[str, str], warm: WarmProgram, tmp_path: Path
) -> None:
    urls, browser = tmp_path / "urls", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {urls}\necho "this would be in the way"\n')
    browser.chmod(stat.S_IRWXU)
    with Terminal(
        ["--model", "demo"], {**environment, "BROWSER": os.fspath(browser)}, warm, size=(100, 40)
    ) as terminal:
        terminal.wait_for("Ready")
        terminal.send("Search the news\r")
        terminal.wait_for("HTTP answer[1][2].")
        terminal.wait_for("[2] Server-sent events")
        terminal.send("\t")
        terminal.wait_for("Copy code")
        terminal.send("o")
        terminal.wait_for("Open in the browser")
        terminal.send("\x1b[B\r")
        wait_until(lambda: urls.exists() and urls.read_text() == f"{WHATWG}\n", "the browser was given the address")
        terminal.wait_for("Opened the source in the browser.")
        assert "in the way" not in terminal.text
