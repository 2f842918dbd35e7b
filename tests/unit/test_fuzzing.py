"""A short run of the fuzzer, with the same seeds every time; `scripts/fuzz` runs it for long, with others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzzing.targets import NAMES, feed, targets

ROUNDS = 8


@pytest.mark.parametrize("name", NAMES)
def test_no_garbage_is_a_fault(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUI_CHAT_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("TUI_CHAT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    with targets(tmp_path) as decoders:
        for seed in range(ROUNDS):
            feed(decoders[name], seed)
