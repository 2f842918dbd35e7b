"""Copying: what is put where, and what is said of that."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.ui.conftest import Opener
from tui_chat.chat.message import Conversation, Message, Role
from tui_chat.chat.parts import TextPart

PASTED = "echo one\x1b[201~\nrm -rf x\x9b201~\tend"
CLEANED = "echo one�[201~\nrm -rf x�201~\tend"
TALK = Conversation(
    title="Talk",
    messages=(
        Message(Role.USER, (TextPart(PASTED),)),
        Message(Role.ASSISTANT, (TextPart(f"```sh\n{PASTED}\n```"),)),
    ),
)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which alone programs are looked for."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for variable in ("WAYLAND_DISPLAY", "DISPLAY", "SSH_CONNECTION", "TMUX"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PATH", str(folder))
    return folder


def tool(folder: Path, name: str, *lines: str) -> None:
    """Make a program that keeps what it is given, and whose child stays behind as xclip's does."""
    path = folder / name
    path.write_text("\n".join(["#!/bin/sh", f'echo "$@" > {folder}/arguments', f"/bin/cat > {folder}/given", *lines]))
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("keys", "copied"),
    [
        (["f4"], f"```sh\n{CLEANED}\n```"),
        (["tab", "k", "k", "c"], CLEANED),
        (["tab", "b"], CLEANED),
    ],
)
async def test_nothing_that_is_copied_can_end_a_paste(
    opened: Opener, tools: Path, keys: list[str], copied: str
) -> None:
    async with opened(conversation=TALK) as stage:
        await stage.pilot.press(*keys)
        await stage.until(lambda: stage.app.clipboard.strip() == copied)


async def test_a_tool_that_goes_on_in_the_background_is_not_waited_for(
    opened: Opener, tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool(tools, "xclip", "/bin/sleep 600 &", f"echo $! > {tools}/pid")
    monkeypatch.setenv("DISPLAY", ":0")
    async with opened(conversation=TALK, notices=True) as stage:
        await stage.pilot.press("f4")
        await stage.until(lambda: "Copied the reply." in stage.shown)
    os.kill(int((tools / "pid").read_text()), signal.SIGKILL)
    assert (tools / "given").read_text() == f"```sh\n{CLEANED}\n```"


async def test_within_tmux_its_buffer_is_loaded(opened: Opener, tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool(tools, "tmux")
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    monkeypatch.setenv("SSH_CONNECTION", "somewhere")
    async with opened(conversation=TALK, notices=True) as stage:
        await stage.pilot.press("f4")
        await stage.until(lambda: "Copied the reply to tmux." in stage.shown)
    assert (tools / "arguments").read_text() == "load-buffer -w -\n"


@pytest.mark.usefixtures("tools")
async def test_without_a_tool_only_what_is_known_is_said(opened: Opener) -> None:
    async with opened(conversation=TALK, notices=True) as stage:
        await stage.pilot.press("f4")
        await stage.until(lambda: "Sent the reply to the terminal's clipboard." in stage.shown)
