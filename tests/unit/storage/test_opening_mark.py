"""The mark on the conversation that is being opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui_chat.storage.opening_mark import OpeningMark

if TYPE_CHECKING:
    from tests.unit.storage.conftest import Opener


def test_a_mark_that_was_not_cleared_is_told_once(tmp_path: Path) -> None:
    OpeningMark(tmp_path).set("abc")
    assert (tmp_path / "opening").stat().st_mode & 0o777 == 0o600
    assert OpeningMark(tmp_path).take() == "abc"
    assert OpeningMark(tmp_path).take() == ""


def test_a_conversation_that_is_open_is_not_marked(tmp_path: Path) -> None:
    mark = OpeningMark(tmp_path)
    mark.set("abc")
    mark.clear()
    mark.clear()
    assert mark.take() == ""
    assert list(tmp_path.iterdir()) == []


def test_no_link_is_followed_and_no_folder_is_needed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("mine")
    (tmp_path / "opening").symlink_to(other)
    mark = OpeningMark(tmp_path)
    mark.set("abc")
    assert other.read_text() == "mine"
    assert mark.take() == ""
    for nowhere in (OpeningMark(None), OpeningMark(tmp_path / "missing")):
        nowhere.set("abc")
        assert nowhere.take() == ""


def test_the_programs_of_a_folder_share_the_mark(open_chat: Opener) -> None:
    open_chat().store.opening_mark.set("abc")
    assert open_chat().store.opening_mark.take() == "abc"
