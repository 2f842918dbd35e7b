"""Ways in which files come to what is written: pasted or dropped paths, chosen ones, a picture on the clipboard.

All that asks the disk or another program does so in a thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.widgets.text_area import Location

from tui_chat.attachments import FileRefused, read_file
from tui_chat.attachments.clipboard import Tool, clipboard_picture, clipboard_text
from tui_chat.attachments.listing import Offer
from tui_chat.attachments.pasted_paths import Paths, first_that_exists
from tui_chat.chat.parts import FilePart
from tui_chat.program.server_resources import ServerResources
from tui_chat.text import clean_line
from tui_chat.tools import NoServer, ServerResource
from tui_chat.ui.composer.awaited import Awaited
from tui_chat.ui.composer.file_offers import TypedPath, typed
from tui_chat.ui.look.keys import key_name
from tui_chat.ui.shared.background import begin

if TYPE_CHECKING:
    from tui_chat.ui.composer.attaching_area import AttachingArea

TOLD_S = 4.0


async def attach_pasted(
    area: AttachingArea, readings: Sequence[Paths], start: Location, end: Location, pasted: str
) -> None:
    """Attach the files that a paste names in the place of its text, if that is still there when they are read."""
    try:
        files = await asyncio.to_thread(_read_first, readings)
    except FileRefused as error:
        say(area, str(error))
        return
    if files and area.is_attached and end[0] < area.document.line_count and area.get_text_range(start, end) == pasted:
        if sentence := area.attach_for(files, start, end):
            say(area, sentence)
        else:
            what = "the file" if len(files) == 1 else f"{len(files)} files"
            key = key_name(area.app, "ctrl+z")
            area.app.notify(f"Attached {what}; {key} gives the text instead.", timeout=TOLD_S)


def take_path(area: AttachingArea, offer: Offer) -> None:
    """Write a folder, to go on below it; a file goes with the prompt, and its name stays in the text."""
    if offer.is_folder:
        write_typed(area, offer.text)
    elif _replace_typed(area, f"{clean_line(offer.path.name)} "):
        awaited = area.awaited.expect(clean_line(offer.path.name))
        begin(area, partial(attach_path, area, offer.path, awaited), "files")


def take_resource(area: AttachingArea, resources: ServerResources, resource: ServerResource) -> None:
    """Have a resource read, to go with the prompt; its name stays in the text."""
    name = clean_line(resource.name)
    if _replace_typed(area, f"{name} "):
        awaited = area.awaited.expect(name, resource.server)
        begin(area, partial(_attach_resource, area, resources, resource, awaited), "files")


def write_typed(area: AttachingArea, text: str) -> None:
    """Write what may go on behind the @ before the cursor."""
    _replace_typed(area, typed(text))


def _replace_typed(area: AttachingArea, text: str) -> bool:
    """Put a text in the place of the @ before the cursor and what is typed behind it; False if there is none."""
    row, column = area.cursor_location
    path = TypedPath.at_end(area.before_cursor)
    if path is not None:
        area.replace(text, (row, path.column), (row, column), maintain_selection_offset=False)
    return path is not None


async def attach_path(area: AttachingArea, path: Path, awaited: Awaited) -> None:
    """Attach a file that was chosen."""
    try:
        files, sentence = [await asyncio.to_thread(read_file, path)], ""
    except FileRefused as error:
        files, sentence = [], str(error)
    _attach_awaited(area, files, sentence, awaited)


async def _attach_resource(
    area: AttachingArea, resources: ServerResources, resource: ServerResource, awaited: Awaited
) -> None:
    """Attach a resource that was chosen."""
    files, sentence = list[FilePart](), ""
    try:
        files = list(await resources.files(resource))
    except (NoServer, FileRefused) as problem:
        sentence = str(problem)
    _attach_awaited(area, files, sentence, awaited)


async def paste_from_clipboard(area: AttachingArea, picture_tool: Tool, text_tool: Tool, awaited: Awaited) -> None:
    """Attach the picture on the clipboard; where there is none, paste its text, or what was copied in this app."""
    try:
        picture = await asyncio.to_thread(clipboard_picture, picture_tool)
    except FileRefused as error:
        _attach_awaited(area, [], str(error), awaited)
        return
    if picture is not None:
        _attach_awaited(area, [picture], "", awaited)
        return
    text = await asyncio.to_thread(clipboard_text, text_tool)
    if area.is_attached and area.awaited.take(awaited):
        area.paste(text or area.app.clipboard)


def _read_first(readings: Sequence[Paths]) -> Sequence[FilePart]:
    return [read_file(path) for path in first_that_exists(readings)]


def _attach_awaited(area: AttachingArea, files: Sequence[FilePart], sentence: str, awaited: Awaited) -> None:
    """Attach what has come, unless it was given up meanwhile; or say why nothing has."""
    if area.is_attached and area.awaited.take(awaited) and (sentence := sentence or area.attach(files)):
        say(area, sentence)


def say(area: AttachingArea, sentence: str) -> None:
    """Say why something is not attached."""
    if area.is_attached:  # else the app was closed meanwhile
        area.app.notify(sentence, severity="warning", markup=False)
