"""How files come to what is written: dropped, pasted, completed behind an @, and from the clipboard."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from textual import events

from tests.pictures import PNG
from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.waiting import PATIENCE_S
from tui_chat.attachments import read_file
from tui_chat.attachments.pasted_paths import Paths
from tui_chat.chat.parts import FilePart, files_of
from tui_chat.ui.composer import attaching, attaching_area
from tui_chat.ui.composer.offer_list import OfferList


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with some files in it."""
    folder = tmp_path / "work"
    for name in ("notes.md", "my plan.md", "src/app.py", "my docs/read me.md", "alpha.txt", "beta.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"This is {name}.")
    (folder / "a.png").write_bytes(PNG)
    (folder / "a.bin").write_bytes(b"\0\1\2")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION"):
        monkeypatch.delenv(variable, raising=False)
    return folder


def paste(stage: Stage, text: str) -> None:
    stage.composer.post_message(events.Paste(text))


def names(stage: Stage) -> list[str]:
    return [file.name for file in stage.composer.files]


def offered(stage: Stage) -> list[str]:
    return [offer.text for offer in stage.screen.query_one(OfferList).offers]


async def test_a_dropped_file_is_attached_and_undo_gives_its_path_instead(opened: Opener, here: Path) -> None:
    async with opened(notices=True) as stage:
        await stage.type("See ")
        paste(stage, f"'{here}/my plan.md' {here}/a.png ")
        await stage.until(lambda: names(stage) == ["my plan.md", "a.png"])
        assert stage.composer.text == "See "
        await stage.until(lambda: "Attached 2 files; ^z gives the text instead." in " ".join(stage.shown.split()))
        await stage.pilot.press("ctrl+z")
        assert (stage.composer.text, names(stage)) == (f"See '{here}/my plan.md' {here}/a.png ", [])
        await stage.pilot.press("x")
        assert names(stage) == []


async def test_what_is_typed_after_a_drop_stays_behind_it(opened: Opener, here: Path) -> None:
    async with opened() as stage:
        paste(stage, f"{here}/notes.md")
        stage.dash_off(" what")
        await stage.until(lambda: names(stage) == ["notes.md"] and stage.composer.text == " what")


async def test_a_paste_that_is_more_than_paths_stays_text(opened: Opener, here: Path) -> None:
    async with opened() as stage:
        for text in (f"See {here}/notes.md", f"{here}/none.md", f"{here}/notes.md {here}/none.md", "/help"):
            await stage.type("")
            paste(stage, text)
            await stage.until(lambda text: stage.composer.text == text, text)
        await stage.app.workers.wait_for_complete([worker for worker in stage.app.workers if worker.group == "files"])
        assert names(stage) == []


async def test_a_dropped_file_that_cannot_be_sent_is_named_and_its_path_stays(opened: Opener, here: Path) -> None:
    async with opened(notices=True) as stage:
        paste(stage, f"{here}/notes.md\n{here}/a.bin")
        await stage.until(lambda: "a.bin is neither text nor" in " ".join(stage.shown.split()))
        assert (stage.composer.text, names(stage)) == (f"{here}/notes.md\n{here}/a.bin", [])


async def test_a_dropped_folder_or_pipe_is_named_and_its_path_stays(opened: Opener, here: Path) -> None:
    os.mkfifo(here / "pipe")
    async with opened(notices=True) as stage:
        for name, sentence in (
            ("src", "src is a folder; choose the files in it."),
            ("pipe", "pipe is a pipe or a device, not a file."),
        ):
            await stage.type("")
            paste(stage, f"{here}/{name} ")
            await stage.until(lambda wanted: wanted in " ".join(stage.shown.split()), sentence)
            assert (stage.composer.text, names(stage)) == (f"{here}/{name} ", [])


async def test_a_name_with_spaces_is_completed_as_it_is_typed(opened: Opener, here: Path) -> None:
    async with opened() as stage:
        await stage.pilot.press(*"See @my pl")
        await stage.until(lambda: offered(stage) == ["my plan.md"])
        await stage.pilot.press("tab")
        await stage.until(lambda: names(stage) == ["my plan.md"])
        assert stage.composer.text == "See my plan.md "
        await stage.pilot.press(*"@notes.md")
        await stage.until(lambda: offered(stage) == ["notes.md"])
        await stage.pilot.press("space", "enter")
        await stage.ready()
        assert stage.messages[0].text == "See my plan.md @notes.md "


async def test_a_path_is_completed_as_it_is_typed_and_its_file_goes_with_the_prompt(opened: Opener, here: Path) -> None:
    async with opened() as stage:
        await stage.pilot.press(*"What is @no")
        await stage.until(lambda: offered(stage) == ["notes.md"])
        assert "› notes.md" in stage.shown
        await stage.pilot.press("tab")
        await stage.until(lambda: names(stage) == ["notes.md"])
        assert (stage.composer.text, offered(stage)) == ("What is notes.md ", [])
        await stage.pilot.press("enter")
        await stage.ready()
        sent = stage.server.log.replies[-1].body["messages"][0]["content"]
        assert [block["type"] for block in sent] == ["document", "text"]
        assert sent[0]["source"]["data"] == "This is notes.md."


async def test_arrows_choose_and_a_folder_goes_on_spaces_and_all(opened: Opener, here: Path) -> None:
    async with opened() as stage:
        await stage.pilot.press("@", "m", "y")
        await stage.until(lambda: offered(stage) == ["my docs/", "my plan.md", "my docs/read me.md"])
        await stage.pilot.press("down", "up", "up", "down", "enter")
        assert stage.composer.text == "@my\\ docs/"
        await stage.until(lambda: offered(stage) == ["my docs/read me.md"])
        await stage.pilot.press("enter")
        await stage.until(lambda: names(stage) == ["read me.md"])
        assert (stage.composer.text, stage.messages) == ("read me.md ", ())


async def test_a_click_takes_an_offer(opened: Opener, here: Path) -> None:
    async with opened() as stage:
        await stage.pilot.press("@", ".", "t", "x", "t")
        await stage.until(lambda: offered(stage) == ["beta.txt", "alpha.txt"])
        await stage.pilot.click(OfferList, offset=(5, 1))
        await stage.until(lambda: names(stage) == ["alpha.txt"])
        assert stage.composer.has_focus


async def test_a_word_that_nobody_chose_stays_text(opened: Opener, here: Path) -> None:
    async with opened() as stage:
        await stage.pilot.press(*"@nobody")
        await stage.until(lambda: stage.composer.text == "@nobody" and offered(stage) == [])
        await stage.pilot.press("space", *"me@notes")
        assert offered(stage) == []
        await stage.pilot.press("enter")
        await stage.ready()
        assert stage.messages[0].text == "@nobody me@notes"


async def test_esc_closes_the_offers_first_and_leaves_them_closed_for_that_word(opened: Opener, here: Path) -> None:
    async with opened() as stage:
        await stage.send("/fault stall@1xall\nOne")
        await stage.until(lambda: stage.screen.busy)
        await stage.pilot.press("@", "n", "o")
        await stage.until(lambda: offered(stage) == ["notes.md"])
        await stage.pilot.press("escape")
        assert (offered(stage), stage.screen.busy) == ([], True)
        await stage.pilot.press("t", "e")
        assert offered(stage) == []
        await stage.pilot.press("space", "@", "n")
        await stage.until(lambda: "notes.md" in offered(stage))
        await stage.pilot.press("escape", "escape")
        await stage.until(lambda: not stage.screen.busy)


async def test_offers_go_when_the_cursor_leaves_the_word(opened: Opener, here: Path) -> None:
    async with opened() as stage:
        await stage.pilot.press("x", "space", "@", "n", "o")
        await stage.until(lambda: offered(stage) == ["notes.md"])
        await stage.pilot.press("home")
        await stage.until(lambda: offered(stage) == [])


async def test_a_chosen_file_that_is_gone_is_named(opened: Opener, here: Path) -> None:
    async with opened(notices=True) as stage:
        await stage.pilot.press("@", "n", "o")
        await stage.until(lambda: offered(stage) == ["notes.md"])
        (here / "notes.md").unlink()
        await stage.pilot.press("tab")
        await stage.until(lambda: "notes.md is not there." in " ".join(stage.shown.split()))


@pytest.mark.parametrize(
    ("on_clipboard", "text", "files"),
    [("a.png", "", ["clipboard.png"]), ("a.txt", "a text\n\ufffdfrom elsewhere", []), ("nothing", "a copied text", [])],
)
async def test_ctrl_v_attaches_the_picture_on_the_clipboard_or_pastes_text(
    opened: Opener, here: Path, monkeypatch: pytest.MonkeyPatch, on_clipboard: str, text: str, files: list[str]
) -> None:
    (here / "a.txt").write_text("a text\n\x1bfrom elsewhere")
    tool = here / "xclip"
    wanted = {"a.png": "image/png", "a.txt": "UTF8_STRING"}.get(on_clipboard, "none")
    tool.write_text(f'#!/bin/sh\ncase "$*" in *{wanted}*) cat {here}/{on_clipboard};; *) exit 1;; esac\n')
    tool.chmod(0o700)
    monkeypatch.setenv("PATH", f"{here}:{os.environ['PATH']}")
    async with opened() as stage:
        monkeypatch.setenv("DISPLAY", ":0")
        stage.app._clipboard = "a copied text"
        await stage.pilot.press("ctrl+v")
        await stage.until(lambda: bool(stage.composer.files or stage.composer.text))
        assert (stage.composer.text, names(stage)) == (text, files)


async def test_a_paste_whose_files_are_read_when_its_text_is_gone_stays_text(
    opened: Opener, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, ended = threading.Event(), threading.Event()

    def first(readings: Sequence[Paths]) -> Sequence[Path]:
        read.wait(PATIENCE_S)
        ended.set()
        return [here / "notes.md"]

    monkeypatch.setattr(attaching, "first_that_exists", first)
    async with opened() as stage:
        await stage.pilot.press("a", "ctrl+j", "b", "ctrl+j")
        stage.composer.paste(str(here / "notes.md"))
        stage.composer.discard()
        read.set()
        await stage.until(ended.is_set)
        await stage.until(lambda: not any(worker.group == "files" for worker in stage.app.workers))
        assert (names(stage), stage.composer.text) == ([], "")


async def test_a_prompt_is_not_sent_without_the_file_or_the_clipboard_that_is_just_being_read(
    opened: Opener, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    comes = threading.Event()

    def read(path: Path) -> FilePart:
        comes.wait(PATIENCE_S)
        return read_file(path)

    monkeypatch.setattr(attaching, "read_file", read)
    monkeypatch.setattr(attaching, "clipboard_picture", lambda tool: comes.wait(PATIENCE_S) and None)
    monkeypatch.setattr(attaching, "clipboard_text", lambda tool: "from elsewhere")
    monkeypatch.setattr(attaching_area, "text_tool", lambda environment: ("a tool",))
    async with opened(notices=True) as stage:
        await stage.pilot.press("@", "n", "o")
        await stage.until(lambda: offered(stage) == ["notes.md"])
        await stage.pilot.press("enter", "enter")
        await stage.until(lambda: "notes.md is still being read." in " ".join(stage.shown.split()))
        await stage.pilot.press("ctrl+v", "enter")
        assert (stage.messages, stage.composer.text) == ((), "notes.md ")
        comes.set()
        await stage.until(lambda: names(stage) == ["notes.md"] and stage.composer.text == "notes.md from elsewhere")
        await stage.pilot.press("enter")
        await stage.until(lambda: len(stage.messages) == 2)
        assert files_of(stage.messages[0].parts)


async def test_other_keys_leave_the_offers_theirs(opened: Opener, here: Path) -> None:
    async with opened(keys__send="ctrl+s") as stage:
        await stage.pilot.press("@", "n", "o")
        await stage.until(lambda: offered(stage) == ["notes.md"])
        await stage.pilot.press("enter")
        await stage.until(lambda: names(stage) == ["notes.md"])


async def test_with_vims_keys_esc_closes_the_offers_before_it_leaves_insert_mode(opened: Opener, here: Path) -> None:
    async with opened(ui__vim=True) as stage:
        await stage.pilot.press("@", "n", "o")
        await stage.until(lambda: offered(stage) == ["notes.md"])
        await stage.pilot.press("escape")
        assert (offered(stage), stage.composer.vim_mode) == ([], "insert")
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.composer.vim_mode == "normal")
        paste(stage, f"{here}/notes.md")
        await stage.until(lambda: "/notes.md" in stage.composer.text)
        assert stage.composer.text.startswith("@no")


async def test_with_vims_keys_a_dropped_file_is_attached(opened: Opener, here: Path) -> None:
    async with opened(ui__vim=True) as stage:
        paste(stage, f"{here}/notes.md")
        await stage.until(lambda: names(stage) == ["notes.md"] and stage.composer.text == "")
