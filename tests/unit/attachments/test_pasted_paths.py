"""Paths as terminals write them when files are dropped, and as file managers copy them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui_chat.attachments.pasted_paths import LONGEST_PASTE, first_that_exists, paths_in


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with some files, which is the user's home, too."""
    for name in ("a.md", "my plan.md", "it's.md", "100%.md", "ü.md"):
        (tmp_path / name).write_text("x")
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("pasted", "names"),
    [
        ("{}/a.md", ["a.md"]),
        (" {}/a.md \n", ["a.md"]),
        ("'{}/my plan.md'", ["my plan.md"]),
        ('"{}/my plan.md"', ["my plan.md"]),
        (r"{}/my\ plan.md", ["my plan.md"]),
        ("{}/my plan.md", ["my plan.md"]),
        ("{}/it's.md", ["it's.md"]),
        (r"'{}/it'\''s.md' ", ["it's.md"]),
        ("file://{}/my%20plan.md", ["my plan.md"]),
        ("file://localhost{}/%C3%BC.md", ["ü.md"]),
        ("file://{}/100%25.md", ["100%.md"]),
        ("{}/100%.md", ["100%.md"]),
        ("~/a.md", ["a.md"]),
        (r"'{0}/my plan.md' {0}/a.md", ["my plan.md", "a.md"]),
        ("{0}/a.md\r\n{0}/my plan.md", ["a.md", "my plan.md"]),
        ("file://{0}/a.md\nfile://{0}/my%20plan.md\n", ["a.md", "my plan.md"]),
        ("{0}/a.md {0}/a.md", ["a.md"]),
    ],
)
def test_a_paste_that_is_nothing_but_paths_is_files(there: Path, pasted: str, names: list[str]) -> None:
    found = first_that_exists(paths_in(pasted.format(there)))
    assert found == tuple(there / name for name in names)


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "a.md",
        "/none/such.md",
        "{0}/a.md and {0}/ü.md",
        "See {}/a.md",
        "{0}/a.md {0}/none.md",
        "http://localhost{}/a.md",
        "file://elsewhere{}/a.md",
        "file://[/a.md",
        "'{}/a.md",
        "{}/a.md\0",
        "/" + "x" * 5_000,
        "/a " * LONGEST_PASTE,
        "~nosuchuser/a.md",
        "/help",
    ],
)
def test_anything_else_is_text(there: Path, pasted: str) -> None:
    assert first_that_exists(paths_in(pasted.format(there))) == ()


def test_what_is_no_file_is_found_to_be_refused_by_name(there: Path) -> None:
    assert first_that_exists(paths_in(f"{there} {there}/pipe")) == (there, there / "pipe")
