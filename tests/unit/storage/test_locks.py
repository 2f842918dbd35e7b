"""Lock files: one holder at a time, gone with it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from tui_chat.storage.locks import alone, clear_if_free, hold, let_go
from tui_chat.storage.owners import Owner

if TYPE_CHECKING:
    from tests.unit.storage.conftest import Opener


def test_a_held_lock_file_is_left_alone_and_a_free_one_is_cleared(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    held = hold(path)
    assert not clear_if_free(path)
    assert path.exists()
    let_go(path, held)
    assert not path.exists()
    assert clear_if_free(path), "nothing there is nobody's"
    path.touch()
    assert clear_if_free(path)
    assert not path.exists()
    path.mkdir()
    assert not clear_if_free(path), "what cannot be opened may be held"


def test_only_one_is_alone_at_a_time(tmp_path: Path) -> None:
    inside, most = [0], [0]

    def enter() -> None:
        for _ in range(50):
            with alone(tmp_path / "lock"):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                inside[0] -= 1

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]


def test_clearing_up_never_takes_the_mark_of_a_program_that_is_just_starting(tmp_path: Path) -> None:
    owners = [Owner(tmp_path) for _ in range(60)]
    threads = [threading.Thread(target=owner.claim) for owner in owners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(owners[0].is_alive(owner.name) for owner in owners)
    for owner in owners:
        owner.release()
    assert not any(owners[0].is_alive(owner.name) for owner in owners[1:])


def test_without_a_reply_no_mark_is_left_in_the_folder(open_chat: Opener, folder: Path) -> None:
    open_chat().store.conversations()
    assert not (folder / "running").exists()
