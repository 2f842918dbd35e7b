"""The commands run in this process, with folders of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tui_chat.cli.main import run
from tui_chat.storage import Store


class Done(NamedTuple):
    """The end of a command."""

    status: int
    out: str
    err: str


Runner = Callable[..., Done]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    """Runs a command."""
    monkeypatch.setenv("TUI_CHAT_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("TUI_CHAT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "80")

    def run_command(*arguments: str) -> Done:
        status = run(list(arguments))
        return Done(status, *capsys.readouterr())

    return run_command


@pytest.fixture
def talks(tmp_path: Path) -> list[str]:
    """The ids of two conversations, the later one first."""
    store = Store.open(tmp_path / "data", on_problem=pytest.fail)
    ids = [
        store.import_(
            {
                "title": title,
                "updated_at": f"2026-01-0{day}T12:00:00+00:00",
                "messages": [{"role": "user", "text": f"About {title}"}, {"role": "assistant", **reply}],
            }
        ).id
        for day, title, reply in (
            (1, "Zürich 東京", {"text": "The lake.\n"}),
            (2, "Trains\x1b[31m", {"text": "They run", "streaming_status": "stopped"}),
        )
    ]
    store.close()
    return ids[::-1]
