"""The pictures of a prompt, drawn small: by the terminal itself if it can, else with half blocks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TypeAlias

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.widget import Widget

from tui_chat.attachments.thumbnail import Cells, small_picture, thumbnail
from tui_chat.chat.parts import FilePart
from tui_chat.ui.terminal.picture_cells import picture_cells
from tui_chat.ui.textual_internals.drivers import terminal_pictures

_HALF_BLOCK = "▀"

DrawnLines: TypeAlias = Sequence[Sequence[Segment]]


class SentPictures:
    """The pictures that the terminal has for a widget."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._ids: dict[FilePart, int] = {}

    async def draw(self, picture: FilePart, columns: int, rows: int) -> DrawnLines:
        """Decode a picture and return its lines; none if it cannot be decoded."""
        if terminal_pictures(self._widget.app) is not None:
            small = await asyncio.to_thread(small_picture, picture, columns, rows)
            pictures = terminal_pictures(self._widget.app)
            if small is None or pictures is None or not self._widget.is_attached:
                return ()
            self._delete(picture)
            picture_id = pictures.send(small)
            if picture_id is not None:
                self._ids[picture] = picture_id
                cells = picture_cells(picture_id, small.columns, small.rows)
                return [[Segment(cell) for cell in row] for row in cells]
        red, green, blue = self._widget.background_colors[1].rgb
        return _half_blocks(await asyncio.to_thread(thumbnail, picture, columns, rows, (red, green, blue)))

    def delete(self) -> None:
        """Delete them from the terminal."""
        for picture in list(self._ids):
            self._delete(picture)

    def _delete(self, picture: FilePart) -> None:
        picture_id = self._ids.pop(picture, None)
        pictures = terminal_pictures(self._widget.app)
        if picture_id is not None and pictures is not None:
            pictures.delete(picture_id)


def _half_blocks(cells: Cells) -> DrawnLines:
    return [
        [
            Segment(_HALF_BLOCK, Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower)))
            for upper, lower in row
        ]
        for row in cells
    ]
