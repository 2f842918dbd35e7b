"""Code that the provider ran is a call with its result; files that it made are saved where one wants them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.ui.conftest import Opener
from tests.ui.pages import notices
from tui_chat.demo.made_files import CONTENT
from tui_chat.ui.chat.folder_dialog import FolderDialog
from tui_chat.ui.chat.temporary import TemporaryChat


async def test_code_that_ran_is_shown_and_its_file_saved(opened: Opener, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    async with opened() as stage:
        await stage.ask("Please run code")
        text = stage.text_of(stage.reply)
        assert "▸ ⚙ bash_code_execution  command: python -c" in text
        assert "Tool result\n  55\n  Save the file that it made" in text
        await stage.screen.run_action("save_made_files")
        await stage.until(lambda: isinstance(stage.app.screen, FolderDialog))
        field = stage.app.screen.query_one(Input)
        field.value = str(tmp_path / "nowhere")
        await stage.pilot.press("enter")
        await stage.until(lambda: "No such folder." in stage.shown)
        field.value = "~nobody-of-that-name"
        await stage.pilot.press("enter")
        assert "No such folder." in stage.shown
        field.value = str(folder)
        await stage.pilot.press("enter")
        await stage.until(lambda: "Saved squares.csv in" in notices(stage))
        assert (folder / "squares.csv").read_text() == CONTENT


async def test_what_code_brought_is_the_same_when_it_is_opened_again(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("Please run code")
        shown = stage.text_of(stage.reply)
    async with opened(resume=True) as stage:
        await stage.until(lambda: "55" in stage.text_of(stage.reply))
        assert stage.text_of(stage.reply).split("\n")[1:] == shown.split("\n")[1:]


async def test_what_became_of_files_is_told_though_the_temporary_chat_is_left(
    opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = asyncio.Event()

    async def outcome_of(*_: object) -> tuple[str, bool]:
        await saved.wait()
        return "Saved it.", True

    monkeypatch.setattr("tui_chat.ui.chat.made_files.outcome_of", outcome_of)
    async with opened() as stage:
        await stage.screen.begin_temporary("Please run code")
        chat = stage.app.screen
        assert isinstance(chat, TemporaryChat)
        await stage.until(lambda: bool(chat.made_files()) and not chat.busy)
        chat.action_save_made_files()
        await stage.until(lambda: isinstance(stage.app.screen, FolderDialog))
        await stage.pilot.press("enter")
        await stage.until(lambda: any(worker.group == "made files" for worker in stage.app.workers))
        chat.dismiss(None)
        await stage.until(lambda: not chat.is_attached)
        saved.set()
        await stage.until(lambda: "Saved it." in notices(stage))
