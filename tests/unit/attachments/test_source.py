"""Files on the disk, and what is none."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tui_chat.attachments import FileRefused, read_file
from tui_chat.text.limits import LARGEST_FILE_BYTES


def test_a_file_has_its_name_without_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "my plan.md"
    path.write_text("Go.")
    (link := tmp_path / "link.md").symlink_to(path)
    assert (read_file(path).name, read_file(path).data) == ("my plan.md", "Go.")
    assert read_file(link).data == "Go."


def refused(path: Path) -> str:
    with pytest.raises(FileRefused) as why:
        read_file(path)
    return str(why.value)


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "looks").symlink_to("nowhere")
    (tmp_path / "file").write_text("x")
    assert refused(tmp_path) == f"{tmp_path.name} is a folder; choose the files in it."
    assert refused(Path("/")) == "/ is a folder; choose the files in it."
    assert refused(tmp_path / "pipe") == "pipe is a pipe or a device, not a file."
    assert refused(Path("/dev/zero")) == "zero is a pipe or a device, not a file."
    for gone in ("none.md", "looks", "file/below", "a\0b"):
        assert refused(tmp_path / gone).endswith(" is not there.")
    assert refused(tmp_path / ("x" * 5_000)).endswith(" cannot be read: File name too long.")


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("talk")
        assert refused(Path("talk")) == "talk is a socket, not a file."


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", denied)  # whoever runs the tests may read everything
    assert refused(tmp_path / "secret.md") == "secret.md cannot be read: you have no permission to."


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "disk.img"
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE_BYTES * 1_000)
    assert refused(path) == "disk.img is too large: a file may have 20 MB."
