"""Files and folders of the program are their user's alone, whatever the umask and whatever stands in their place."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui_chat.private_files import close_to_others, make_private_folder, open_private

WRITE = os.O_WRONLY | os.O_CREAT


@pytest.fixture(params=[0o000, 0o022, 0o377])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    """A umask that takes nothing, the usual one, and one that takes more than it should."""
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("umask")
def test_new_ones_are_the_users_alone_and_so_are_the_folders_above_them(tmp_path: Path) -> None:
    folder = tmp_path / "share" / "tui-chat"
    make_private_folder(folder)
    make_private_folder(folder)
    os.close(open_private(folder / "a file", WRITE))
    assert (mode(folder.parent), mode(folder), mode(folder / "a file")) == (0o700, 0o700, 0o600)


def test_a_file_that_is_opened_to_be_written_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "wide").touch()
    (tmp_path / "wide").chmod(0o666)
    os.close(open_private(tmp_path / "wide", WRITE))
    assert mode(tmp_path / "wide") == 0o600


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_is_not_followed(exists: bool, tmp_path: Path) -> None:
    target = tmp_path / "target"
    if exists:
        target.write_text("as it was")
    (tmp_path / "link").symlink_to(target)
    with pytest.raises(OSError, match="symbolic"):
        open_private(tmp_path / "link", WRITE | os.O_TRUNC)
    assert target.exists() == exists
    assert not exists or target.read_text() == "as it was"


def test_a_file_in_a_folders_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="exists"):
        make_private_folder(tmp_path / "file")


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    """A folder as a umask of 0 makes it, with a database and a folder in it."""
    folder = tmp_path / "any name"
    (folder / "running").mkdir(parents=True)
    (folder / "tui-chat.db").touch()
    for path in (folder, folder / "running"):
        path.chmod(0o777)
    (folder / "tui-chat.db").chmod(0o666)
    return folder


def test_what_an_earlier_version_left_open_is_closed(wide: Path) -> None:
    close_to_others(wide)
    assert [mode(wide), mode(wide / "running"), mode(wide / "tui-chat.db")] == [0o700, 0o700, 0o600]


def test_a_folder_with_other_things_in_it_stays_open_but_not_what_is_ours(wide: Path) -> None:
    (wide / "thesis.tex").touch()
    (wide / "thesis.tex").chmod(0o644)
    close_to_others(wide)
    assert (mode(wide), mode(wide / "thesis.tex")) == (0o777, 0o644)
    assert (mode(wide / "running"), mode(wide / "tui-chat.db")) == (0o700, 0o600)


def test_what_a_link_leads_to_stays_as_it_is(wide: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.touch()
    target.chmod(0o644)
    (wide / "tui-chat.log").symlink_to(target)
    close_to_others(wide)
    assert mode(target) == 0o644


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    close_to_others(tmp_path / "nowhere")
    assert list(tmp_path.iterdir()) == []
