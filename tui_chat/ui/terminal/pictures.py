"""The pictures that the terminal itself draws, by kitty's graphics protocol, and their way there.

No text goes this way: what is written is made of numbers, and of pixels in base64. All that is shown of a picture goes
through the last gate, as `PictureCell`s.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import TYPE_CHECKING

from textual.message import Message

from tui_chat.patterns import pattern
from tui_chat.records import dataclass
from tui_chat.ui.terminal.picture_cells import MOST_IDS, nth_id

if TYPE_CHECKING:
    from tui_chat.attachments.thumbnail import SmallPicture

MOST_PICTURES = 100
"""Pictures that a terminal keeps for us, and we for it; more are drawn with half blocks."""
QUESTION = "\x1b[>q"
"""Asks a terminal for its name and version."""
_CHUNK = 4096
_NAMED = pattern(r"\x1bP>\|([^\x07\x1b]*)[\x07\x1b]")
_KITTY = pattern(r"kitty\((\d{1,4})\.(\d{1,4})")
_FIRST_KITTY = (0, 28)
"""The first version that draws pictures in the place of text."""
_MULTIPLEXERS = ("TMUX", "STY", "ZELLIJ")


@dataclass
class TerminalNamed(Message):
    """The terminal has told its name."""

    draws_pictures: bool


def name_in(sequence: str) -> TerminalNamed | None:
    """Return what an answer of the terminal's says of it; None if it is another sequence."""
    answer = _NAMED.match(sequence)
    if answer is None:
        return None
    kitty = _KITTY.match(answer[1])
    is_new = kitty is not None and (int(kitty[1]), int(kitty[2])) >= _FIRST_KITTY
    return TerminalNamed(draws_pictures=is_new or answer[1].startswith("ghostty"))


def may_draw_pictures(environ: Mapping[str, str]) -> bool:
    """Return True if it is worth asking: what is between us and such a terminal would not pass pictures on."""
    if any(environ.get(name) for name in _MULTIPLEXERS):
        return False
    named = "KITTY_WINDOW_ID" in environ or environ.get("TERM_PROGRAM") == "ghostty"
    return named or environ.get("TERM") in ("xterm-kitty", "xterm-ghostty")


class TerminalPictures:
    """The pictures that the terminal has from us; all are gone from it when it is somebody else's."""

    def __init__(self, write: Callable[[str], None], *, may_draw: bool) -> None:
        self.drawn = False
        """True once the terminal has told that it draws them."""
        self._write = write
        self._may_draw = may_draw
        self._is_ours = False
        self._sent: dict[int, SmallPicture] = {}
        first = random.randrange(MOST_IDS)  # another program's pictures may be there, too
        self._ids = map(nth_id, count(first))

    def enter(self) -> None:
        """Ask a terminal that has become ours, or send it its pictures again."""
        self._is_ours = True
        if self._may_draw and not self.drawn:
            self._write(QUESTION)
        for picture_id, picture in self._sent.items():
            self._write(_sending(picture_id, picture))

    def leave(self) -> None:
        """Delete the pictures from the terminal."""
        if self._is_ours:
            self._is_ours = False
            for picture_id in self._sent:
                self._write(_deletion(picture_id))

    def send(self, picture: SmallPicture) -> int | None:
        """Send a picture and return its number; None if the terminal does not draw any, or has enough of them."""
        if not (self.drawn and self._is_ours) or len(self._sent) >= MOST_PICTURES:
            return None
        picture_id = next(number for number in self._ids if number not in self._sent)
        self._sent[picture_id] = picture
        self._write(_sending(picture_id, picture))
        return picture_id

    def delete(self, picture_id: int) -> None:
        """Delete a picture that is shown no longer."""
        del self._sent[picture_id]
        if self._is_ours:
            self._write(_deletion(picture_id))


def _sending(picture_id: int, picture: SmallPicture) -> str:
    """Return what sends a picture to be drawn wherever its cells are; no answer is wanted."""
    return "".join(_sequences(f"a=T,U=1,i={picture_id:d},c={picture.columns:d},r={picture.rows:d},f=100", picture.png))


def _sequences(about: str, png: bytes) -> Iterator[str]:
    data = base64.b64encode(png).decode()
    for at in range(0, len(data), _CHUNK):
        more = int(at + _CHUNK < len(data))
        yield f"\x1b_G{about + ',' if not at else ''}q=2,m={more};{data[at : at + _CHUNK]}\x1b\\"


def _deletion(picture_id: int) -> str:
    return f"\x1b_Ga=d,d=I,i={picture_id:d},q=2\x1b\\"
