"""Prompts in editors: found again when their process has ended, and put where they were in the draft."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_chat.storage import Store
from tui_chat.storage.open_edits import PromptEdit, begin_edit, edits_left


@pytest.mark.parametrize(
    ("begun", "stored", "becomes"),
    [
        ("old", "old", "new"),
        ("", "", "new"),
        ("old", "queued\x1eold", "queued\x1enew"),
        ("", "queued\x1e", "queued\x1enew"),
        ("old", "another", "another\nnew"),
        ("old", "", "new"),
    ],
)
def test_the_edit_takes_the_place_of_what_it_began_with(begun: str, stored: str, becomes: str, tmp_path: Path) -> None:
    edit = PromptEdit(tmp_path, "c1", begun)
    edit.file.write_text("new\n")
    assert edit.in_draft(stored) == becomes


def test_an_edit_that_goes_on_is_not_taken_away_and_one_that_ended_is_gone(tmp_path: Path) -> None:
    edit = begin_edit(tmp_path, "c1", "", "a prompt")
    assert list(edits_left(tmp_path)) == []
    edit.remove()
    assert list((tmp_path / "editing").iterdir()) == []


def test_it_becomes_the_draft_of_its_conversation(tmp_path: Path) -> None:
    place = tmp_path / "editing" / "1"
    place.mkdir(parents=True)
    (place / "about.json").write_text('["c1", ""]')
    (place / "prompt.md").write_text("a prompt")
    store = Store.open(tmp_path, on_problem=pytest.fail)
    store.take_back_edits()
    unsent = store.unsent()
    assert unsent is not None
    assert (unsent.id, store.draft("c1")) == ("c1", "a prompt")
    assert not place.exists()
    store.close()


def test_where_nothing_is_kept_the_file_is_a_temporary_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    edit = begin_edit(None, "c1", "", "a \udc80 prompt")
    assert edit.prompt == "a ? prompt"
    edit.remove()
    assert list(tmp_path.iterdir()) == []
