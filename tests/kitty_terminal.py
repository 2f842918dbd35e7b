"""What a terminal that knows kitty's graphics makes of a program's output: pictures, and the cells that show them."""

from __future__ import annotations

import base64
import re

from tui_chat.attachments.thumbnail import SmallPicture

QUESTION = "\x1b[>q"
ANSWER = "\x1bP>|kitty(0.41.1)\x1b\\"

_MARKS = (
    "\u0305\u030d\u030e\u0310\u0312\u033d\u033e\u033f\u0346\u034a\u034b\u034c\u0350\u0351\u0352\u0357\u035b"
    + "".join(map(chr, [*range(0x363, 0x370), 0x483, 0x484, 0x485, 0x486, 0x487]))
)
_SENT = re.compile(r"a=T,U=1,i=(\d+),c=(\d+),r=(\d+),f=100,q=2,m=[01]")
_DELETED = re.compile(r"a=d,d=I,i=(\d+),q=2")
_TAKEN = re.compile(
    r"\x1b_G(?P<about>[a-zA-Z0-9=,]*)(?:;(?P<data>[A-Za-z0-9+/=]*))?\x1b\\"
    r"|\x1b\[(?P<style>[0-9;]*)m"
    rf"|\U0010eeee(?P<marks>[{_MARKS}]{{3}})"
)
_LONGEST_CHUNK = 4096


class KittyTerminal:
    """Obeys as kitty does, and refuses what it would not understand."""

    def __init__(self) -> None:
        self.pictures: dict[int, SmallPicture] = {}
        """Those that it has, by number."""
        self.shown: dict[int, set[tuple[int, int]]] = {}
        """The row and the column of each cell that was written since it has the picture of that number."""
        self.deleted: list[int] = []
        self._colour = 0
        self._coming: tuple[int, int, int] | None = None
        self._data = ""

    def feed(self, text: str) -> str:
        """Obey, and return what is left: everything that has nothing to do with pictures."""
        self._colour = 0
        return _TAKEN.sub(self._take, text)

    def _take(self, found: re.Match[str]) -> str:
        if found["about"] is not None:
            self._obey(found["about"], found["data"] or "")
        elif found["style"] is not None:
            self._set_colour(found["style"])
            return found[0]
        else:
            row, column, high = (_MARKS.index(mark) for mark in found["marks"])
            self.shown.setdefault(high << 24 | self._colour, set()).add((row, column))
        return ""

    def _set_colour(self, style: str) -> None:
        if coloured := re.search(r"(?:^|;)38;5;(\d+)", style):
            self._colour = int(coloured[1])
        elif "38;2" in style or not style or style.startswith("0"):
            self._colour = 0

    def _obey(self, about: str, data: str) -> None:
        assert len(data) <= _LONGEST_CHUNK
        if deleted := _DELETED.fullmatch(about):
            del self.pictures[int(deleted[1])]
            self.deleted.append(int(deleted[1]))
            return
        if sent := _SENT.fullmatch(about):
            assert self._coming is None
            self._coming = int(sent[1]), int(sent[2]), int(sent[3])
        else:
            assert self._coming is not None
            assert re.fullmatch(r"q=2,m=[01]", about)
        self._data += data
        if about.endswith("m=0"):
            number, columns, rows = self._coming
            self.pictures[number] = SmallPicture(columns, rows, base64.b64decode(self._data, validate=True))
            self.shown[number] = set()
            self._coming, self._data = None, ""


def all_cells(columns: int, rows: int) -> set[tuple[int, int]]:
    """Return all cells of a picture."""
    return {(row, column) for row in range(rows) for column in range(columns)}
