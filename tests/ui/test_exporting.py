"""Exporting in the app: from the palette and the list, with a question before anything is overwritten."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.pages import notices, run_command, text_on_top
from tests.waiting import PATIENCE_S
from tui_chat.storage import Store
from tui_chat.ui.conversations.export_screen import ExportScreen
from tui_chat.ui.conversations.screen import ConversationsScreen
from tui_chat.ui.shared.question import Question


def keep(stage: Stage, count: int) -> list[str]:
    """Keep so many conversations, and return their ids."""
    said = [{"role": "user", "text": "Why?"}, {"role": "assistant", "text": "**So**"}]
    return [stage.program.store.import_({"title": f"Talk {n}", "messages": said}).id for n in range(count)]


async def open_all(stage: Stage, target: Path) -> None:
    """Open the dialog for all conversations from the palette, and type a path."""
    await run_command(stage, "export all", "Export all conversations")
    await stage.until(lambda: isinstance(stage.app.screen, ExportScreen))
    await type_path(stage, target)


async def type_path(stage: Stage, target: Path) -> None:
    """Type the path of the file."""
    stage.app.screen.query_one(Input).value = str(target)
    stage.app.screen.query_one(Input).action_end()
    await stage.pilot.pause()


async def test_all_conversations_are_exported_from_the_palette(opened: Opener, tmp_path: Path) -> None:
    async with opened() as stage:
        keep(stage, 3)
        await open_all(stage, tmp_path / "all.html")
        await stage.pilot.press("up", "up")
        assert stage.app.screen.query_one(Input).value == str(tmp_path / "all.json")
        assert "can be imported again" in text_on_top(stage)
        await stage.pilot.press("enter")
        await stage.until(lambda: not isinstance(stage.app.screen, ExportScreen))
        assert notices(stage) == f"Exported 3 conversations to {tmp_path / 'all.json'}"
        assert len(json.loads((tmp_path / "all.json").read_text())) == 3


async def test_marked_conversations_are_exported_from_the_list(opened: Opener, tmp_path: Path) -> None:
    async with opened() as stage:
        keep(stage, 3)
        await stage.pilot.press("ctrl+o")
        await stage.until(lambda: "Talk 0" in text_on_top(stage))
        await stage.pilot.press("ctrl+y", "ctrl+y")
        assert text_on_top(stage).count("✓") == 2
        assert "2 marked · 3" in text_on_top(stage)
        await stage.pilot.press("ctrl+s")
        await stage.until(lambda: "Export 2 conversations" in text_on_top(stage))
        await type_path(stage, tmp_path / "two.html")
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, ConversationsScreen))
        assert (tmp_path / "two.html").read_text().count("<main>") == 2


async def test_the_end_of_the_name_chooses_the_form(opened: Opener, tmp_path: Path) -> None:
    async with opened() as stage:
        keep(stage, 2)
        await open_all(stage, tmp_path / "all.md")
        await stage.until(lambda: "● Markdown" in text_on_top(stage))
        await stage.pilot.press("enter")
        await stage.until(lambda: not isinstance(stage.app.screen, ExportScreen))
        assert (tmp_path / "all.md").read_text().startswith("#")


async def test_the_chosen_one_has_a_name_made_of_its_title(opened: Opener) -> None:
    async with opened() as stage:
        keep(stage, 1)
        await stage.pilot.press("ctrl+o")
        await stage.until(lambda: "Talk 0" in text_on_top(stage))
        await stage.pilot.press("ctrl+s")
        await stage.until(lambda: "Export this conversation" in text_on_top(stage))
        assert stage.app.screen.query_one(Input).value.endswith(" Talk 0.html")
        await stage.pilot.press("ctrl+t")
        assert "With the thinking" in text_on_top(stage)


async def test_a_file_is_overwritten_once_that_is_agreed_to(opened: Opener, tmp_path: Path) -> None:
    target = tmp_path / "mine.html"
    target.write_text("mine")
    async with opened() as stage:
        keep(stage, 1)
        await open_all(stage, target)
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, Question))
        await stage.pilot.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, ExportScreen))
        assert target.read_text() == "mine"
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, Question))
        await stage.pilot.press("left", "enter")
        await stage.until(lambda: "Exported" in notices(stage))
        assert "<strong>So</strong>" in target.read_text()


async def test_what_cannot_be_written_is_a_sentence_and_can_be_corrected(opened: Opener, tmp_path: Path) -> None:
    async with opened() as stage:
        keep(stage, 1)
        await open_all(stage, tmp_path / "no" / "all.html")
        await stage.pilot.press("enter")
        await stage.until(lambda: "there is no folder" in text_on_top(stage))
        assert stage.app.screen.query_one(Input).has_focus


async def test_esc_ends_an_export_and_leaves_nothing(
    opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export, may_go_on, read = Store.conversation, threading.Event(), list[str]()

    def read_slowly(store: Store, id: str) -> object:
        if threading.current_thread() is not threading.main_thread():
            read.append(id)
            if len(read) == 2:
                may_go_on.wait(PATIENCE_S)
        return export(store, id)

    folder = tmp_path / "here"
    folder.mkdir()
    async with opened() as stage:
        keep(stage, 4)
        await open_all(stage, folder / "all.html")
        monkeypatch.setattr(Store, "conversation", read_slowly)
        await stage.pilot.press("enter")
        await stage.until(lambda: "1 of 4" in text_on_top(stage))
        await stage.pilot.press("escape")
        await stage.until(lambda: "Stopping…" in text_on_top(stage))
        may_go_on.set()
        await stage.until(lambda: "Stopped: nothing was written." in notices(stage))
        assert list(folder.iterdir()) == []


async def test_a_folder_is_no_file_to_overwrite(opened: Opener, tmp_path: Path) -> None:
    async with opened() as stage:
        keep(stage, 1)
        await open_all(stage, tmp_path)
        await stage.pilot.press("enter")
        await stage.until(lambda: "is a folder. Add the name of" in text_on_top(stage))
        assert isinstance(stage.app.screen, ExportScreen)
