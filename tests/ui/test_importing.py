"""Importing in the app: a path is completed, what comes is counted, and Esc ends it early."""

from __future__ import annotations

import gc
import json
import threading
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.pages import notices, run_command, text_on_top
from tests.unit.interchange.samples import CLAUDE
from tests.waiting import PATIENCE_S
from tui_chat.chat.imported import ImportedConversation, ImportOutcome
from tui_chat.interchange.importing.run import Import, ImportReport
from tui_chat.storage import Store
from tui_chat.ui.conversations.import_screen import ImportScreen


def write(path: Path, count: int, *more: object) -> Path:
    """Write an export of so many conversations."""
    path.write_text(json.dumps([*({**CLAUDE, "uuid": f"c{number}"} for number in range(count)), *more]))
    return path


async def open_dialog(stage: Stage, typed: str) -> None:
    """Open the dialog from the palette, and type a path."""
    await run_command(stage, "import conv", "Import conversations")
    await stage.until(lambda: isinstance(stage.app.screen, ImportScreen))
    stage.app.screen.query_one(Input).value = typed
    stage.app.screen.query_one(Input).action_end()
    await stage.pilot.pause()


async def test_a_file_is_imported_from_the_palette(opened: Opener, tmp_path: Path) -> None:
    file = write(tmp_path / "export.json", 2, {"title": "Bad \x1b[31m", "messages": [1]})
    async with opened() as stage:
        await open_dialog(stage, str(file))
        await stage.pilot.press("enter")
        await stage.until(lambda: not isinstance(stage.app.screen, ImportScreen))
        assert notices(stage).startswith("2 conversations added, 1 could not be imported.\n“Bad ")
        assert "\x1b" not in notices(stage)
        assert len(stage.program.store.conversations()) == 2


async def test_a_path_is_completed(opened: Opener, tmp_path: Path) -> None:
    write(tmp_path / "export.json", 1)
    async with opened() as stage:
        await open_dialog(stage, str(tmp_path / "exp"))
        field = stage.app.screen.query_one(Input)
        await stage.until(lambda: bool(field._suggestion))
        await stage.pilot.press("tab")
        assert field.value == str(tmp_path / "export.json")


async def test_nothing_is_left_of_a_look_that_was_given_up_before_it_began(opened: Opener) -> None:
    """A coroutine that nobody awaits would be a warning, and so a failure."""
    async with opened() as stage:
        await open_dialog(stage, "")
        field = stage.app.screen.query_one(Input)
        field.value = "given up"
        await field.remove()
    gc.collect()


async def test_a_file_that_is_not_there_can_be_corrected(opened: Opener, tmp_path: Path) -> None:
    async with opened() as stage:
        await open_dialog(stage, str(tmp_path / "nothing"))
        await stage.pilot.press("enter")
        await stage.until(lambda: "No such file." in text_on_top(stage))
        assert stage.app.screen.query_one(Input).has_focus
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.composer.has_focus)


async def test_a_file_with_nothing_to_import_can_be_corrected_too(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Just a note.")
    write(tmp_path / "export.json", 1)
    async with opened() as stage:
        await open_dialog(stage, str(tmp_path / "notes.txt"))
        await stage.pilot.press("enter")
        await stage.until(lambda: "nobody speaks in it" in text_on_top(stage))
        field = stage.app.screen.query_one(Input)
        assert field.has_focus
        assert notices(stage) == ""
        (tmp_path / "talks").mkdir()
        field.value = str(tmp_path / "talks")
        await stage.pilot.press("enter")
        await stage.until(lambda: "it is a folder" in text_on_top(stage))
        field.value = str(tmp_path / "export.json")
        await stage.pilot.press("enter")
        await stage.until(lambda: notices(stage) == "1 conversation added.")


async def test_esc_ends_an_import_after_the_present_conversation(
    opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add, may_go_on, added = Store.add_imported, threading.Event(), list[str]()

    def add_slowly(store: Store, imported: ImportedConversation) -> ImportOutcome:
        added.append(imported.conversation.id)
        if len(added) == 3:
            may_go_on.wait(PATIENCE_S)
        return add(store, imported)

    monkeypatch.setattr(Store, "add_imported", add_slowly)
    file = write(tmp_path / "export.json", 9)
    async with opened() as stage:
        await open_dialog(stage, str(file))
        await stage.pilot.press("enter")
        await stage.until(lambda: "2 conversations · 100% of the file" in text_on_top(stage))
        assert "Stop" in text_on_top(stage)
        await stage.pilot.press("escape")
        await stage.until(lambda: "Stopping…" in text_on_top(stage))
        may_go_on.set()
        await stage.until(lambda: not isinstance(stage.app.screen, ImportScreen))
        assert notices(stage) == "Stopped: 3 conversations added."
        assert len(stage.program.store.conversations()) == 3


async def test_a_disk_that_takes_nothing_is_told_of(
    opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(importing: Import, _: object) -> ImportReport:
        raise OSError

    monkeypatch.setattr(Import, "run", fails)
    async with opened() as stage:
        await open_dialog(stage, str(write(tmp_path / "export.json", 1)))
        await stage.pilot.press("enter")
        await stage.until(lambda: "could not be saved" in notices(stage))
