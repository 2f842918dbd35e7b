"""Nothing that the program writes can be read by anybody else, or leads anywhere else."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from tests.e2e.command import Command
from tests.e2e.forking import FIRST

CONFIG = ("config", "set", "ui.motion", "false")
ASK = ("ask", "--model", "demo", "Why?")


OPEN_TO_ALL = {FIRST: "import os; os.umask(0)"}
"""A umask that leaves everything open."""


def open_to_others(folder: Path) -> Iterator[str]:
    """Yield the files and folders in there that others can do anything with."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield str(path)


def test_all_files_and_folders_are_the_users_alone(cli: Command, tmp_path: Path) -> None:
    for command in (CONFIG, ASK, ("models",), ASK):
        done = cli.run(*command, **OPEN_TO_ALL)
        assert done.returncode == 0, done.stderr
    written = {path.name for path in tmp_path.rglob("*")}
    assert {"config.toml", "tui-chat.db", "models.json"} <= written
    assert [*open_to_others(tmp_path / "config"), *open_to_others(tmp_path / "data")] == []


def test_what_was_open_is_closed_at_the_next_start(cli: Command, tmp_path: Path) -> None:
    for command in (CONFIG, ASK):
        cli.run(*command, **OPEN_TO_ALL)
    for path in tmp_path.rglob("*"):
        path.chmod(0o777 if path.is_dir() else 0o666)
    cli.run(*ASK, **OPEN_TO_ALL)
    assert [*open_to_others(tmp_path / "config"), *open_to_others(tmp_path / "data")] == []


def test_no_link_in_a_files_place_is_followed(cli: Command, tmp_path: Path) -> None:
    """Links in the place of the log, the database and the locks; a fault is what writes a log."""
    (tmp_path / "data" / "state").mkdir(parents=True)
    (tmp_path / "config").mkdir(exist_ok=True)
    names = ("data/state/tui-chat.log", "data/tui-chat.db", "data/tui-chat.db.lock", "config/.config.toml.lock")
    for name in names:
        (tmp_path / name).symlink_to(tmp_path / "target")
    assert b"cannot be saved" in cli.run(*ASK, **OPEN_TO_ALL).stderr
    assert b"cannot be written" in cli.run(*CONFIG, **OPEN_TO_ALL).stderr
    assert not (tmp_path / "target").exists()
