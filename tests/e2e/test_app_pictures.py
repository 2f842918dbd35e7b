"""Pictures that a terminal with kitty's graphics draws itself, in the real program: sent, taken back, and only ours."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.control_sequences import foreign_to_the_app
from tests.e2e.killing import environment_of
from tests.e2e.scripted_server import dictating, reply_events
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.kitty_terminal import ANSWER, QUESTION, KittyTerminal, all_cells
from tests.pictures import png

QUIT = "\x11"
SIZE = (100, 40)
CELLS = (21, 8)
KITTY = {"TERM": "xterm-kitty", "TMUX": "", "STY": "", "ZELLIJ": ""}
PLACE = "\U0010eeee\u0305\u0305\u0305 &#x10EEEE;&#x305;&#x305; %F4%8E%BB%AE"
HOSTILE = f"{PLACE} \x1b_Ga=T,U=1,i=42,f=100,q=2,m=0;AAAA\x1b\\"
OLD, TMUX = "\x1bP>|kitty(0.27.1)\x1b\\", "\x1bP>|tmux 3.5a\x1b\\"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture to send, of which a copy is there already."""
    (tmp_path / "large.png").write_bytes(png(640, 480))
    return tmp_path / "large.png"


def obeyed(terminal: Terminal) -> tuple[KittyTerminal, str]:
    """What a terminal has made of all that came whole, and what has nothing to do with pictures."""
    kitty = KittyTerminal()
    text = bytes(terminal.raw).decode(errors="ignore")
    return kitty, kitty.feed(text)


def wait_for(terminal: Terminal, fact: Callable[[KittyTerminal], bool]) -> KittyTerminal:
    """Wait until something is true of the terminal's pictures."""
    terminal.wait_for(lambda _: fact(obeyed(terminal)[0]))
    return obeyed(terminal)[0]


def is_whole(kitty: KittyTerminal) -> bool:
    """True if there is one picture, and all of it is shown."""
    return len(kitty.pictures) == 1 and [kitty.shown[number] for number in kitty.pictures] == [all_cells(*CELLS)]


def stop(terminal: Terminal) -> None:
    """Have the program stopped, as Ctrl+Z in a shell does."""
    os.kill(terminal.process.pid, signal.SIGTSTP)
    status = Path(f"/proc/{terminal.process.pid}/stat")
    terminal.wait_for(lambda _: status.read_text().rsplit(")", 1)[1].split()[0] == "T")


def attach(terminal: Terminal, answer: str, picture: Path) -> None:
    """Answer for the terminal when it is asked for its name, then drop a picture on it."""
    terminal.wait_for(lambda _: QUESTION.encode() in terminal.raw)
    terminal.send(answer)
    terminal.wait_for("● Ready")
    terminal.send(f"\x1b[200~'{picture}'\x1b[201~")
    terminal.wait_for("large.png  PNG")


def test_the_terminal_has_a_picture_while_it_is_ours(tmp_path: Path, picture: Path, warm: WarmProgram) -> None:
    with dictating(lambda _: reply_events([HOSTILE, " Replied."])) as url:
        environment = {**environment_of(tmp_path, url), **KITTY}
        with Terminal(["--model", "demo"], environment, warm, size=SIZE) as terminal:
            attach(terminal, ANSWER, picture)
            terminal.send(f"\x1b[200~Look {HOSTILE} now\x1b[201~")
            terminal.send("\r")
            kitty = wait_for(terminal, is_whole)
            terminal.wait_for(lambda _: b"Replied." in terminal.raw)
            (sent,) = kitty.pictures.values()
            assert (sent.columns, sent.rows) == CELLS
            assert Image.open(BytesIO(sent.png)).getpixel((9, 9)) == (128, 128, 128, 255)
            stop(terminal)
            assert wait_for(terminal, lambda kitty: not kitty.pictures).deleted == list(kitty.pictures)
            os.kill(terminal.process.pid, signal.SIGCONT)
            wait_for(terminal, is_whole)
            terminal.send(QUIT)
            assert terminal.exit_code() == 0
            terminal.close()
            kitty, left = obeyed(terminal)
            assert kitty.pictures == {}
            assert set(kitty.shown) == set(kitty.deleted), "cells of no picture but ours were written"
            assert foreign_to_the_app(left.encode(), SIZE) == [QUESTION]


@pytest.mark.parametrize("answer", ["", OLD, TMUX], ids=["none", "old", "tmux"])
def test_a_terminal_that_does_not_draw_pictures_gets_half_blocks(
    answer: str, tmp_path: Path, picture: Path, warm: WarmProgram
) -> None:
    with dictating(lambda _: reply_events(["Yes."])) as url:
        environment = {**environment_of(tmp_path, url), **KITTY}
        with Terminal(["--model", "demo"], environment, warm, size=SIZE) as terminal:
            attach(terminal, answer, picture)
            terminal.send("\r")
            terminal.wait_for("▀" * CELLS[0])
            terminal.send(QUIT)
            assert terminal.exit_code() == 0
            terminal.close()
            assert foreign_to_the_app(bytes(terminal.raw), SIZE) == [QUESTION]
