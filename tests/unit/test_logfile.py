"""The log tells what went wrong, and nothing of what was said."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import pytest

from tui_chat.logfile import log_path, open_log, where_the_details_are

SECRET = "a prompt or a key"


def _fail() -> None:
    raise ValueError(SECRET)


def test_a_fault_is_logged_with_its_place_and_without_its_words(tmp_path: Path) -> None:
    open_log(tmp_path)
    assert where_the_details_are() == ""
    try:
        _fail()
    except ValueError:
        logging.getLogger("tui_chat.somewhere").exception("it failed")
    written = log_path(tmp_path).read_text()
    assert "it failed" in written
    assert "in _fail" in written
    assert SECRET not in written
    assert where_the_details_are() == f"; the details are in {log_path(tmp_path)}"


def test_a_thread_that_fails_writes_to_the_log_and_not_on_the_screen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    open_log(tmp_path)
    thread = threading.Thread(target=_fail)
    thread.start()
    thread.join()
    written = log_path(tmp_path).read_text()
    assert "in _fail" in written
    assert SECRET not in written
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", ["asyncio", "anthropic._base_client", "httpx2", "textual"])
def test_what_others_say_is_not_told_and_not_shown(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # those of pytest
    open_log(tmp_path)
    logging.getLogger(name).info("all is well: %s", SECRET)
    assert not log_path(tmp_path).exists()
    try:
        _fail()
    except ValueError:
        logging.getLogger(name).exception("all is lost: %s", SECRET)
    written = log_path(tmp_path).read_text()
    assert name in written
    assert "test_logfile" in written
    assert SECRET not in written
    assert capsys.readouterr().err == ""
