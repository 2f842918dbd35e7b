"""What `history export` writes, and `history import` takes."""

from __future__ import annotations

import errno
import json
import stat
import zipfile
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Runner

FILE = {"type": "file", "name": "notes.txt", "media_type": "text/plain", "data": "the notes"}


@pytest.fixture
def with_file(command: Runner, tmp_path: Path) -> str:
    """A conversation with a file, by its id."""
    prompt = {"role": "user", "text": "Read it", "parts": [FILE, {"type": "text", "text": "Read it"}]}
    source = tmp_path / "source.json"
    source.write_text(json.dumps({"title": "Notes", "messages": [prompt, {"role": "assistant", "text": "**Read**"}]}))
    command("history", "import", str(source))
    [found] = [
        item for item in json.loads(command("history", "list", "--format", "json").out) if item["title"] == "Notes"
    ]
    return str(found["id"])


@pytest.mark.parametrize(
    ("form", "words"), [("html", "<strong>Read</strong>"), ("markdown", "**Read**"), ("text", "**Read**")]
)
def test_a_file_in_each_form_is_the_users_alone(
    command: Runner, with_file: str, tmp_path: Path, form: str, words: str
) -> None:
    target = tmp_path / "out"
    done = command("history", "export", with_file, "--format", form, "-o", str(target))
    assert str(target) in done.err
    assert words in target.read_text()
    assert "notes.txt" in target.read_text()
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["all.zip", "all.json"])
def test_all_conversations_come_back_as_they_were(
    command: Runner, talks: list[str], with_file: str, tmp_path: Path, name: str
) -> None:
    target, elsewhere = tmp_path / name, ("--data-dir", str(tmp_path / "elsewhere"))
    command("history", "export", "--all", "--output", str(target))
    before = json.loads(command("history", "export", "--all").out)
    assert command("history", "import", str(target), *elsewhere).out == f"{len(talks) + 1} conversations added.\n"
    assert json.loads(command("history", "export", "--all", *elsewhere).out) == before
    assert FILE in [part for export in before for message in export["messages"] for part in message.get("parts", [])]
    again = command("history", "import", str(target)).out
    assert again == f"{len(talks) + 1} conversations were there already.\n"


def test_a_zip_has_the_file_beside_the_conversation(command: Runner, with_file: str, tmp_path: Path) -> None:
    target = tmp_path / "one.zip"
    command("history", "export", with_file, "-o", str(target))
    contents = {name: zipfile.ZipFile(target).read(name) for name in zipfile.ZipFile(target).namelist()}
    assert b"the notes" in contents.values()
    assert b"the notes" not in contents["conversations/00001.json"]


def test_a_file_that_is_there_is_overwritten_with_yes_only(command: Runner, with_file: str, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("mine")
    done = command("history", "export", with_file, "-o", str(target))
    assert done.status == 2
    assert target.read_text() == "mine"
    command("history", "export", with_file, "-o", str(target), "--yes")
    assert json.loads(target.read_text())["title"] == "Notes"


def test_a_folder_that_is_not_there_is_a_sentence(command: Runner, with_file: str, tmp_path: Path) -> None:
    done = command("history", "export", with_file, "-o", str(tmp_path / "no" / "out.json"))
    assert done.status == 1
    assert "there is no folder" in done.err


def test_a_full_disk_leaves_nothing(
    command: Runner, with_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    folder = tmp_path / "full"
    folder.mkdir()
    monkeypatch.setattr("tui_chat.atomic_files.os.fsync", is_full)
    done = command("history", "export", with_file, "-o", str(folder / "out.html"), "--format", "html")
    assert "No space left on device" in done.err
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("words", [[], ["--all", "x"]])
def test_either_ids_or_all(command: Runner, words: list[str]) -> None:
    assert command("history", "export", *words).status == 2
