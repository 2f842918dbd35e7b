"""A path that is typed leads into the home folder that it names, and nowhere where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_chat.typed_paths import typed_path


def test_a_tilde_is_a_home_folder_if_there_is_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert typed_path("~/notes.txt") == tmp_path / "notes.txt"
    assert typed_path("~nobody-of-that-name/notes.txt") == Path("~nobody-of-that-name/notes.txt")
    assert typed_path("") == Path()
