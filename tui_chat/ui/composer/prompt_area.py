"""A text area for what people write: of any script, with emoji, and with pastes of any length."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import ClassVar
from unicodedata import category

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import Location, Selection

from tui_chat.text import clean, grapheme_at, graphemes, typed_unseen
from tui_chat.ui.composer.pastes import FoldedPastes
from tui_chat.ui.shared.clipboard import copy
from tui_chat.ui.textual_internals.key_queue import act_at_once

_APPS_OWN = ("f6", "f7")
"""Keys that Textual's text area takes and the app has other uses for."""
_TEXT_AREAS = [binding for binding in TextArea.BINDINGS if isinstance(binding, Binding)]


class PromptArea(TextArea, inherit_bindings=False):
    """Moves over, deletes and draws as one what is read as one: an emoji, a letter with its marks, a folded paste."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(binding for binding in _TEXT_AREAS if binding.key not in _APPS_OWN),
        Binding("alt+left,alt+b", "cursor_word_left", show=False),
        Binding("alt+right,alt+f", "cursor_word_right", show=False),
        Binding("ctrl+delete,alt+d", "delete_word_right", show=False),
        Binding("alt+a,super+a", "select_all", show=False),
    ]

    def __init__(self, text: str = "", *, placeholder: str = "") -> None:
        self.pastes = FoldedPastes()
        super().__init__(
            text,
            soft_wrap=True,
            show_line_numbers=False,
            highlight_cursor_line=False,
            tab_behavior="focus",
            compact=True,
            placeholder=placeholder,
        )

    # -- what is written

    @property
    def selected_text(self) -> str:
        """The selected text, with every folded paste in its place."""
        return self.pastes.whole(super().selected_text)

    def put(self, text: str) -> None:
        """Put a text in the place of what is selected."""
        self.replace(text, *sorted(self.selection), maintain_selection_offset=False)

    def paste(self, text: str) -> None:
        """Put in what was pasted: it never sends, and a long one shows folded."""
        self.put(self.pastes.folded(clean(text)))

    def show(self, text: str) -> None:
        """Show another text, the cursor at its end; undo brings back the one before."""
        self.replace(text, (0, 0), self.document.end, maintain_selection_offset=False)

    async def on_key(self, event: events.Key) -> None:
        """Act on keys in their order; put in the characters that Textual takes for none."""
        if await act_at_once(self, event) or event.is_printable:
            return
        row, column = self.cursor_location
        if typed := typed_unseen(self.document.get_line(row)[:column], event.character or ""):
            event.prevent_default()
            event.stop()
            self.put(typed)

    def on_click(self, event: events.Click) -> None:
        """Select the word, or unfold a paste, at the second click; select the line at the third."""
        row, column = self.cursor_location
        if event.chain == 2 and any(start <= column <= end for start, end in self._tokens(row)):
            self.action_unfold_pastes()
        elif event.chain == 2:
            word = next((word for word in _words(self.document.get_line(row)) if word[0] <= column < word[1]), None)
            if word is not None:
                self.selection = Selection((row, word[0]), (row, word[1]))
        elif event.chain == 3:
            self.select_line(row)

    def action_unfold_pastes(self) -> None:
        """Show what is folded."""
        self.show(self.pastes.whole(self.text))

    def on_paste(self, event: events.Paste) -> None:
        """Take a paste as one event, whatever it holds."""
        event.prevent_default()
        event.stop()
        self.paste(event.text)

    def action_paste(self) -> None:
        """Paste what was copied in this app."""
        self.paste(self.app.clipboard)

    def action_copy(self) -> None:
        """Copy what is selected."""
        if self.selected_text:
            copy(self.app, self.selected_text, "the selection")

    def action_cut(self) -> None:
        """Cut what is selected, or the line if nothing is."""
        if self.selection.is_empty:
            row = self.cursor_location[0]
            self.selection = Selection((row, 0), min((row + 1, 0), self.document.end))
        if self.selected_text:
            copy(self.app, self.selected_text, "what was cut")
            self.put("")

    def action_delete_word_right(self) -> None:
        """Delete what is selected, or to the end of the word."""
        if self.selection.is_empty:
            self.selection = Selection(self.cursor_location, self.get_cursor_word_right_location())
        self.put("")

    # -- where the cursor may stand

    def validate_selection(self, selection: Selection) -> Selection:
        """Keep the cursor out of what is read as one character."""
        return Selection(self._outside(selection.start), self._outside(selection.end))

    def get_cursor_left_location(self) -> Location:
        """Return the place before what is left of the cursor."""
        row, column = self.cursor_location
        return (row, self._one_at(row, column - 1)[0]) if column else super().get_cursor_left_location()

    def get_cursor_right_location(self) -> Location:
        """Return the place behind what is right of the cursor."""
        row, column = self.cursor_location
        at_end = column >= len(self.document.get_line(row))
        return super().get_cursor_right_location() if at_end else (row, self._one_at(row, column)[1])

    def get_cursor_line_end_location(self) -> Location:
        """Return the end of the line; of a wrapped row, before its last character."""
        row, column = super().get_cursor_line_end_location()
        return row, self._one_at(row, column)[0]

    def get_cursor_word_left_location(self) -> Location:
        """Return the beginning of the word before the cursor."""
        row, column = self.cursor_location
        words = [start for start, _ in _words(self.document.get_line(row)) if start < column]
        return (row, words[-1] if words else 0) if column else super().get_cursor_word_left_location()

    def get_cursor_word_right_location(self) -> Location:
        """Return the end of the word behind the cursor."""
        row, column = self.cursor_location
        line = self.document.get_line(row)
        if column >= len(line):
            return super().get_cursor_word_right_location()
        return row, next((end for _, end in _words(line) if end > column), len(line))

    def get_cursor_up_location(self) -> Location:
        """Return the place above the cursor."""
        return self._across(super().get_cursor_up_location())

    def get_cursor_down_location(self) -> Location:
        """Return the place below the cursor."""
        return self._across(super().get_cursor_down_location())

    def get_target_document_location(self, event: events.MouseEvent) -> Location:
        """Return the place under the mouse."""
        location = super().get_target_document_location(event)
        return self._at_cell(location, event.x - self.gutter.left + self.scroll_offset.x)

    def scroll_cursor_visible(self, center: bool = False, animate: bool = False) -> Offset:
        """Show the cursor; during an undo, when it is still in lines that are gone, Textual would fail."""
        if self.cursor_location[0] >= self.document.line_count:
            return Offset()
        return super().scroll_cursor_visible(center, animate)

    def _one_at(self, row: int, column: int) -> tuple[int, int]:
        """Return the bounds of the token or grapheme at this place."""
        line = self.document.get_line(row)
        for start, end in self._tokens(row):
            if start <= column < end:
                return start, end
        return grapheme_at(line, column)

    def _tokens(self, row: int) -> Iterator[tuple[int, int]]:
        """Yield the bounds of the folded pastes in a line."""
        return self.pastes.tokens(self.document.get_line(row))

    def _outside(self, location: Location) -> Location:
        row, column = location
        if not 0 <= row < self.document.line_count:
            return location
        start, end = self._one_at(row, column)
        return row, column if start >= column else end

    def _across(self, location: Location) -> Location:
        """Return the end of a move up or down, keeping its distance from the left."""
        x, y = self.wrapped_document.location_to_offset(self.cursor_location)
        if self.wrapped_document.location_to_offset(location).y == y:
            return location  # there is no such row: the move goes to the beginning or to the end
        return self._at_cell(location, max(x, self.navigator.last_x_offset))

    def _at_cell(self, location: Location, x: int) -> Location:
        """Return the place so many cells from a row's left; Textual counts the cells of parts shown as one."""
        row, column = location
        starts = [0, *self.wrapped_document.get_offsets(row)]
        at = bisect_right(starts, column) - 1
        section = self.wrapped_document.get_sections(row)[at]
        if section.isascii():
            return location
        ones = graphemes(section)
        places = [start for start, _, _ in ones] + ([len(section)] if at == len(starts) - 1 else [])
        lefts = [0, *accumulate(cells for _, _, cells in ones)]
        return row, starts[at] + places[min(bisect_right(lefts, x) - 1, len(places) - 1)]

    # -- how it is drawn

    def render_line(self, y: int) -> Strip:
        """Return a row; the cursor lies on the whole of what it is at."""
        strip = super().render_line(y)
        text = strip.text
        if text.isascii():
            return strip
        starts = [start for start, _, _ in graphemes(text)] + [len(text)]
        segments, begin, end = [], 0, 0
        for segment in strip:
            end += len(segment.text)
            whole_end = starts[min(bisect_right(starts, end - 1), len(starts) - 1)]
            segments.append(Segment(text[begin:whole_end], segment.style))
            begin = whole_end
        return Strip([segment for segment in segments if segment.text], strip.cell_length)


def _words(line: str) -> list[tuple[int, int]]:
    """Return the bounds of words: letters with their marks, or signs."""
    kinds = "".join("w" if c.isalnum() or c == "_" else category(c)[0] if not c.isspace() else " " for c in line)
    return [match.span() for match in re.finditer(r"w[wMC]*|[^w ]+", kinds)]
