"""The paths that are offered for what is typed of one."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tui_chat.attachments import listing
from tui_chat.attachments.listing import FileListing


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with some files in it."""
    folder = tmp_path / "desk"
    for name in (
        "README.md",
        "my notes.md",
        "src/app.py",
        "src/deep/readme.txt",
        "docs/Application.md",
        ".hidden/readme.md",
        ".env",
        "built/readme.html",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    os.mkfifo(folder / "pipe")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(tmp_path))
    for variable in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(variable, raising=False)
    return folder


def project(here: Path) -> None:
    """Make a project of the folder that ignores what is built."""
    subprocess.run(["git", "init", "-q", str(here)], check=True)
    (here / ".gitignore").write_text("built/\nmy*\n")


def offered(typed: str) -> list[str]:
    return [offer.text for offer in FileListing().offers(typed)]


def test_without_a_word_the_folder_is_listed_with_what_is_hidden_last(here: Path) -> None:
    assert offered("") == ["built/", "docs/", "my notes.md", "README.md", "src/", ".env", ".hidden/"]


def test_a_word_finds_what_begins_so_then_what_has_it_in_it_near_before_far(here: Path) -> None:
    assert offered("readme") == ["README.md", "built/readme.html", "src/deep/readme.txt"]
    assert offered("App") == ["src/app.py", "docs/Application.md"]
    assert offered("notes") == ["my notes.md"]
    assert offered("docs") == ["docs/", "docs/Application.md"]
    assert offered("none such") == []


def test_what_git_ignores_comes_last_and_is_not_looked_into(here: Path) -> None:
    project(here)
    last = [".env", ".git/", ".gitignore", ".hidden/", "built/", "my notes.md"]
    assert offered("") == ["docs/", "README.md", "src/", *last]
    assert offered("readme") == ["README.md", "src/deep/readme.txt", ".hidden/readme.md"]
    assert offered("built/") == ["built/readme.html"]
    assert offered("my") == ["my notes.md"]


def test_a_folder_is_listed_by_itself(here: Path) -> None:
    assert offered("src/") == ["src/app.py", "src/deep/"]
    assert offered("./src/dee") == ["./src/deep/", "./src/deep/readme.txt"]
    assert offered(f"{here}/src/ap") == [f"{here}/src/app.py"]
    assert offered("../") == ["../desk/"]
    assert offered("..") == ["../desk/"]
    assert offered("none/") == []
    assert offered("README.md/") == []
    assert offered("a\0/") == []


def test_the_home_folder_has_its_sign(here: Path) -> None:
    (offer,) = FileListing().offers("~")
    assert (offer.text, offer.path, offer.is_folder) == ("~/desk/", here, True)
    assert offered("~/desk/READ")[0] == "~/desk/README.md"
    assert offered("~nosuchuser/") == []


def test_links_that_lead_around_are_not_followed(here: Path) -> None:
    (here / "src/round").symlink_to(here)
    assert offered("app") == ["src/app.py", "docs/Application.md"]
    assert offered("src/round/READ")[0] == "src/round/README.md"


@pytest.mark.parametrize("known", [True, False])
def test_thousands_of_files_are_listed_up_to_a_limit(here: Path, monkeypatch: pytest.MonkeyPatch, known: bool) -> None:
    if known:
        project(here)
    monkeypatch.setattr(listing, "MOST_LISTED", 100)
    for number in range(300):
        (here / "src" / f"{number}.txt").write_text("")
    files = FileListing()
    assert len(files.offers("txt")) <= listing.MOST_OFFERED
    assert files._listed is not None
    assert 100 <= len(files._listed[2]) <= 120


def test_a_folder_that_cannot_be_read_offers_nothing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", denied)
    assert offered("") == []
